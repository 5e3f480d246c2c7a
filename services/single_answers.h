// Answers about one participant or one period that are a choice from longer lists.

#ifndef SERVICES_SINGLE_ANSWERS_H_
#define SERVICES_SINGLE_ANSWERS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/payout_service.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// The statements of one period that have a line or an adjustment, in order of
// participant.
absl::StatusOr<std::vector<v1::Statement>> StatementsOfPeriod(
    const FactsView& facts, const v1::ListStatementsRequest& request);

// Errors: kInvalidArgument if the request names no participant.
absl::StatusOr<std::vector<v1::Balance>> BalancesOf(const FactsView& facts,
                                                    const v1::GetBalanceRequest& request);

// Errors: kInvalidArgument if the request leaves a name out; kNotFound if the
// participant is not measured by the component then.
absl::StatusOr<std::vector<v1::Attainment>> AttainmentsOf(const FactsView& facts,
                                                          const v1::GetAttainmentRequest& request);

// The forecasts of all pages. On the first page the lists beside them go into
// `*response`. Errors: those of ForecastEarnings().
absl::StatusOr<std::vector<v1::Forecast>> ForecastsOf(const FactsView& facts,
                                                      const v1::ForecastEarningsRequest& request,
                                                      v1::ForecastEarningsResponse* response);

}  // namespace payfold

#endif  // SERVICES_SINGLE_ANSWERS_H_
