// How far facts reach: the date of the latest one, as it was at every position of the
// log. The evaluation goes as far as that, so a past moment has to know it.

#ifndef PROJECTIONS_FACTS_LAST_DAYS_H_
#define PROJECTIONS_FACTS_LAST_DAYS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "ledger/calendar/date.h"
#include "projections/facts/deal.h"

namespace payfold {

// From that position on, until the next step. Before the first it is Date::Min().
struct DayStep {
  uint64_t position = 0;
  Date day;  // Date::Min() where there is no dated fact any more

  friend bool operator==(const DayStep& a, const DayStep& b) {
    return a.position == b.position && a.day == b.day;
  }
};

// The date of a deal's latest fact: of its booking as it is restated, of the rest as
// stated, opportunities and splits aside.
std::vector<DayStep> LastDaysOf(const DealFacts& deal);

// The latest of many days that come, and some of them go. What never shows is
// forgotten at once: little is kept of facts that come about in order of their dates.
class LatestDays {
 public:
  // A day that counts from one position on, and up to before another.
  void Add(uint64_t from, Date day);
  void Add(uint64_t from, uint64_t until, Date day);
  // Those of one deal (LastDaysOf), or of another object.
  void AddAll(const std::vector<DayStep>& steps);
  void AddAll(const LatestDays& other);

  // In order of position, each another day than the one before.
  std::vector<DayStep> Steps() const;

 private:
  struct Passing {
    uint64_t from = 0;
    uint64_t until = 0;
    Date day;
  };

  // Whether a day that stays is as late, from that position on.
  bool IsOutdone(uint64_t from, Date day) const;

  std::map<uint64_t, Date> staying_;  // by the first position; each later than those before
  std::vector<Passing> passing_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_LAST_DAYS_H_
