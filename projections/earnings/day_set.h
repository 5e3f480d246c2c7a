// A set of days as intervals: in the plan, in the team, below the manager.

#ifndef PROJECTIONS_EARNINGS_DAY_SET_H_
#define PROJECTIONS_EARNINGS_DAY_SET_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"

namespace payfold {

// From `first` to `last`, both included; none if last < first.
struct Days {
  Date first, last;

  bool empty() const { return last < first; }
  bool Contains(Date d) const { return first <= d && d <= last; }
  int32_t count() const { return empty() ? 0 : last - first + 1; }
  Days operator&(const Days& o) const {
    return {first < o.first ? o.first : first, last < o.last ? last : o.last};
  }
};

inline Days DaysOf(const Period& period) { return {period.first(), period.last()}; }

// Sorted, disjoint, not adjacent.
class DaySet {
 public:
  DaySet() = default;
  explicit DaySet(Days days) { Add(days); }

  // REQUIRES: `days` begins after all that is in the set.
  void Add(Days days);

  bool empty() const { return runs_.empty(); }
  const std::vector<Days>& runs() const { return runs_; }
  bool Contains(Date d) const;
  bool Overlaps(Days days) const;
  DaySet operator&(Days days) const;
  DaySet operator&(const DaySet& other) const;
  int64_t count() const;  // REQUIRES: bounded
  std::optional<Date> first() const;
  std::optional<Date> last() const;
  // The last day of the set that is before `d`.
  std::optional<Date> LastBefore(Date d) const;

 private:
  std::vector<Days> runs_;
};

// The days on which `holds`, a function that changes only at `changes` (in any
// order, repeats allowed). Before the first change it does not hold.
template <typename Holds>
DaySet DaysOn(std::vector<Date> changes, const Holds& holds) {
  std::sort(changes.begin(), changes.end());
  changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
  DaySet days;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Date last = i + 1 < changes.size() ? changes[i + 1] - 1 : Date::Max();
    if (holds(changes[i])) days.Add({changes[i], last});
  }
  return days;
}

// Union; sets may overlap.
DaySet Union(const DaySet& a, const DaySet& b);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_DAY_SET_H_
