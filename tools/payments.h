// payfold period pay: money that left.

#ifndef TOOLS_PAYMENTS_H_
#define TOOLS_PAYMENTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/money.pb.h"
#include "tools/options.h"

namespace payfold {

struct PayOptions {
  std::string period;
  // One payment, or
  std::string participant;
  std::string amount;  // "1200.00 USD"
  std::string reference;
  std::string date;
  // a CSV file of them: participant, amount, currency, reference, date.
  std::string file;
  bool validate_only = false;
};

absl::Status PayPeriod(const GlobalOptions& global, const PayOptions& options);

// "1200.00" of USD, exactly. Errors: kInvalidArgument.
absl::StatusOr<v1::Money> ParseMoney(absl::string_view amount, absl::string_view currency);

}  // namespace payfold

#endif  // TOOLS_PAYMENTS_H_
