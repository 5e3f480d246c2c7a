#include "tools/exceptions.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowExceptions(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListExceptionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(const v1::ListExceptionsResponse response,
                   session->ListAll(session->ledgers(), &v1::LedgerService::Stub::ListExceptions,
                                    request, &v1::ListExceptionsResponse::mutable_exceptions));
  Table table({{"kind"}, {"position", Align::kRight}, {"subject"}, {"message"}});
  for (const v1::Exception& exception : response.exceptions()) {
    table.Add({exception.kind(),
               exception.position() == 0 ? "" : absl::StrCat(exception.position()),
               exception.subject(), exception.message()});
  }
  PrintRows(global.format, response, table, "nothing waits, nothing is lacking",
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
