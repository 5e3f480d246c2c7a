#include "services/single_answers.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/org.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "services/errors.h"

namespace payfold {
namespace {

absl::Status CheckGiven(absl::string_view field, const std::string& value) {
  if (!value.empty()) return absl::OkStatus();
  return FieldError(field, kReasonFieldMissing, "is needed: give its id");
}

}  // namespace

absl::StatusOr<std::vector<v1::Statement>> StatementsOfPeriod(
    const FactsView& facts, const v1::ListStatementsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants, SelectParticipants(facts, ""));
  std::vector<v1::Statement> all;
  for (const uint32_t participant : participants) {
    ASSIGN_OR_RETURN(std::vector<v1::Statement> statements,
                     GetStatements(facts, facts.reference().org->Id(participant), request.period(),
                                   request.with_explanations()));
    for (v1::Statement& statement : statements) {
      const bool has_to_say =
          statement.lines_size() + statement.adjustments_size() + statement.settlements_size() >
              0 ||
          statement.carried_in_minor_units() != 0 || statement.carried_out_minor_units() != 0;
      if (!has_to_say) continue;
      all.push_back(std::move(statement));
    }
  }
  return all;
}

absl::StatusOr<std::vector<v1::Balance>> BalancesOf(const FactsView& facts,
                                                    const v1::GetBalanceRequest& request) {
  RETURN_IF_ERROR(CheckGiven("participant_id", request.participant_id()));
  return ListBalances(facts, request.participant_id());
}

absl::StatusOr<std::vector<v1::Attainment>> AttainmentsOf(const FactsView& facts,
                                                          const v1::GetAttainmentRequest& request) {
  RETURN_IF_ERROR(CheckGiven("participant_id", request.participant_id()));
  RETURN_IF_ERROR(CheckGiven("plan_id", request.plan_id()));
  RETURN_IF_ERROR(CheckGiven("component_id", request.component_id()));
  ASSIGN_OR_RETURN(std::vector<v1::Attainment> attainments,
                   ListAttainments(facts, request.participant_id(), request.period()));
  attainments.erase(std::remove_if(attainments.begin(), attainments.end(),
                                   [&request](const v1::Attainment& attainment) {
                                     return attainment.plan_id() != request.plan_id() ||
                                            attainment.component_id() != request.component_id();
                                   }),
                    attainments.end());
  if (!attainments.empty()) return attainments;
  return absl::NotFoundError(absl::StrCat(
      "component ", Quote(request.component_id()), " of plan ", Quote(request.plan_id()),
      " does not measure ", Quote(request.participant_id()), " in ", Quote(request.period()),
      "; list the attainments of the period to see which do"));
}

absl::StatusOr<std::vector<v1::Forecast>> ForecastsOf(const FactsView& facts,
                                                      const v1::ForecastEarningsRequest& request,
                                                      v1::ForecastEarningsResponse* response) {
  ASSIGN_OR_RETURN(v1::ForecastEarningsResponse answer, ForecastEarnings(facts, request));
  std::vector<v1::Forecast> forecasts(std::make_move_iterator(answer.mutable_forecasts()->begin()),
                                      std::make_move_iterator(answer.mutable_forecasts()->end()));
  answer.clear_forecasts();
  if (request.page_token().empty()) *response = std::move(answer);
  return forecasts;
}

}  // namespace payfold
