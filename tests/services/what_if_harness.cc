#include "tests/services/what_if_harness.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/replay/runner.h"
#include "services/replay_commit.h"
#include "services/replays.h"
#include "tests/support/random_company.h"

namespace payfold_testing {
namespace v1 = ::payfold::v1;

void WhatIfHarness::Reopen() {
  workspace_ = nullptr;
  payfold::LedgerOptions ledger;
  ledger.env = env_;
  ledger.clock = &clock_;
  workspace_ = std::make_unique<payfold::Workspace>(
      payfold::Workspace::Options{.directory = "/payfold", .create = true, .ledger = ledger});
}

absl::Status WhatIfHarness::Make(const std::vector<v1::Event>& events) {
  std::vector<v1::Event> rest = AsSent(events);
  const auto configured = std::find_if(rest.begin(), rest.end(), [](const v1::Event& event) {
    return event.has_ledger_configured();
  });
  if (configured == rest.end()) return absl::InvalidArgumentError("nothing configures the ledger");
  RETURN_IF_ERROR(workspace_->CreateLedger("main", *configured, {.actor = "local"}).status());
  rest.erase(configured);
  return ledger()->ledger->Append(rest, {.actor = "local"}).status();
}

absl::StatusOr<v1::Replay> WhatIfHarness::Start(const std::string& id,
                                                const std::vector<v1::Event>& events,
                                                bool four_eyes) {
  v1::StartReplayRequest request;
  request.set_replay_id(id);
  request.set_four_eyes(four_eyes);
  for (const v1::Event& event : AsSent(events)) *request.add_events() = event;
  RETURN_IF_ERROR(
      payfold::StartReplay(workspace_.get(), request, payfold::Call{.actor = "petra"}).status());
  return Await(id);
}

absl::StatusOr<v1::Replay> WhatIfHarness::Await(const std::string& id) {
  ASSIGN_OR_RETURN(const std::shared_ptr<payfold::OpenLedger> open, workspace_->Get("main"));
  while (true) {
    ASSIGN_OR_RETURN(v1::Replay replay, payfold::FindReplay(*open, id));
    if (payfold::HasEnded(replay)) return replay;
    open->replays->AwaitChange(id, replay, std::chrono::milliseconds(100));
  }
}

absl::StatusOr<v1::CommitReplayResponse> WhatIfHarness::Commit(const v1::Replay& replay) {
  v1::CommitReplayRequest request;
  request.set_replay_id(replay.replay_id());
  request.set_digest(replay.digest());
  request.set_reason("agreed");
  return payfold::CommitReplay(workspace_.get(), request, payfold::Call{.actor = "petra"});
}

absl::StatusOr<std::shared_ptr<const payfold::FactsView>> WhatIfHarness::View() {
  const std::shared_ptr<payfold::OpenLedger> open = ledger();
  RETURN_IF_ERROR(open->payouts->CatchUp(absl::InfiniteFuture()));
  return open->payouts->View();
}

}  // namespace payfold_testing
