// What a table says of a key: rates and targets by role, tenure, product.
//
// Source: specification, calculation 6 and 7.

#ifndef LEDGER_PLAN_LOOKUP_H_
#define LEDGER_PLAN_LOOKUP_H_

#include "absl/strings/string_view.h"
#include "ledger/money/rational.h"
#include "ledger/plan/payout.h"

namespace payfold {

// The `by` whose keys are lower bounds in whole months.
constexpr absl::string_view kTenureMonths = "tenure_months";
// The key that stands for every other.
constexpr absl::string_view kAnyKey = "*";

// The value of exactly this key, else that of "*", else null.
const Rational* LookUp(const LookupTable& table, absl::string_view key);

// The value of the greatest key not above `whole_months`, else that of "*", else
// null. Keys that are no whole numbers do not compile and are passed over.
const Rational* LookUpTenure(const LookupTable& table, int whole_months);

}  // namespace payfold

#endif  // LEDGER_PLAN_LOOKUP_H_
