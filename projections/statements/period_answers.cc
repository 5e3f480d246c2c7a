// What was posted for a payout period, what the fold says of it now, and disputes.

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "projections/statements/closed_periods.h"
#include "projections/statements/lookup.h"
#include "projections/statements/make_statement.h"
#include "projections/statements/periods.h"

namespace payfold {
namespace {

bool IsClosed(const Reference& reference, const Period& period) {
  const std::optional<Date> through = reference.closes->closed_through();
  return through.has_value() && period.first() <= *through;
}

absl::StatusOr<Period> ParseClosedPeriod(const FactsView& view, absl::string_view label) {
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, label));
  if (IsClosed(view.reference(), period)) return period;
  return absl::FailedPreconditionError(
      absl::StrCat("period: ", label, " is open: nothing is posted for it yet"));
}

absl::Status AddPostedOf(const FactsView& view, uint32_t participant, const Period& period,
                         std::vector<v1::Statement>* statements) {
  std::vector<PostedEntry> entries;
  RETURN_IF_ERROR(view.facts().ReadPosted(participant, period.first(), &entries));
  for (const PostedEntry& entry : entries) {
    if (entry.first_day != period.first()) continue;
    ASSIGN_OR_RETURN(v1::Event event, view.GetEvent(entry.position));
    statements->push_back(std::move(*event.mutable_statement_posted()->mutable_statement()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Statement>> PostedStatements(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period_label) {
  ASSIGN_OR_RETURN(const Period period, ParseClosedPeriod(view, period_label));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, participant_id));
  std::vector<v1::Statement> statements;
  for (uint32_t participant : participants) {
    RETURN_IF_ERROR(AddPostedOf(view, participant, period, &statements));
  }
  return statements;
}

absl::StatusOr<std::vector<v1::PriorPeriodAdjustment>> DifferencesOfPeriod(
    const FactsView& view, absl::string_view participant_id, absl::string_view period_label) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParseClosedPeriod(view, period_label));
  const Reference& reference = view.reference();
  Evaluator evaluator(view);
  const StatedMoney stated(reference, participant);
  ASSIGN_OR_RETURN(Settlement settlement, Settlement::Make(&evaluator, participant, stated));
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(view, participant));
  const LateFacts causes(view);
  ASSIGN_OR_RETURN(
      auto left, SettleClosed(&evaluator, participant, *reference.closes->closed_through(), posted,
                              &causes, &settlement));
  const std::string label = reference.calendar().Label(period);
  std::vector<v1::PriorPeriodAdjustment> differences;
  for (auto& [currency, of_currency] : left) {
    for (v1::PriorPeriodAdjustment& difference : of_currency.adjustments) {
      if (difference.origin_period() == label) differences.push_back(std::move(difference));
    }
  }
  return differences;
}

absl::StatusOr<std::vector<v1::Dispute>> ListDisputes(const FactsView& view,
                                                      absl::string_view participant_id,
                                                      absl::string_view period) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  std::vector<v1::Dispute> disputes;
  for (const OpenedDispute& opened : view.reference().disputes->all) {
    if (opened.participant != participant || opened.period != period) continue;
    v1::Dispute& dispute = disputes.emplace_back();
    dispute.set_dispute_id(opened.dispute_id);
    dispute.set_participant_id(std::string(participant_id));
    dispute.set_line_id(opened.line_id);
    dispute.set_period(opened.period);
    dispute.set_opened_position(opened.position);
    dispute.set_resolved_position(opened.resolved_position);
    dispute.set_adjustment_id(opened.adjustment_id);
  }
  return disputes;
}

absl::StatusOr<v1::GetStatementResponse> GetStatementAnswer(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period_label,
                                                            bool with_explanations) {
  v1::GetStatementResponse response;
  ASSIGN_OR_RETURN(std::vector<v1::Statement> now,
                   GetStatements(view, participant_id, period_label, with_explanations));
  ASSIGN_OR_RETURN(const v1::PayoutPeriodStatus period, GetPeriod(view, period_label));
  ASSIGN_OR_RETURN(const std::vector<v1::Dispute> disputes,
                   ListDisputes(view, participant_id, period.period()));
  response.set_state(period.state());
  response.mutable_disputes()->Assign(disputes.begin(), disputes.end());
  if (period.state() == v1::OPEN) {
    response.mutable_statements()->Assign(now.begin(), now.end());
    return response;
  }
  ASSIGN_OR_RETURN(std::vector<v1::Statement> posted,
                   PostedStatements(view, participant_id, period_label));
  if (posted.empty()) {
    ASSIGN_OR_RETURN(const Period days, ParsePayoutPeriodLabel(view, period_label));
    posted.push_back(EmptyStatement(view.reference(), participant_id, days));
  }
  ASSIGN_OR_RETURN(const std::vector<v1::PriorPeriodAdjustment> differences,
                   DifferencesOfPeriod(view, participant_id, period_label));
  response.mutable_statements()->Assign(posted.begin(), posted.end());
  response.mutable_now()->Assign(now.begin(), now.end());
  response.mutable_differences()->Assign(differences.begin(), differences.end());
  return response;
}

}  // namespace payfold
