#include "projections/runtime/payout_projection.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/digest.h"

namespace payfold {
namespace {

constexpr absl::Duration kLongWait = absl::Hours(24);
constexpr absl::Duration kLookAtCaller = absl::Milliseconds(100);
// So long the thread lets events gather after a batch, unless somebody waits for
// them: of the same credits, changed often, many small batches write far more.
constexpr std::chrono::milliseconds kGathering(50);

// The views of the live fold, and only they, read from a snapshot.
const StoredEntries& EntriesOf(const FactsView& view) {
  return static_cast<const SnapshotFacts&>(view.facts()).entries();
}

absl::Status TimeIsOver(uint64_t position, uint64_t folded) {
  return absl::DeadlineExceededError(
      absl::StrCat("position ", position, " is not folded yet; the fold is at ", folded));
}

std::chrono::steady_clock::time_point ToSteady(absl::Time deadline) {
  const absl::Duration left = std::clamp(deadline - absl::Now(), absl::ZeroDuration(), kLongWait);
  return std::chrono::steady_clock::now() + absl::ToChronoMicroseconds(left);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PayoutProjection>> PayoutProjection::Open(EventLog* log,
                                                                         const Options& options) {
  auto projection = std::unique_ptr<PayoutProjection>(new PayoutProjection(log));
  ASSIGN_OR_RETURN(projection->generation_, Generation::OpenCurrent(log));
  ASSIGN_OR_RETURN(projection->fold_, LiveFold::Load(log, projection->generation_));
  projection->Publish(projection->fold_->Publish());
  if (options.follow) {
    projection->thread_ = std::thread([raw = projection.get()] { raw->Follow(); });
  }
  return projection;
}

PayoutProjection::~PayoutProjection() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (waiting_ != nullptr) waiting_->Cancel();
  }
  changed_.notify_all();
  hurry_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const FactsView> PayoutProjection::View() const { return std::atomic_load(&view_); }

void PayoutProjection::Publish(std::shared_ptr<const FactsView> view) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::atomic_store(&view_, std::move(view));
    failure_ = absl::OkStatus();
  }
  changed_.notify_all();
}

absl::Status PayoutProjection::Fail(const absl::Status& reason) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    failure_ = reason;
  }
  changed_.notify_all();
  return failure();
}

absl::Status PayoutProjection::failure() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (failure_.ok()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the fold stopped after position ", View()->position(),
                                             ": ", failure_.message()));
}

absl::Status PayoutProjection::FoldSome(uint64_t last) {
  const std::lock_guard<std::mutex> lock(fold_mutex_);
  if (fold_ == nullptr) return failure();
  if (const absl::Status status = fold_->FoldBatch(last); !status.ok()) {
    fold_ = nullptr;
    return Fail(status);
  }
  if (fold_->position() > View()->position()) Publish(fold_->Publish());
  return absl::OkStatus();
}

void PayoutProjection::Follow() {
  bool caught_up = false;
  while (WaitForRepair() && WaitForEvents() && (!caught_up || Gather())) {
    const uint64_t head = log_->head();
    FoldSome(head).IgnoreError();  // A failure is kept for those who wait.
    caught_up = View()->position() >= head;
    gather_until_ = std::chrono::steady_clock::now() + kGathering;
  }
}

// False when it is time to stop.
bool PayoutProjection::Gather() {
  std::unique_lock<std::mutex> lock(mutex_);
  hurry_.wait_until(lock, gather_until_, [this] { return stopping_ || awaited_ > 0; });
  return !stopping_;
}

// False when it is time to stop.
bool PayoutProjection::WaitForRepair() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || failure_.ok(); });
  return !stopping_;
}

// False when it is time to stop.
bool PayoutProjection::WaitForEvents() {
  Subscription* next = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopping_) return false;
    if (log_->head() > View()->position()) return true;
    waiting_ = log_->Subscribe(View()->position());
    next = waiting_.get();
  }
  // Only to wait: the fold reads for itself.
  next->Next(1, ToSteady(absl::InfiniteFuture()), [](const EventView&) { return absl::OkStatus(); })
      .IgnoreError();
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_ = nullptr;
  return !stopping_;
}

absl::Status PayoutProjection::AwaitThread(uint64_t position, absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (View()->position() >= position) return absl::OkStatus();
  ++awaited_;
  hurry_.notify_one();
  const bool done = changed_.wait_until(
      lock, ToSteady(deadline), [&] { return View()->position() >= position || !failure_.ok(); });
  --awaited_;
  if (View()->position() >= position) return absl::OkStatus();
  lock.unlock();
  return done ? failure() : TimeIsOver(position, View()->position());
}

absl::Status PayoutProjection::WaitFor(uint64_t position, absl::Time deadline) {
  if (thread_.joinable()) return AwaitThread(position, deadline);
  while (View()->position() < position) {
    if (absl::Now() >= deadline) return TimeIsOver(position, View()->position());
    if (log_->head() > View()->position()) {
      RETURN_IF_ERROR(FoldSome(position));
      continue;
    }
    const std::unique_ptr<Subscription> more = log_->Subscribe(View()->position());
    RETURN_IF_ERROR(
        more->Next(1, ToSteady(deadline), [](const EventView&) { return absl::OkStatus(); })
            .status());
  }
  return absl::OkStatus();
}

absl::Status PayoutProjection::CatchUp(absl::Time deadline) {
  return WaitFor(log_->head(), deadline);
}

absl::StatusOr<std::shared_ptr<const FactsView>> PayoutProjection::ViewAsOf(
    uint64_t position, uint64_t plans_position) {
  std::shared_ptr<const FactsView> live = View();
  if (live->position() == position && live->plans_position() == plans_position) return live;
  return past_views_.Get(position, plans_position);
}

absl::StatusOr<std::string> PayoutProjection::Digest() const {
  return DigestOf(EntriesOf(*View()));
}

absl::StatusOr<RebuildOutcome> PayoutProjection::Rebuild(
    int workers, const std::function<bool(uint64_t, uint64_t)>& progress) {
  const std::unique_lock<std::mutex> running(rebuild_mutex_, std::try_to_lock);
  if (!running.owns_lock()) {
    return absl::UnavailableError("another rebuild is running; try again when it has ended");
  }
  // What cannot be folded on is rebuilt from where it stopped.
  CatchUp(absl::InfiniteFuture()).IgnoreError();
  const std::shared_ptr<const FactsView> live = View();
  RebuildOutcome outcome;
  outcome.position = live->position();
  ASSIGN_OR_RETURN(Rebuilt rebuilt,
                   RebuildBeside(log_, outcome.position, EntriesOf(*live), workers, progress));
  outcome.rebuilt_digest = std::move(rebuilt.digest);
  outcome.live_digest = std::move(rebuilt.live_digest);
  RETURN_IF_ERROR(SwapIn(std::move(rebuilt.fold)));
  return outcome;
}

absl::StatusOr<RebuildOutcome> PayoutProjection::Compare(
    int workers, const std::function<bool(uint64_t, uint64_t)>& progress) {
  absl::Status caught_up;
  do {
    if (progress && !progress(0, log_->head())) return absl::CancelledError("nothing was compared");
    caught_up = CatchUp(absl::Now() + kLookAtCaller);
  } while (absl::IsDeadlineExceeded(caught_up));
  RETURN_IF_ERROR(caught_up);
  const std::shared_ptr<const FactsView> live = View();
  return CompareBeside(*log_, live->position(), EntriesOf(*live), workers, progress);
}

absl::Status PayoutProjection::SwapIn(std::unique_ptr<LiveFold> fold) {
  const std::shared_ptr<Generation> fresh = fold->generation();
  const auto put_in_force = [&]() -> absl::Status {
    // Most of what came meanwhile is folded while the old generation goes on.
    for (uint64_t end = log_->head(); fold->position() < end;) {
      RETURN_IF_ERROR(fold->FoldBatch(end));
    }
    const std::lock_guard<std::mutex> lock(fold_mutex_);
    while (fold->position() < log_->head()) RETURN_IF_ERROR(fold->FoldBatch(log_->head()));
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
