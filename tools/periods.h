// payfold period list, preview, close and approve.

#ifndef TOOLS_PERIODS_H_
#define TOOLS_PERIODS_H_

#include <string>

#include "absl/status/status.h"
#include "payfold/v1/period_service.pb.h"
#include "tools/options.h"
#include "tools/table.h"

namespace payfold {

struct PeriodOptions {
  std::string period;  // preview: empty is the first that may be closed
  // close: what was previewed; approve: what was reviewed; empty: that of now. In
  // hexadecimal digits.
  std::string digest;
  bool over_exceptions = false;  // close
  bool validate_only = false;    // close, approve
};

absl::Status ListPeriodsTable(const GlobalOptions& global);
absl::Status PreviewPeriod(const GlobalOptions& global, const PeriodOptions& options);
absl::Status ClosePayoutPeriod(const GlobalOptions& global, const PeriodOptions& options);
absl::Status ApprovePayoutPeriod(const GlobalOptions& global, const PeriodOptions& options);

// "USD 1,200.00, EUR 5.00"; "nothing" for none.
std::string MoneyText(const google::protobuf::RepeatedPtrField<v1::Money>& money);

// What a person reads of a period, a line each.
std::string PeriodText(const v1::PayoutPeriodStatus& period);

}  // namespace payfold

#endif  // TOOLS_PERIODS_H_
