#include "projections/facts/split_policies.h"

#include <algorithm>
#include <tuple>

namespace payfold {

void SplitPolicies::Add(SplitPolicy policy) {
  auto after = std::upper_bound(
      policies_.begin(), policies_.end(), policy, [](const SplitPolicy& a, const SplitPolicy& b) {
        return std::tie(a.effective_from, a.position) < std::tie(b.effective_from, b.position);
      });
  policies_.insert(after, std::move(policy));
}

const SplitPolicy* SplitPolicies::InForce(Date booked_on) const {
  auto after =
      std::upper_bound(policies_.begin(), policies_.end(), booked_on,
                       [](Date d, const SplitPolicy& policy) { return d < policy.effective_from; });
  return after == policies_.begin() ? nullptr : &*std::prev(after);
}

}  // namespace payfold
