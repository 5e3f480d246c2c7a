#include "tools/erase.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ErasePerson(const GlobalOptions& global, const EraseOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::EraseParticipantRequest request;
  request.set_ledger(global.ledger);
  request.set_participant_id(options.participant);
  request.set_reason(options.reason);
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(
      const v1::EraseParticipantResponse response,
      session->Call(session->admin(), &v1::AdminService::Stub::EraseParticipant, request));
  const std::string& who = options.participant;
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
  } else if (response.was_erased()) {
    Print(absl::StrCat(who, " was erased before, at position ", response.position(), "\n"));
  } else if (options.validate_only) {
    Print(absl::StrCat(who, " can be erased; nothing was done\n"));
  } else {
    Print(absl::StrCat(who, " is erased, at position ", response.position(),
                       ": the key of what was personal is destroyed; amounts stay\n"
                       "copies of the keys: replace them now (payfold backup create DIR --keys "
                       "DIR)\n"));
  }
  return absl::OkStatus();
}

}  // namespace payfold
