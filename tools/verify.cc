#include "tools/verify.h"

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/checks.h"
#include "tools/files.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/session.h"

namespace payfold {
namespace {

// Reads progress until the verdict, with a bar for each check.
absl::StatusOr<v1::Verdict> AwaitVerdict(Session* session, const v1::VerifyRequest& request) {
  grpc::ClientContext context;
  session->Introduce(&context);
  const std::unique_ptr<grpc::ClientReader<v1::VerifyResponse>> reader =
      session->proofs()->Verify(&context, request);
  std::optional<ProgressBar> bar;
  std::string checking;
  v1::VerifyResponse response;
  while (reader->Read(&response)) {
    if (response.has_verdict()) continue;
    if (!bar.has_value() || checking != response.checking()) {
      checking = response.checking();
      bar.emplace(absl::StrCat("checking ", checking));
    }
    bar->Update(response.done(), response.total());
  }
  bar.reset();
  RETURN_IF_ERROR(session->Error(reader->Finish()));
  return response.verdict();
}

}  // namespace

absl::Status VerifyLedger(const GlobalOptions& global, const VerifyOptions& options) {
  v1::VerifyRequest request;
  request.set_ledger(global.ledger);
  request.set_verifier_key(options.key);
  request.set_workers(options.workers);
  if (!options.tree_head.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_tree_head(), ReadInput(options.tree_head));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::Verdict verdict, AwaitVerdict(session.get(), request));
  PrintRows(global.format, verdict, CheckTable(verdict.checks()), "",
            verdict.holds() ? absl::StrCat("the ledger holds: ", verdict.size(), " events") : "");
  if (verdict.holds()) return absl::OkStatus();
  return absl::FailedPreconditionError(FirstFinding(verdict.checks()));
}

}  // namespace payfold
