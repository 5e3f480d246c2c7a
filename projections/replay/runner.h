// Runs replays beside the live fold, each in a thread of its own, and keeps them.
//
// What was running when the ledger was closed, or the process died, is begun again
// when the ledger is opened: on the same position, with the same result.

#ifndef PROJECTIONS_REPLAY_RUNNER_H_
#define PROJECTIONS_REPLAY_RUNNER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/clock.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/replay/store.h"
#include "projections/runtime/payout_projection.h"

namespace payfold {

// How many replays of one ledger run at once.
inline constexpr size_t kMaxRunningReplays = 4;

// Thread-safe.
class ReplayRunner {
 public:
  // All must outlive it. Begins again what was interrupted.
  ReplayRunner(EventLog* log, PayoutProjection* payouts, Clock* clock);
  // Stops what runs, promptly; it stays RUNNING in the store.
  ~ReplayRunner();
  ReplayRunner(const ReplayRunner&) = delete;
  ReplayRunner& operator=(const ReplayRunner&) = delete;

  const ReplayStore& store() const { return store_; }

  // Starts `replay` on the facts of `base`, which are those of its position. `events`
  // are what Ledger::Draft() gave. Gives the replay as it was begun.
  // Errors: kAlreadyExists if there is one of that id; kResourceExhausted if as many
  // run as may; those of the store.
  absl::StatusOr<v1::Replay> Start(v1::Replay replay, std::vector<v1::Event> events,
                                   std::shared_ptr<const FactsView> base);

  // As it is now. Errors: kNotFound; kDataLoss.
  absl::StatusOr<v1::Replay> Get(absl::string_view replay_id) const;
  // By start, then id.
  absl::StatusOr<std::vector<v1::Replay>> List() const;

  // Waits until the replay has moved on from `seen` or some time has passed.
  void AwaitChange(absl::string_view replay_id, const v1::Replay& seen,
                   std::chrono::milliseconds limit) const;

  // Waits for its end as long as `go_on` is OK. Errors: kNotFound; kFailedPrecondition if
  // it has ended, other than by a cancellation; those of `go_on`.
  absl::StatusOr<v1::Replay> Cancel(absl::string_view replay_id,
                                    const std::function<absl::Status()>& go_on);

 private:
  struct Running {
    std::atomic<bool> cancelled = false;  // By somebody who waits for its end.
    v1::Replay replay;
    std::thread thread;
    bool ended = false;
  };

  void Resume();
  void Launch(v1::Replay replay, std::vector<v1::Event> events,
              std::shared_ptr<const FactsView> base);
  void Run(Running* running, const std::vector<v1::Event>& events,
           std::shared_ptr<const FactsView> base);
  // Fills the result into `*replay`. Errors: kCancelled.
  absl::Status Compute(Running* running, const std::vector<v1::Event>& events,
                       std::shared_ptr<const FactsView> base, v1::Replay* replay);
  absl::Status CheckGoOn(const Running& running) const;
  void Tell(Running* running, const v1::ReplayProgress& progress);
  // Lets go of threads that have ended. Holding mutex_.
  void Reap();

  EventLog* const log_;
  PayoutProjection* const payouts_;
  Clock* const clock_;
  ReplayStore store_;
  KeptMeasures kept_;

  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // Guards all below, but for what a thread reads of its own.
  mutable std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Running>, std::less<>> running_;
};

// Whether nothing will move it on any more but an approval or a commit.
bool HasEnded(const v1::Replay& replay);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_RUNNER_H_
