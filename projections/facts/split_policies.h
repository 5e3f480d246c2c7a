// Split policies: the default split of a deal's credit by role.
//
// Source: specification, calculation 4.

#ifndef PROJECTIONS_FACTS_SPLIT_POLICIES_H_
#define PROJECTIONS_FACTS_SPLIT_POLICIES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"

namespace payfold {

struct SplitPolicy {
  std::string policy_id;
  Date effective_from;
  uint64_t position = 0;
  std::vector<std::pair<std::string, int64_t>> role_nanos;  // in order of role
};

class SplitPolicies {
 public:
  void Add(SplitPolicy policy);
  // By (effective_from, position).
  const std::vector<SplitPolicy>& all() const { return policies_; }
  // The policy for deals booked on that day: the latest by effective date, then
  // position; null if there is none.
  const SplitPolicy* InForce(Date booked_on) const;

 private:
  std::vector<SplitPolicy> policies_;  // by (effective_from, position)
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_SPLIT_POLICIES_H_
