#include "projections/replay/runner.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/processors.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"
#include "projections/replay/fork.h"
#include "projections/runtime/live_fold.h"

namespace payfold {
namespace {

constexpr absl::Duration kLookAround = absl::Milliseconds(50);

void SetTime(absl::Time time, google::protobuf::Timestamp* stamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  stamp->set_seconds(micros / 1'000'000);
  stamp->set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1'000);
}

absl::Status NoSuchReplay(absl::string_view replay_id) {
  return absl::NotFoundError(absl::StrCat("there is no replay ", Quote(replay_id)));
}

// Progress over participants, with an estimate of what is left.
class Estimate {
 public:
  v1::ReplayProgress At(uint64_t evaluated, uint64_t total, uint64_t events) const {
    v1::ReplayProgress progress;
    progress.set_events_folded(events);
    progress.set_events_total(events);
    progress.set_groups_evaluated(evaluated);
    progress.set_groups_total(total);
    const auto elapsed = std::chrono::steady_clock::now() - begun_;
    const auto seconds = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
    if (evaluated > 0) {
      progress.set_seconds_left(seconds * static_cast<int64_t>(total - evaluated) /
                                static_cast<int64_t>(evaluated) / 1'000);
    }
    return progress;
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace

bool HasEnded(const v1::Replay& replay) { return replay.state() != v1::RUNNING; }

ReplayRunner::ReplayRunner(EventLog* log, PayoutProjection* payouts, Clock* clock)
    : log_(log), payouts_(payouts), clock_(clock), store_(log) {
  Resume();
}

ReplayRunner::~ReplayRunner() {
  stopping_.store(true);
  for (auto& [id, running] : running_) running->thread.join();
}

// What cannot be read stays where it is: Get() says so.
void ReplayRunner::Resume() {
  const absl::StatusOr<std::vector<v1::Replay>> kept = store_.List();
  if (!kept.ok()) return;
  for (const v1::Replay& replay : *kept) {
    if (HasEnded(replay)) continue;
    absl::StatusOr<std::vector<v1::Event>> events = store_.Events(replay.replay_id());
    if (events.ok()) Launch(replay, *std::move(events), nullptr);
  }
}

void ReplayRunner::Reap() {
  for (auto at = running_.begin(); at != running_.end();) {
    if (!at->second->ended) {
      ++at;
      continue;
    }
    at->second->thread.join();
    at = running_.erase(at);
  }
}

absl::StatusOr<v1::Replay> ReplayRunner::Start(v1::Replay replay, std::vector<v1::Event> events,
                                               std::shared_ptr<const FactsView> base) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Reap();
  ASSIGN_OR_RETURN(const std::optional<v1::Replay> known, store_.Find(replay.replay_id()));
  if (known.has_value()) {
    return absl::AlreadyExistsError(
        absl::StrCat("there is a replay ", Quote(replay.replay_id()), " already"));
  }
  if (running_.size() >= kMaxRunningReplays) {
    return absl::ResourceExhaustedError(
        absl::StrCat(running_.size(), " replays of this ledger are running, as many as may"));
  }
  replay.set_state(v1::RUNNING);
  replay.set_position(base->position());
  replay.set_events(static_cast<int32_t>(events.size()));
  SetTime(clock_->Now(), replay.mutable_started_at());
  RETURN_IF_ERROR(store_.Begin(replay, events));
  Launch(replay, std::move(events), std::move(base));
  return replay;
}

// REQUIRES: mutex_ is held, or nobody else knows this runner yet.
void ReplayRunner::Launch(v1::Replay replay, std::vector<v1::Event> events,
                          std::shared_ptr<const FactsView> base) {
  const auto running = std::make_shared<Running>();
  running->replay = std::move(replay);
  running_[running->replay.replay_id()] = running;
  Running* const raw = running.get();
  running->thread = std::thread(
      [this, raw, events = std::move(events), base = std::move(base)] { Run(raw, events, base); });
}

absl::Status ReplayRunner::CheckGoOn(const Running& running) const {
  if (stopping_.load() || running.cancelled.load()) {
    return absl::CancelledError("the replay was cancelled");
  }
  return absl::OkStatus();
}

void ReplayRunner::Tell(Running* running, const v1::ReplayProgress& progress) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t known = running->replay.progress().groups_evaluated();
    if (progress.groups_evaluated() >= known) *running->replay.mutable_progress() = progress;
  }
  changed_.notify_all();
}

absl::Status ReplayRunner::Compute(Running* running, const std::vector<v1::Event>& events,
                                   std::shared_ptr<const FactsView> base, v1::Replay* replay) {
  const uint64_t position = replay->position();
  while (base == nullptr) {
    RETURN_IF_ERROR(CheckGoOn(*running));
    const absl::Status folded = payouts_->WaitFor(position, absl::Now() + kLookAround);
    if (absl::IsDeadlineExceeded(folded)) continue;
    RETURN_IF_ERROR(folded);
    ASSIGN_OR_RETURN(base, payouts_->ViewAsOf(position, position));
  }
  RETURN_IF_ERROR(CheckGoOn(*running));
  const Background background;
  ASSIGN_OR_RETURN(const Fork fork, Fork::Make(std::move(base), events, FindPositionIn(log_)));
  CompareOptions options;
  ASSIGN_OR_RETURN(options.scope, ReadScope(fork.view(), replay->scope()));
  options.workers = ProcessorCount();
  options.kept = &kept_;
  const uint64_t folded = position + events.size();
  options.progress = [&, estimate = Estimate()](uint64_t evaluated, uint64_t total) {
    Tell(running, estimate.At(evaluated, total, folded));
    return CheckGoOn(*running);
  };
  ASSIGN_OR_RETURN(const Differences differences, ComputeDifferences(fork, options));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    *replay->mutable_progress() = running->replay.progress();
  }
  replay->mutable_progress()->set_events_folded(folded);
  replay->mutable_progress()->set_events_total(folded);
  replay->mutable_progress()->clear_seconds_left();
  replay->set_state(v1::SUCCEEDED);
  replay->set_digest(differences.digest);
  replay->set_differences(differences.rows.size());
  replay->set_true_ups(differences.true_ups.size());
  replay->mutable_totals()->Assign(differences.totals.begin(), differences.totals.end());
  replay->set_participants_evaluated(differences.evaluated);
  replay->set_participants_total(differences.participants);
  SetTime(clock_->Now(), replay->mutable_ended_at());
  RETURN_IF_ERROR(CheckGoOn(*running));
  return store_.Finish(*replay, differences, fork.view().reference());
}

void ReplayRunner::Run(Running* running, const std::vector<v1::Event>& events,
                       std::shared_ptr<const FactsView> base) {
  v1::Replay replay = running->replay;
  const absl::Status status = Compute(running, events, std::move(base), &replay);
  if (!status.ok()) {
    const bool cancelled = running->cancelled.load();
    // What is only interrupted stays as it is kept: it is begun again.
    if (stopping_.load() && !cancelled) return;
    replay = running->replay;
    replay.set_state(cancelled ? v1::CANCELLED : v1::FAILED);
    if (!cancelled) replay.set_error(std::string(status.message()));
    SetTime(clock_->Now(), replay.mutable_ended_at());
    // A disk that cannot take it: whoever watches is told, and after the next open it
    // is begun again.
    store_.Write(replay).IgnoreError();
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    running->replay = std::move(replay);
    running->ended = true;
  }
  changed_.notify_all();
}

absl::StatusOr<v1::Replay> ReplayRunner::Get(absl::string_view replay_id) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = running_.find(replay_id);
    if (at != running_.end()) return at->second->replay;
  }
  ASSIGN_OR_RETURN(std::optional<v1::Replay> kept, store_.Find(replay_id));
  if (!kept.has_value()) return NoSuchReplay(replay_id);
  return *std::move(kept);
}

absl::StatusOr<std::vector<v1::Replay>> ReplayRunner::List() const {
  ASSIGN_OR_RETURN(std::vector<v1::Replay> list, store_.List());
  const std::lock_guard<std::mutex> lock(mutex_);
  for (v1::Replay& replay : list) {
    const auto at = running_.find(replay.replay_id());
    if (at != running_.end()) replay = at->second->replay;
  }
  return list;
}

void ReplayRunner::AwaitChange(absl::string_view replay_id, const v1::Replay& seen,
                               std::chrono::milliseconds limit) const {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, limit, [&] {
    const auto at = running_.find(replay_id);
    if (at == running_.end()) return true;
    const v1::Replay& now = at->second->replay;
    return now.state() != seen.state() ||
           now.progress().groups_evaluated() != seen.progress().groups_evaluated();
  });
}

absl::StatusOr<v1::Replay> ReplayRunner::Cancel(absl::string_view replay_id,
                                                const std::function<absl::Status()>& go_on) {
  ASSIGN_OR_RETURN(const v1::Replay replay, Get(replay_id));
  std::unique_lock<std::mutex> lock(mutex_);
  const auto at = running_.find(replay_id);
  if (at != running_.end()) {
    const std::shared_ptr<Running> running = at->second;
    running->cancelled.store(true);
    while (!running->ended) {
      RETURN_IF_ERROR(go_on());
      changed_.wait_for(lock, absl::ToChronoMilliseconds(kLookAround));
    }
    if (running->replay.state() == v1::CANCELLED) return running->replay;
  } else if (replay.state() == v1::CANCELLED) {
    return replay;
  }
  return absl::FailedPreconditionError(
      absl::StrCat("replay ", Quote(replay_id), " has ended: it cannot be cancelled any more"));
}

}  // namespace payfold
