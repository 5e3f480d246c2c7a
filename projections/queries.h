// Questions about payouts, answered from a view of the facts.
//
// Every function is pure: the same view gives the same answer. Amounts are in
// minor units of the plan's currency. Common errors: kNotFound for a participant
// or deal that no fact mentions, kInvalidArgument for a period that is no
// period (or no payout period, where one is asked for), kFailedPrecondition for
// a ledger that is not configured.

#ifndef PROJECTIONS_QUERIES_H_
#define PROJECTIONS_QUERIES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/payout_service.pb.h"
#include "payfold/v1/plan_service.pb.h"
#include "payfold/v1/statement.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// One statement per currency of the participant's plans in that payout period
// (in order of currency); at least one, in the ledger's base currency.
absl::StatusOr<std::vector<v1::Statement>> GetStatements(const FactsView& view,
                                                         absl::string_view participant_id,
                                                         absl::string_view period,
                                                         bool with_explanations);

// In order of participant, then currency. Empty participant: everybody, evaluated
// with up to `workers` threads.
absl::StatusOr<std::vector<v1::Balance>> ListBalances(const FactsView& view,
                                                      absl::string_view participant_id,
                                                      int workers = 1);

// Filters; empty ones match all. `period` is a label of any kind: lines dated in it.
struct LineFilter {
  std::string participant_id;
  std::string period;
  std::string plan_id;
  std::string component_id;
  bool with_explanations = false;
};

// In order of participant, date and line id.
absl::StatusOr<std::vector<v1::Line>> ListLines(const FactsView& view, const LineFilter& filter);

// Filters; empty ones match all. `period` is a label of any kind: lines dated in it.
struct RewardFilter {
  std::string participant_id;
  std::string period;
  std::string plan_id;
};

// In order of participant, payout period, plan, component, kind and name.
absl::StatusOr<std::vector<v1::EarnedReward>> ListRewards(const FactsView& view,
                                                          const RewardFilter& filter);

// The line with its explanation. kNotFound if the fold gives no such line.
absl::StatusOr<v1::Line> ExplainLine(const FactsView& view, absl::string_view line_id);

// All of the response but its coordinates.
absl::StatusOr<v1::ExplainDealResponse> ExplainDeal(const FactsView& view,
                                                    absl::string_view deal_id,
                                                    absl::string_view participant_id);

// In order of participant, plan, component, period. Empty participant: everybody.
absl::StatusOr<std::vector<v1::Attainment>> ListAttainments(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period);

// In order of rank, then participant; display names are left empty. Also kNotFound for
// a component that measures nothing in the period.
absl::StatusOr<std::vector<v1::LeaderboardRow>> GetLeaderboard(
    const FactsView& view, const v1::GetLeaderboardRequest& request);

// All of the response but its coordinates and token; `forecasts` are those of all
// pages. Also kNotFound for a deal that no fact mentions, kFailedPrecondition for one
// that is not open or lacks its amount, date or anybody to credit.
absl::StatusOr<v1::ForecastEarningsResponse> ForecastEarnings(
    const FactsView& view, const v1::ForecastEarningsRequest& request);

// Everything that waits or lacks something, in order of kind, then position.
absl::StatusOr<std::vector<v1::Exception>> ListExceptions(const FactsView& view);

// Every published version, by plan id, then version.
absl::StatusOr<std::vector<v1::PlanVersion>> ListPlanVersions(const FactsView& view);

}  // namespace payfold

#endif  // PROJECTIONS_QUERIES_H_
