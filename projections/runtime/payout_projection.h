// The payout projection: a fold of the log, kept with its checkpoint in a derived
// column family of the log's database, followed live, rebuilt beside itself.
//
// State and checkpoint are written in one batch: a crash anywhere repeats
// nothing and skips nothing. Everything here is disposable: rebuilt from the log.

#ifndef PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_
#define PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ledger/log/event_log.h"
#include "projections/facts/facts_view.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/past_views.h"
#include "projections/runtime/rebuild.h"

namespace payfold {

// Thread-safe. Views must be given back before the log is closed.
class PayoutProjection {
 public:
  struct Options {
    // Follow the log in a thread of its own, a moment (50 ms) behind it while much
    // is appended and nobody waits; else only CatchUp(), WaitFor() and Rebuild()
    // fold.
    bool follow = true;
  };

  // `*log` must outlive the projection. Takes well under a second, whatever the
  // log's size: folding what is new happens afterwards.
  // Errors: kDataLoss if what is stored cannot be read.
  static absl::StatusOr<std::unique_ptr<PayoutProjection>> Open(EventLog* log,
                                                                const Options& options);
  ~PayoutProjection();
  PayoutProjection(const PayoutProjection&) = delete;
  PayoutProjection& operator=(const PayoutProjection&) = delete;

  // The facts as of the last folded position. Never null, never waits for the fold.
  std::shared_ptr<const FactsView> View() const;

  // Folds (follow: waits) until `position` is folded; a position beyond the log's
  // end is waited for.
  // Errors: kDeadlineExceeded; kUnavailable if the fold has failed, with the
  // reason. It stays so, with the last view, until the projection is opened again
  // or rebuilt.
  absl::Status WaitFor(uint64_t position, absl::Time deadline);
  // The same, for the log's present end.
  absl::Status CatchUp(absl::Time deadline);

  // The fold of exactly the prefix up to `position`, with plans and retirements as
  // known at `plans_position`, which may be earlier or later.
  // Errors: kOutOfRange beyond the log's end; kDataLoss.
  absl::StatusOr<std::shared_ptr<const FactsView>> ViewAsOf(uint64_t position,
                                                            uint64_t plans_position);

  // SHA-256 of the content of View() in canonical order, in hex.
  absl::StatusOr<std::string> Digest() const;

  // Folds the log from nothing with `workers` threads beside the live state,
  // compares digests at one position, and swaps the new state in atomically once
  // it has caught up. Views are served throughout. What is rebuilt comes into
  // force even if the digests differ: it is what the log says.
  // `progress(events folded, events in all)` may be null; false cancels.
  // Errors: kUnavailable while another one runs; kCancelled; kDataLoss if the log
  // is damaged. After an error nothing has changed.
  absl::StatusOr<RebuildOutcome> Rebuild(int workers,
                                         const std::function<bool(uint64_t, uint64_t)>& progress);

  // As Rebuild(), but only compares: nothing is changed.
  // Errors: kUnavailable if the fold has failed; kCancelled; kDataLoss.
  absl::StatusOr<RebuildOutcome> Compare(int workers,
                                         const std::function<bool(uint64_t, uint64_t)>& progress);

 private:
  explicit PayoutProjection(EventLog* log) : log_(log), past_views_(log) {}

  // The following thread: until it is stopped, folds or waits for something to fold.
  void Follow();
  bool WaitForEvents();
  bool WaitForRepair();
  bool Gather();

  // Folds one batch, up to `last`, and publishes. Errors: failure().
  absl::Status FoldSome(uint64_t last);
  absl::Status AwaitThread(uint64_t position, absl::Time deadline);
  absl::Status SwapIn(std::unique_ptr<LiveFold> fold);
  void Publish(std::shared_ptr<const FactsView> view);
  absl::Status Fail(const absl::Status& reason);
  // What callers are told of the reason; OK if there is none.
  absl::Status failure() const;

  EventLog* log_;
  PastViews past_views_;
  std::shared_ptr<const FactsView> view_;  // By std::atomic_load and atomic_store only.

  std::mutex fold_mutex_;                   // Guards the next two; taken before mutex_.
  std::shared_ptr<Generation> generation_;  // In force.
  std::unique_ptr<LiveFold> fold_;          // Null after a failure.
  std::mutex rebuild_mutex_;                // Held by the rebuild that runs.

  mutable std::mutex mutex_;               // Guards all below.
  std::condition_variable hurry_;          // For the following thread: a wait, or the end.
  std::condition_variable changed_;        // A new view, a failure, or the end.
  absl::Status failure_;                   // Why the fold stopped.
  std::unique_ptr<Subscription> waiting_;  // Of the following thread.
  int awaited_ = 0;                        // Callers that wait for the following thread.
  bool stopping_ = false;
  std::chrono::steady_clock::time_point gather_until_;  // The following thread's alone.
  std::thread thread_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAYOUT_PROJECTION_H_
