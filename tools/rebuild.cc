#include "tools/rebuild.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/session.h"

namespace payfold {

absl::Status RebuildProjection(const GlobalOptions& global, const RebuildOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::RebuildRequest request;
  request.set_ledger(global.ledger);
  request.set_workers(options.workers);
  request.set_projection(options.projection);
  grpc::ClientContext context;
  session->Introduce(&context);
  const std::unique_ptr<grpc::ClientReader<v1::RebuildResponse>> reader =
      session->ledgers()->Rebuild(&context, request);
  v1::RebuildResponse last;
  {
    ProgressBar progress("rebuilding");
    while (reader->Read(&last)) progress.Update(last.events_folded(), last.events_total());
  }
  RETURN_IF_ERROR(session->Error(reader->Finish()));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(last));
  } else {
    Print(absl::StrCat(last.position(), " events folded again\n  live     ", last.live_digest(),
                       "\n  rebuilt  ", last.rebuilt_digest(), "\n"));
  }
  if (last.live_digest() == last.rebuilt_digest()) {
    if (global.format == OutputFormat::kTable) Print("the same\n");
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("the projection at position ", last.position(),
                   " was not what the log says; the rebuilt one has taken its place"));
}

}  // namespace payfold
