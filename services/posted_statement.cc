#include "services/posted_statement.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "projections/statements/periods.h"
#include "services/display_names.h"

namespace payfold {
namespace {

// "ana/ae/com/2025-Q1/rate/2025-01~2024-12" is paid in 2025-01.
absl::string_view PayoutPeriodOfLine(absl::string_view line_id) {
  const size_t slash = line_id.rfind('/');
  if (slash == absl::string_view::npos) return "";
  const absl::string_view last = line_id.substr(slash + 1);
  return last.substr(0, last.find('~'));
}

absl::StatusOr<v1::Event> ReadClear(const Ledger& ledger, uint64_t position) {
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView stored, ledger.log().Get(position, &storage));
  ASSIGN_OR_RETURN(v1::Event event, ledger.Decode(stored));
  RETURN_IF_ERROR(ledger.Unseal(&event));
  return event;
}

absl::Status AddDisputes(const QueryView& view, const v1::GetStatementRequest& request,
                         v1::GetStatementResponse* response) {
  for (const OpenedDispute& known : view.facts->reference().disputes->all) {
    const std::string period(known.line_id.empty() ? absl::string_view(known.period)
                                                   : PayoutPeriodOfLine(known.line_id));
    if (period != request.period()) continue;
    ASSIGN_OR_RETURN(const v1::Event opened, ReadClear(*view.open->ledger, known.position));
    if (opened.dispute_opened().participant_id() != request.participant_id()) continue;
    v1::Dispute& dispute = *response->add_disputes();
    dispute.set_dispute_id(known.dispute_id);
    dispute.set_participant_id(request.participant_id());
    dispute.set_line_id(known.line_id);
    dispute.set_period(period);
    dispute.set_text(opened.dispute_opened().text());
    dispute.set_opened_position(known.position);
    dispute.set_adjustment_id(known.adjustment_id);
    if (known.resolved_position == 0) continue;
    ASSIGN_OR_RETURN(const v1::Event resolved,
                     ReadClear(*view.open->ledger, known.resolved_position));
    dispute.set_resolved_position(known.resolved_position);
    dispute.set_outcome(resolved.dispute_resolved().outcome());
  }
  return absl::OkStatus();
}

// Of somebody of whom a closed period says nothing.
v1::Statement NothingPosted(const v1::Statement& now) {
  v1::Statement statement;
  statement.set_participant_id(now.participant_id());
  statement.set_period(now.period());
  statement.set_first_day(now.first_day());
  statement.set_last_day(now.last_day());
  statement.set_currency(now.currency());
  statement.add_notes("Nothing was posted: the period was closed without a statement.");
  return statement;
}

absl::Status ShowPosted(const QueryView& view, const v1::GetStatementRequest& request,
                        v1::GetStatementResponse* response) {
  response->mutable_now()->Swap(response->mutable_statements());
  ASSIGN_OR_RETURN(const std::vector<v1::Statement> posted,
                   PostedStatements(*view.facts, request.participant_id(), request.period()));
  response->mutable_statements()->Assign(posted.begin(), posted.end());
  if (posted.empty()) *response->add_statements() = NothingPosted(response->now(0));
  if (!request.with_explanations()) {
    for (v1::Statement& statement : *response->mutable_statements()) {
      for (v1::Line& line : *statement.mutable_lines()) line.clear_explanation();
    }
  }
  ASSIGN_OR_RETURN(const std::vector<v1::PriorPeriodAdjustment> differences,
                   DifferencesOfPeriod(*view.facts, request.participant_id(), request.period()));
  response->mutable_differences()->Assign(differences.begin(), differences.end());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetStatementResponse> AnswerStatement(const QueryView& view,
                                                         const v1::GetStatementRequest& request) {
  v1::GetStatementResponse response;
  ASSIGN_OR_RETURN(const std::vector<v1::Statement> statements,
                   GetStatements(*view.facts, request.participant_id(), request.period(),
                                 request.with_explanations()));
  response.mutable_statements()->Assign(statements.begin(), statements.end());
  ASSIGN_OR_RETURN(*response.mutable_display_name(), DisplayName(view, request.participant_id()));
  *response.mutable_at() = view.at();
  ASSIGN_OR_RETURN(const v1::PayoutPeriodStatus period, GetPeriod(*view.facts, request.period()));
  response.set_state(period.state());
  if (period.state() > v1::OPEN) RETURN_IF_ERROR(ShowPosted(view, request, &response));
  RETURN_IF_ERROR(AddDisputes(view, request, &response));
  return response;
}

}  // namespace payfold
