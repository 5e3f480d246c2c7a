#include "projections/facts/plan_history.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace payfold {

void PlanHistory::AddVersion(std::shared_ptr<const PublishedVersion> version) {
  versions_.push_back(std::move(version));
  SetRuns();
}

void PlanHistory::AddRetirement(Retirement retirement) {
  retirements_.push_back(retirement);
  SetRuns();
}

void PlanHistory::AddAssignment(uint32_t participant, Assignment assignment) {
  std::vector<Assignment>& list = assignments_[participant];
  auto after = std::upper_bound(
      list.begin(), list.end(), assignment, [](const Assignment& a, const Assignment& b) {
        return std::tie(a.from, a.position) < std::tie(b.from, b.position);
      });
  list.insert(after, std::move(assignment));
}

std::optional<Date> PlanHistory::RetiredAfter(const PublishedVersion& version) const {
  const Retirement* last = nullptr;
  for (const Retirement& retirement : retirements_) {
    if (retirement.position > version.position &&
        (last == nullptr || retirement.position > last->position)) {
      last = &retirement;
    }
  }
  if (last == nullptr) return std::nullopt;
  return last->effective_to;
}

const PublishedVersion* PlanHistory::InForce(Date d) const {
  auto after = std::upper_bound(runs_.begin(), runs_.end(), d,
                                [](Date date, const VersionRun& run) { return date < run.first; });
  if (after == runs_.begin()) return nullptr;
  const VersionRun& run = *std::prev(after);
  return d <= run.last ? run.version : nullptr;
}

const std::vector<Assignment>& PlanHistory::Assignments(uint32_t participant) const {
  static const auto* const kNone = new std::vector<Assignment>();
  auto at = assignments_.find(participant);
  return at == assignments_.end() ? *kNone : at->second;
}

const Assignment* PlanHistory::AssignmentOn(uint32_t participant, Date d) const {
  const std::vector<Assignment>& list = Assignments(participant);
  auto after = std::upper_bound(
      list.begin(), list.end(), d,
      [](Date date, const Assignment& assignment) { return date < assignment.from; });
  if (after == list.begin()) return nullptr;
  const Assignment& last = *std::prev(after);
  return d <= last.to ? &last : nullptr;
}

void PlanHistory::SetRuns() {
  struct Interval {
    Date first, last;
    const PublishedVersion* version;
  };
  std::vector<Interval> intervals;
  std::set<Date> starts;
  for (const auto& version : versions_) {
    const Date first = version->program.start;
    const Date last = std::min(version->program.end, RetiredAfter(*version).value_or(Date::Max()));
    if (last < first) continue;
    intervals.push_back({first, last, version.get()});
    starts.insert(first);
    if (last < Date::Max()) starts.insert(last + 1);
  }
  runs_.clear();
  for (auto start = starts.begin(); start != starts.end(); ++start) {
    const auto next = std::next(start);
    const Date last = next == starts.end() ? Date::Max() : *next - 1;
    const PublishedVersion* highest = nullptr;
    for (const Interval& interval : intervals) {
      if (interval.first <= *start && last <= interval.last &&
          (highest == nullptr || interval.version->position > highest->position)) {
        highest = interval.version;
      }
    }
    if (highest == nullptr) continue;
    if (!runs_.empty() && runs_.back().version == highest && runs_.back().last + 1 == *start) {
      runs_.back().last = last;
    } else {
      runs_.push_back({*start, last, highest});
    }
  }
}

}  // namespace payfold
