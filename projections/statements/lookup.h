// What the queries have in common: names and labels to numbers and periods.

#ifndef PROJECTIONS_STATEMENTS_LOOKUP_H_
#define PROJECTIONS_STATEMENTS_LOOKUP_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "projections/earnings/evaluator.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// Errors: kNotFound.
absl::StatusOr<uint32_t> FindParticipant(const FactsView& view, absl::string_view id);

// That participant, or all of them in order of id if `id` is empty.
absl::StatusOr<std::vector<uint32_t>> SelectParticipants(const FactsView& view,
                                                         absl::string_view id);

// Errors: kInvalidArgument for a label that is none; kFailedPrecondition if the
// ledger is not configured.
absl::StatusOr<Period> ParsePeriod(const FactsView& view, absl::string_view label);
// Also kInvalidArgument for a period that is no payout period of the ledger.
absl::StatusOr<Period> ParsePayoutPeriodLabel(const FactsView& view, absl::string_view label);

// The payout periods that overlap some days.
std::vector<Period> PayoutPeriodsIn(const Reference& reference, Date first, Date last);

// As ParsePeriod(); none for an empty label.
absl::StatusOr<std::optional<Period>> ParsePeriodIfGiven(const FactsView& view,
                                                         absl::string_view label);

// A participant's lines dated in a period of any kind, or without one all of them.
// Errors: those of Evaluator::LinesOf().
absl::StatusOr<std::vector<EarnedLine>> LinesDatedIn(Evaluator* evaluator, uint32_t participant,
                                                     const std::optional<Period>& period);

// The facts of a deal, and its stream. Errors: kNotFound if no fact is about it.
struct FoundDeal {
  uint32_t stream = 0;
  DealFacts facts;
};
absl::StatusOr<FoundDeal> FindDealFacts(const FactsView& view, absl::string_view deal_id);

// Each component of each version that measures the participant, itself or by its goals,
// in a measurement period that overlaps `asked`, in order of plan, version and place.
// Errors: those of `visit`.
absl::Status VisitGroups(Evaluator* evaluator, uint32_t participant, const Period& asked,
                         absl::FunctionRef<absl::Status(const GroupQuery& query)> visit);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_LOOKUP_H_
