// Replays in a workspace without a server, on an environment of the test's: what the
// methods of ReplayService call.
//
//   WhatIfHarness what_if(env);
//   ASSERT_THAT(what_if.Make(events), IsOk());
//   ASSERT_OK_AND_ASSIGN(v1::Replay replay, what_if.Start("june", {event}));

#ifndef TESTS_SERVICES_WHAT_IF_HARNESS_H_
#define TESTS_SERVICES_WHAT_IF_HARNESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/facts/facts_view.h"
#include "rocksdb/env.h"
#include "services/workspace.h"
#include "tests/support/fake_clock.h"

namespace payfold_testing {

class WhatIfHarness {
 public:
  // The environment must outlive it.
  explicit WhatIfHarness(rocksdb::Env* env) : env_(env) { Reopen(); }

  // The ledger "main" with these events, of which one configures it.
  absl::Status Make(const std::vector<payfold::v1::Event>& events);
  // As a process that ends and another that begins.
  void Reopen();
  void Close() { workspace_ = nullptr; }

  // Waits for its end.
  absl::StatusOr<payfold::v1::Replay> Start(const std::string& id,
                                            const std::vector<payfold::v1::Event>& events,
                                            bool four_eyes = false);
  absl::StatusOr<payfold::v1::Replay> Await(const std::string& id);
  absl::StatusOr<payfold::v1::CommitReplayResponse> Commit(const payfold::v1::Replay& replay);

  std::shared_ptr<payfold::OpenLedger> ledger() { return *workspace_->Get("main"); }
  // What the live fold holds at the log's end.
  absl::StatusOr<std::shared_ptr<const payfold::FactsView>> View();

 private:
  rocksdb::Env* const env_;
  FakeClock clock_;
  std::unique_ptr<payfold::Workspace> workspace_;
};
}  // namespace payfold_testing

#endif  // TESTS_SERVICES_WHAT_IF_HARNESS_H_
