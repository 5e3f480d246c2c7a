#include "tools/serve.h"

#include <csignal>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "ledger/base/processors.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"
#include "services/server.h"
#include "services/workspace.h"
#include "tools/output.h"
#include "tools/report.h"

namespace payfold {
namespace {

// The signals that end a server; threads made later leave them to Wait().
class EndingSignals {
 public:
  EndingSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    // A client that goes away while it is written to must not end the server.
    std::signal(SIGPIPE, SIG_IGN);
  }

  void Wait() const {
    int received = 0;
    sigwait(&set_, &received);
  }

 private:
  sigset_t set_;
};

// Each ledger is opened now, so that health says what is; one that cannot be
// does not keep the others from being served.
absl::Status OpenAll(Workspace* workspace) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, workspace->List());
  for (const std::string& name : names) {
    const absl::StatusOr<std::shared_ptr<OpenLedger>> open = workspace->Get(name);
    if (open.ok()) {
      Print(absl::StrCat("ledger ", name, ": ", (*open)->ledger->log().head(), " events\n"));
    } else {
      PrintErrorLine(absl::StrCat("ledger ", name, " is not served: ", open.status().message()));
    }
  }
  if (names.empty()) Print("no ledger yet: make one with payfold init --server\n");
  return absl::OkStatus();
}

std::string AddressOf(absl::string_view listen, int port) {
  if (absl::StartsWith(listen, "unix:")) return std::string(listen);
  return absl::StrCat(listen.substr(0, listen.rfind(':')), ":", port);
}

}  // namespace

absl::Status Serve(const GlobalOptions& global, const ServeOptions& options) {
  const EndingSignals signals;
  Workspace workspace({.directory = global.data, .create = true, .ledger = {}});
  RETURN_IF_ERROR(OpenAll(&workspace));
  LimitBackground(ProcessorCount() - 1);
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(&workspace, {.listen = options.listen}));
  Print(absl::StrCat("listening on ", AddressOf(options.listen, server->port()),
                     "; everyone is admin under the name they claim\n"));
  std::cout.flush();
  signals.Wait();
  Print("stopping: no new calls, those that run may end\n");
  server->Drain(absl::Now() + absl::Seconds(options.drain_seconds));
  Print("stopped\n");
  return absl::OkStatus();
}

}  // namespace payfold
