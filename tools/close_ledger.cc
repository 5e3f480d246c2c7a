#include "tools/close_ledger.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status CloseLedgerOfServer(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CloseLedgerRequest request;
  request.set_ledger(global.ledger);
  ASSIGN_OR_RETURN(
      const v1::CloseLedgerResponse response,
      session->Call(session->ledgers(), &v1::LedgerService::Stub::CloseLedger, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
  } else {
    Print(absl::StrCat("ledger ", global.ledger, response.closed() ? " closed" : " was not open",
                       "; its next use opens it\n"));
  }
  return absl::OkStatus();
}

}  // namespace payfold
