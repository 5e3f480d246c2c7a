#include "projections/runtime/projection_worker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/processors.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"
#include "projections/runtime/digest.h"

namespace payfold {
namespace {

constexpr absl::Duration kLongWait = absl::Hours(24);
constexpr absl::Duration kLookAtCaller = absl::Milliseconds(100);
// So long the thread lets events gather after a batch, unless somebody waits for
// them: of the same credits, changed often, many small batches write far more. While
// batches are large the fold takes no more than about a tenth of the time.
constexpr std::chrono::milliseconds kGathering(50);
constexpr std::chrono::milliseconds kMostGathering(400);
constexpr int kGatheringPerFold = 10;

absl::Status TimeIsOver(uint64_t position, uint64_t folded) {
  return absl::DeadlineExceededError(
      absl::StrCat("position ", position, " is not folded yet; the fold is at ", folded));
}

std::chrono::steady_clock::time_point ToSteady(absl::Time deadline) {
  const absl::Duration left = std::clamp(deadline - absl::Now(), absl::ZeroDuration(), kLongWait);
  return std::chrono::steady_clock::now() + absl::ToChronoMicroseconds(left);
}

}  // namespace

ProjectionWorker::ProjectionWorker(EventLog* log, std::unique_ptr<const Projection> projection,
                                   const WorkerOptions& options)
    : log_(log), projection_(std::move(projection)), options_(options) {}

absl::StatusOr<std::unique_ptr<ProjectionWorker>> ProjectionWorker::Open(
    EventLog* log, std::unique_ptr<const Projection> projection, const WorkerOptions& options) {
  auto worker =
      std::unique_ptr<ProjectionWorker>(new ProjectionWorker(log, std::move(projection), options));
  const Projection& runs = *worker->projection_;
  ASSIGN_OR_RETURN(worker->generation_, Generation::OpenCurrent(log, runs.format()));
  ASSIGN_OR_RETURN(worker->fold_, GenerationFold::Load(log, runs, worker->generation_));
  worker->Publish(worker->fold_->Publish());
  if (worker->IsToBeFoldedAnew(log->head())) worker->first_fold_ = FirstFold{0, log->head()};
  if (options.follow) worker->thread_ = std::thread([raw = worker.get()] { raw->Follow(); });
  return worker;
}

ProjectionWorker::~ProjectionWorker() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (waiting_ != nullptr) waiting_->Cancel();
  }
  changed_.notify_all();
  hurry_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const PublishedFold> ProjectionWorker::Published() const {
  return std::atomic_load(&published_);
}

std::optional<ProjectionWorker::FirstFold> ProjectionWorker::first_fold() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return first_fold_;
}

void ProjectionWorker::Publish(std::shared_ptr<const PublishedFold> published) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::atomic_store(&published_, std::move(published));
    failure_ = absl::OkStatus();
    first_fold_.reset();
  }
  changed_.notify_all();
}

absl::Status ProjectionWorker::Fail(const absl::Status& reason) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    failure_ = reason;
  }
  changed_.notify_all();
  return failure();
}

absl::Status ProjectionWorker::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (failure_.ok()) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("the fold stopped after position ", position(), ": ", failure_.message()));
}

bool ProjectionWorker::IsToBeFoldedAnew(uint64_t last) const {
  return fold_->position() == 0 && std::min(last, log_->head()) > options_.batch_events;
}

absl::Status ProjectionWorker::FoldSome(uint64_t last) {
  const std::lock_guard<std::mutex> lock(fold_mutex_);
  if (fold_ == nullptr) return failure();
  const absl::Status status =
      IsToBeFoldedAnew(last) ? FoldAnew(last) : fold_->FoldBatch(last, options_.batch_events);
  if (!status.ok()) {
    fold_ = nullptr;
    return Fail(status);
  }
  if (fold_->position() > position()) Publish(fold_->Publish());
  return absl::OkStatus();
}

// Into the generation in force, which is empty: until its checkpoint is written
// nothing in it counts.
absl::Status ProjectionWorker::FoldAnew(uint64_t last) {
  const FoldProgress progress = [this](uint64_t events, uint64_t events_in_all) {
    const std::lock_guard<std::mutex> lock(mutex_);
    first_fold_ = FirstFold{events, events_in_all};
    return !stopping_;
  };
  ASSIGN_OR_RETURN(fold_,
                   FoldInto(generation_, *projection_, std::min(last, log_->head()),
                            options_.workers > 0 ? options_.workers : ProcessorCount(), progress));
  return absl::OkStatus();
}

void ProjectionWorker::Follow() {
  bool caught_up = false;
  while (WaitForRepair() && WaitForEvents() && (!caught_up || Gather())) {
    const uint64_t head = log_->head();
    const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    FoldSome(head).IgnoreError();  // A failure is kept for those who wait.
    caught_up = position() >= head;
    const std::chrono::steady_clock::time_point end = std::chrono::steady_clock::now();
    gather_until_ = end + std::clamp<std::chrono::steady_clock::duration>(
                              (end - start) * kGatheringPerFold, kGathering, kMostGathering);
  }
}

// False when it is time to stop.
bool ProjectionWorker::Gather() {
  std::unique_lock<std::mutex> lock(mutex_);
  hurry_.wait_until(lock, gather_until_, [this] { return stopping_ || awaited_ > 0; });
  return !stopping_;
}

// False when it is time to stop.
bool ProjectionWorker::WaitForRepair() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || failure_.ok(); });
  return !stopping_;
}

// False when it is time to stop.
bool ProjectionWorker::WaitForEvents() {
  Subscription* next = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) return false;
    if (log_->head() > position()) return true;
    waiting_ = log_->Subscribe(position());
    next = waiting_.get();
  }
  // Only to wait: the fold reads for itself.
  next->Next(1, ToSteady(absl::InfiniteFuture()), [](const EventView&) { return absl::OkStatus(); })
      .IgnoreError();
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_ = nullptr;
  return !stopping_;
}

absl::Status ProjectionWorker::AwaitThread(uint64_t position, absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (this->position() >= position) return absl::OkStatus();
  ++awaited_;
  hurry_.notify_one();
  const bool done = changed_.wait_until(
      lock, ToSteady(deadline), [&] { return this->position() >= position || !failure_.ok(); });
  --awaited_;
  if (this->position() >= position) return absl::OkStatus();
  lock.unlock();
  return done ? failure() : TimeIsOver(position, this->position());
}

absl::Status ProjectionWorker::WaitFor(uint64_t position, absl::Time deadline) {
  if (thread_.joinable()) return AwaitThread(position, deadline);
  while (this->position() < position) {
    if (absl::Now() >= deadline) return TimeIsOver(position, this->position());
    if (log_->head() > this->position()) {
      RETURN_IF_ERROR(FoldSome(position));
      continue;
    }
    const std::unique_ptr<Subscription> more = log_->Subscribe(this->position());
    RETURN_IF_ERROR(
        more->Next(1, ToSteady(deadline), [](const EventView&) { return absl::OkStatus(); })
            .status());
  }
  return absl::OkStatus();
}

absl::Status ProjectionWorker::CatchUp(absl::Time deadline) {
  return WaitFor(log_->head(), deadline);
}

absl::StatusOr<std::string> ProjectionWorker::Digest() const {
  return DigestOf(Published()->content.entries);
}

absl::Status ProjectionWorker::CatchUpUnlessCancelled(const FoldProgress& progress) {
  while (true) {
    const absl::Status caught_up = CatchUp(absl::Now() + kLookAtCaller);
    if (!absl::IsDeadlineExceeded(caught_up)) return caught_up;
    if (progress && !progress(0, log_->head())) return absl::CancelledError("nothing was folded");
  }
}

absl::StatusOr<RebuildOutcome> ProjectionWorker::Rebuild(int workers,
                                                         const FoldProgress& progress) {
  const std::unique_lock<std::mutex> running(rebuild_mutex_, std::try_to_lock);
  if (!running.owns_lock()) {
    return absl::UnavailableError("another rebuild is running; try again when it has ended");
  }
  const absl::Status caught_up = CatchUpUnlessCancelled(progress);
  if (absl::IsCancelled(caught_up)) return caught_up;
  // What cannot be folded on is rebuilt from where it stopped; what never was, whole.
  const std::shared_ptr<const PublishedFold> live = Published();
  const bool has_live = caught_up.ok() || live->position > 0;
  RebuildOutcome outcome;
  outcome.position = has_live ? live->position : log_->head();
  absl::StatusOr<Rebuilt> rebuilt;
  {
    const Background background;
    rebuilt = RebuildBeside(log_, *projection_, outcome.position,
                            has_live ? &live->content.entries : nullptr, workers, progress);
  }
  RETURN_IF_ERROR(rebuilt.status());
  outcome.rebuilt_digest = std::move(rebuilt->digest);
  outcome.live_digest = std::move(rebuilt->live_digest);
  RETURN_IF_ERROR(SwapIn(std::move(rebuilt->fold)));
  return outcome;
}

absl::StatusOr<RebuildOutcome> ProjectionWorker::Compare(int workers,
                                                         const FoldProgress& progress) {
  RETURN_IF_ERROR(CatchUpUnlessCancelled(progress));
  const std::shared_ptr<const PublishedFold> live = Published();
  const Background background;
  return CompareBeside(*log_, *projection_, live->position, live->content.entries, workers,
                       progress);
}

absl::Status ProjectionWorker::SwapIn(std::unique_ptr<GenerationFold> fold) {
  const std::shared_ptr<Generation> fresh = fold->generation();
  const auto put_in_force = [&]() -> absl::Status {
    // Most of what came meanwhile is folded while the old generation goes on.
    for (uint64_t end = log_->head(); fold->position() < end;) {
      RETURN_IF_ERROR(fold->FoldBatch(end, options_.batch_events));
    }
    const std::lock_guard<std::mutex> lock(fold_mutex_);
    while (fold->position() < log_->head()) {
      RETURN_IF_ERROR(fold->FoldBatch(log_->head(), options_.batch_events));
    }
    RETURN_IF_ERROR(fresh->PutInForce());
    generation_->Discard();
    generation_ = fresh;
    fold_ = std::move(fold);
    Publish(fold_->Publish());
    return absl::OkStatus();
  };
  const absl::Status status = put_in_force();
  if (!status.ok()) fresh->Discard();
  return status;
}

}  // namespace payfold
