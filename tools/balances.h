// payfold balances: what participants earned and are owed in all.

#ifndef TOOLS_BALANCES_H_
#define TOOLS_BALANCES_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct BalancesOptions {
  std::string participant;  // Empty: everybody.
};

absl::Status ShowBalances(const GlobalOptions& global, const BalancesOptions& options);

}  // namespace payfold

#endif  // TOOLS_BALANCES_H_
