// A measure over deals: the dated contributions of deals to it.
//
// A contribution counts if its date is one of the days that count for whoever is
// evaluated, and the credit's participant in the scope on that date. A
// cancellation counts if the date of the deal's first base does, and takes back
// at most what of the deal counted.
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
#include "projections/earnings/contribution.h"
#include "projections/earnings/day_set.h"
#include "projections/facts/deal_bases.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// Participants with the days on which they belong, in order of number.
using Members = std::vector<std::pair<uint32_t, DaySet>>;

// In which terms a component takes deals.
struct DealTerms {
  DealTerms(Currency plan_currency, Rounding plan_rounding)
      : currency(plan_currency), rounding(plan_rounding) {}

  Currency currency;
  Rounding rounding;
  Trigger trigger = Trigger::kBooked;
  Clawback::Mode clawback = Clawback::Mode::kNet;
  // RESTATE: the last cancellation that is applied; none: no cancellation is.
  std::optional<CancellationKey> restated_to;
  // The day of the rate for an amount dated so; null: that date.
  std::function<Date(Date)> rate_day;

  Date RateDay(Date d) const { return rate_day ? rate_day(d) : d; }
};

// For whom and in which terms a measure is taken.
struct MeasureContext {
  explicit MeasureContext(DealTerms with) : terms(std::move(with)) {}

  DealTerms terms;
  const FactsView* view = nullptr;
  const DaySet* counts = nullptr;  // days whose facts count
  const Members* members = nullptr;
  // The attribute that contributions carry as text; empty: none.
  std::string text_of;
  // Gives a deal, settled; a cache may stand behind it.
  std::function<absl::StatusOr<std::shared_ptr<const Deal>>(uint32_t stream)> deal;
  // Told of deals that could not be converted or counted, and why.
  std::function<void(const Deal& deal, const absl::Status& why)> exception;
  // RESTATE: told of the cancellations of deals that count.
  std::function<void(const CancellationKey& key)> cancellation;
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

// Dense numbers of the deals with a credit of a member dated in `days`.
absl::StatusOr<std::vector<uint32_t>> DealsOfMembers(const FactsView& view, const Members& members,
                                                     Days days);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_DEAL_MEASURE_H_
