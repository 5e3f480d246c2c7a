// A measure over deals: the dated contributions of deals to it.
//
// A contribution counts if the participant who is evaluated is in the plan on
// its date, and the credit's participant in the scope on that date. A
// cancellation counts if the participant was in the plan on the date of the
// deal's first base, and takes back at most what of the deal counted.
//
// Source: specification, calculation 3 (what counts), 4 and 5.

#ifndef PROJECTIONS_EARNINGS_DEAL_MEASURE_H_
#define PROJECTIONS_EARNINGS_DEAL_MEASURE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// What one base of a deal adds to a measure: minor units of the plan's currency
// for money, else a number.
struct Contribution {
  Date date;
  std::shared_ptr<const Deal> deal;  // null where only sums were asked for
  uint32_t base = 0;                 // index among the deal's bases
  Rational value;
  bool cancels = false;
};

// For whom and in which terms a measure is taken.
struct MeasureContext {
  const FactsView* view = nullptr;
  const DaySet* in_plan = nullptr;  // of the participant who is evaluated
  const std::vector<std::pair<uint32_t, DaySet>>* members = nullptr;
  Currency currency;
  Rounding rounding = Rounding::kHalfUp;
  // Gives a deal, settled; a cache may stand behind it.
  std::function<absl::StatusOr<std::shared_ptr<const Deal>>(uint32_t stream)> deal;
  // Told of deals that could not be converted or counted, and why.
  std::function<void(const Deal& deal, const absl::Status& why)> exception;
};

// Contributions of all deals with a credit of a member dated in `days`: those
// dated in `days`, or with `whole_deals` all of those deals. In order of date,
// deal id and place in the deal's stream.
absl::StatusOr<std::vector<Contribution>> Contributions(const MeasureContext& context,
                                                        const Measure& measure, Days days,
                                                        bool whole_deals);

// The same in `days`, without the deals they come from, in order of date. Reads
// no deal where the credits alone decide.
absl::StatusOr<std::vector<Contribution>> DailyContributions(const MeasureContext& context,
                                                             const Measure& measure, Days days);

// Contributions of one deal, of whatever date.
absl::StatusOr<std::vector<Contribution>> ContributionsOfDeal(const MeasureContext& context,
                                                              const Measure& measure,
                                                              std::shared_ptr<const Deal> deal);

// The sum of the contributions dated up to `last`.
Rational SumUpTo(const std::vector<Contribution>& contributions, Date last);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_DEAL_MEASURE_H_
