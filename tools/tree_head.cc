#include "tools/tree_head.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowTreeHead(const GlobalOptions& global, const TreeHeadOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::GetTreeHeadRequest request;
  request.set_ledger(global.ledger);
  request.set_size(options.size);
  ASSIGN_OR_RETURN(const v1::TreeHead head,
                   session->Call(session->proofs(), &v1::ProofService::Stub::GetTreeHead, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(head));
  } else if (options.note) {
    Print(head.note());
  } else {
    Print(absl::StrCat(head.note(), "\nverifier key: ", head.verifier_key(), "\n"));
  }
  return absl::OkStatus();
}

}  // namespace payfold
