// What follows from the facts of one deal: what the fold keeps beside them.

#ifndef PROJECTIONS_FACTS_DERIVE_DEAL_H_
#define PROJECTIONS_FACTS_DERIVE_DEAL_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "projections/facts/credits.h"
#include "projections/facts/deal.h"
#include "projections/facts/last_days.h"
#include "projections/facts/split_policies.h"

namespace payfold {

struct DerivedDeal {
  std::vector<std::pair<uint32_t, Credit>> credits;  // with their participants
  bool has_issues = false;
  bool by_policy = false;
  bool is_open = false;  // an opportunity
  // Whom facts name that are not credited, or no more; in order.
  std::vector<uint32_t> taken_from;
  std::vector<DayStep> last_days;  // LastDaysOf()

  // Of the latest dated fact; Min() if there is none.
  Date last_day() const { return last_days.empty() ? Date::Min() : last_days.back().day; }
};

DerivedDeal DeriveDeal(uint32_t stream, const DealFacts& facts, const SplitPolicies& policies);

// Most deals are plain: booked once, perhaps split once, and nothing else. What
// follows from those is seen at once, from their encoded facts. Not thread-safe;
// keeps its memory from one deal to the next.
class PlainDealDeriver {
 public:
  // What DeriveDeal() gives, into `*derived`. False if the deal is not plain, or the
  // encoding is damaged; `*derived` may have changed.
  bool Derive(uint32_t stream, absl::string_view encoded, DerivedDeal* derived);

 private:
  struct Booking {
    uint64_t position = 0;
    Date date;
    int64_t amount = 0;
    absl::string_view currency;
    uint32_t owner = kNobody;
    bool has_members = false;
    uint64_t last_fact = 0;  // position of the deal's
  };

  bool ReadFacts(absl::string_view encoded, Booking* booking);
  bool Allot(int64_t amount);
  void SetTakenFrom(DerivedDeal* derived);

  DealFactView fact_;
  std::vector<uint32_t> named_;
  std::vector<SplitShare> shares_;
  std::vector<absl::int128> weights_;
  std::vector<int64_t> parts_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_DERIVE_DEAL_H_
