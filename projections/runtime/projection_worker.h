// Runs a projection: follows the log in a thread of its own, keeps the content with
// its checkpoint in a derived column family of the log's database, rebuilds it
// beside itself.
//
// State and checkpoint are written in one batch: a crash anywhere repeats nothing
// and skips nothing. Everything here is disposable: folded again from the log. What
// another format wrote, or what is not there yet, is folded anew with several
// threads; a crash meanwhile leaves nothing that counts.

#ifndef PROJECTIONS_RUNTIME_PROJECTION_WORKER_H_
#define PROJECTIONS_RUNTIME_PROJECTION_WORKER_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/generation_fold.h"
#include "projections/runtime/projection.h"
#include "projections/runtime/rebuild.h"

namespace payfold {

struct WorkerOptions {
  // Follow the log in a thread of its own, a moment (50 ms) behind it while much
  // is appended and nobody waits; else only CatchUp(), WaitFor() and Rebuild()
  // fold.
  bool follow = true;
  // Of a batch: bounds the memory that uncommitted changes take, and the time to
  // the next view. An empty fold that lacks more than one is folded from nothing.
  uint64_t batch_events = 10'000;
  int workers = 0;  // In a fold from nothing; 0: as many as there are processors.
};

// Thread-safe. Views must be given back before the log is closed.
class ProjectionWorker {
 public:
  // `*log` must outlive the worker. Takes well under a second, whatever the log's
  // size: folding what is new happens afterwards.
  // Errors: kDataLoss if what is stored cannot be read.
  static absl::StatusOr<std::unique_ptr<ProjectionWorker>> Open(
      EventLog* log, std::unique_ptr<const Projection> projection, const WorkerOptions& options);
  ~ProjectionWorker();
  ProjectionWorker(const ProjectionWorker&) = delete;
  ProjectionWorker& operator=(const ProjectionWorker&) = delete;

  absl::string_view name() const { return projection_->format().name; }

  // As of the last folded position. Never null, never waits for the fold.
  std::shared_ptr<const PublishedFold> Published() const;
  uint64_t position() const { return Published()->position; }

  // How far a fold from nothing is that has to end before there is any view but
  // that of the empty ledger. None once there is one.
  struct FirstFold {
    uint64_t events = 0;
    uint64_t events_in_all = 0;
  };
  std::optional<FirstFold> first_fold() const;

  // Folds (follow: waits) until `position` is folded; a position beyond the log's
  // end is waited for.
  // Errors: kDeadlineExceeded; kUnavailable if the fold has failed, with the
  // reason. It stays so, with the last view, until the projection is opened again
  // or rebuilt.
  absl::Status WaitFor(uint64_t position, absl::Time deadline);
  // The same, for the log's present end.
  absl::Status CatchUp(absl::Time deadline);

  // SHA-256 of the published content in canonical order, in hex.
  absl::StatusOr<std::string> Digest() const;

  // Folds the log from nothing with `workers` threads beside the live state,
  // compares digests at one position, and swaps the new state in atomically once
  // it has caught up. Views are served throughout. What is rebuilt comes into
  // force even if the digests differ: it is what the log says.
  // Errors: kUnavailable while another one runs; kCancelled; kDataLoss if the log
  // is damaged. After an error nothing has changed.
  absl::StatusOr<RebuildOutcome> Rebuild(int workers, const FoldProgress& progress);

  // As Rebuild(), but only compares: nothing is changed.
  // Errors: kUnavailable if the fold has failed; kCancelled; kDataLoss.
  absl::StatusOr<RebuildOutcome> Compare(int workers, const FoldProgress& progress);

 private:
  ProjectionWorker(EventLog* log, std::unique_ptr<const Projection> projection,
                   const WorkerOptions& options);

  // The following thread: until it is stopped, folds or waits for something to fold.
  void Follow();
  bool WaitForEvents();
  bool WaitForRepair();
  bool Gather();

  // Folds one batch, or all from nothing, up to `last`, and publishes.
  // Errors: failure().
  absl::Status FoldSome(uint64_t last);
  absl::Status FoldAnew(uint64_t last);
  bool IsToBeFoldedAnew(uint64_t last) const;
  absl::Status AwaitThread(uint64_t position, absl::Time deadline);
  // CatchUp(), but looks at `progress` meanwhile. Errors: also kCancelled.
  absl::Status CatchUpUnlessCancelled(const FoldProgress& progress);
  absl::Status SwapIn(std::unique_ptr<GenerationFold> fold);
  void Publish(std::shared_ptr<const PublishedFold> published);
  absl::Status Fail(const absl::Status& reason);
  // What callers are told of the reason; OK if there is none.
  absl::Status failure() const;

  EventLog* const log_;
  const std::unique_ptr<const Projection> projection_;
  const WorkerOptions options_;
  // By std::atomic_load and atomic_store only.
  std::shared_ptr<const PublishedFold> published_;

  std::mutex fold_mutex_;                   // Guards the next two; taken before mutex_.
  std::shared_ptr<Generation> generation_;  // In force.
  std::unique_ptr<GenerationFold> fold_;    // Null after a failure.
  std::mutex rebuild_mutex_;                // Held by the rebuild that runs.

  mutable std::mutex mutex_;               // Guards all below.
  std::condition_variable hurry_;          // For the following thread: a wait, or the end.
  std::condition_variable changed_;        // A new view, a failure, or the end.
  absl::Status failure_;                   // Why the fold stopped.
  std::optional<FirstFold> first_fold_;    // One is to end.
  std::unique_ptr<Subscription> waiting_;  // Of the following thread.
  int awaited_ = 0;                        // Callers that wait for the following thread.
  bool stopping_ = false;
  std::chrono::steady_clock::time_point gather_until_;  // The following thread's alone.
  std::thread thread_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PROJECTION_WORKER_H_
