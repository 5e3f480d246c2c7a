#include "projections/earnings/day_set.h"

#include "ledger/base/check.h"

namespace payfold {

void DaySet::Add(Days days) {
  if (days.empty()) return;
  CHECK(runs_.empty() || runs_.back().last < days.first);
  if (!runs_.empty() && runs_.back().last + 1 == days.first) {
    runs_.back().last = days.last;
  } else {
    runs_.push_back(days);
  }
}

bool DaySet::Contains(Date d) const {
  auto after = std::upper_bound(runs_.begin(), runs_.end(), d,
                                [](Date date, const Days& run) { return date < run.first; });
  return after != runs_.begin() && d <= std::prev(after)->last;
}

bool DaySet::Overlaps(Days days) const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [&](const Days& run) { return !(run & days).empty(); });
}

DaySet DaySet::operator&(Days days) const {
  DaySet common;
  for (const Days& run : runs_) common.Add(run & days);
  return common;
}

DaySet DaySet::operator&(const DaySet& other) const {
  DaySet common;
  for (const Days& run : runs_) {
    for (const Days& days : other.runs_) common.Add(run & days);
  }
  return common;
}

int64_t DaySet::count() const {
  int64_t days = 0;
  for (const Days& run : runs_) days += run.count();
  return days;
}

std::optional<Date> DaySet::first() const {
  if (runs_.empty()) return std::nullopt;
  return runs_.front().first;
}

std::optional<Date> DaySet::last() const {
  if (runs_.empty()) return std::nullopt;
  return runs_.back().last;
}

std::optional<Date> DaySet::LastBefore(Date d) const {
  std::optional<Date> last;
  for (const Days& run : runs_) {
    if (run.first < d) last = std::min(run.last, d - 1);
  }
  return last;
}

DaySet Union(const DaySet& a, const DaySet& b) {
  std::vector<Days> runs = a.runs();
  runs.insert(runs.end(), b.runs().begin(), b.runs().end());
  std::sort(runs.begin(), runs.end(),
            [](const Days& x, const Days& y) { return x.first < y.first; });
  DaySet all;
  Date covered = Date::Min();
  for (const Days& run : runs) {
    const Days rest = {std::max(run.first, covered), run.last};
    all.Add(rest);
    if (!rest.empty()) covered = rest.last + 1;
  }
  return all;
}

}  // namespace payfold
