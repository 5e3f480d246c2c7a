#include "tools/statement.h"

#include <memory>

#include "absl/status/statusor.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"
#include "tools/statement_html.h"
#include "tools/statement_text.h"

namespace payfold {
namespace {

Table LinesTable(const v1::GetStatementResponse& response) {
  Table table({{"participant"},
               {"period"},
               {"plan"},
               {"component"},
               {"line"},
               {"date"},
               {"currency"},
               {"amount", Align::kRight}});
  for (const v1::Statement& statement : response.statements()) {
    const auto add = [&](const v1::Line& line) {
      table.Add(
          {statement.participant_id(), statement.period(), line.plan_id(), line.component_id(),
           line.line_id(), line.date(), line.amount().currency(),
           AmountText(line.amount().minor_units(), line.amount().currency(), OutputFormat::kCsv)});
    };
    for (const v1::Line& line : statement.lines()) add(line);
    for (const v1::StatementAdjustment& adjustment : statement.adjustments()) {
      v1::Line line;
      line.set_line_id(adjustment.adjustment_id());
      *line.mutable_amount() = adjustment.amount();
      add(line);
    }
  }
  return table;
}

}  // namespace

absl::Status ShowStatement(const GlobalOptions& global, const StatementOptions& options) {
  if (options.html && global.format != OutputFormat::kTable) {
    return UsageError("--html excludes --json and --csv");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::GetStatementRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  request.set_period(options.period);
  request.set_with_explanations(options.with_explanations);
  ASSIGN_OR_RETURN(
      const v1::GetStatementResponse response,
      session->Call(session->payouts(), &v1::PayoutService::Stub::GetStatement, request));
  if (options.html) {
    Print(StatementHtml(response));
    return absl::OkStatus();
  }
  switch (global.format) {
    case OutputFormat::kJson:
      Print(JsonText(response));
      break;
    case OutputFormat::kCsv:
      Print(LinesTable(response).ToCsv());
      break;
    case OutputFormat::kTable:
      Print(StatementText(response));
      break;
  }
  return absl::OkStatus();
}

}  // namespace payfold
