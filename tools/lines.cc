#include "tools/lines.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowLines(const GlobalOptions& global, const LinesOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListLinesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  request.set_period(options.period);
  request.set_plan_id(options.plan);
  request.set_component_id(options.component);
  ASSIGN_OR_RETURN(const v1::ListLinesResponse all,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListLines,
                                    request, &v1::ListLinesResponse::mutable_lines));
  Table table({{"line"}, {"date"}, {"paid_in"}, {"currency"}, {"amount", Align::kRight}});
  for (const v1::Line& line : all.lines()) {
    table.Add({line.line_id(), line.date(), line.payout_period(), line.amount().currency(),
               AmountText(line.amount().minor_units(), line.amount().currency(), global.format)});
  }
  PrintRows(global.format, all, table, "no lines",
            absl::StrCat(all.lines_size(), all.lines_size() == 1 ? " line, " : " lines, ",
                         CoordinatesText(all.at())));
  return absl::OkStatus();
}

}  // namespace payfold
