#include "ledger/log/group_commit.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

// A group that has so much is written as soon as it can be; a smaller one takes
// what waits first.
constexpr size_t kMinGroupBytes = size_t{256} << 10;
// Less than that is staged sooner by who writes, once it is done, than by another
// thread that must be woken.
constexpr size_t kWorthAThread = size_t{64} << 10;

// An answer that one thread waits for and another gives.
class Answer {
 public:
  void Give(absl::StatusOr<AppendResult> result) {
    const std::lock_guard<std::mutex> lock(mutex_);
    result_ = std::move(result);
    // Under the lock: who waits may be gone as soon as it is free.
    given_.notify_one();
  }

  absl::StatusOr<AppendResult> Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    given_.wait(lock, [this] { return result_.has_value(); });
    return *std::move(result_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  std::optional<absl::StatusOr<AppendResult>> result_;
};

}  // namespace

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

absl::StatusOr<AppendResult> GroupCommit::Submit(const Decide& decide, bool keep) {
  Answer answer;
  Batch batch = {
      .decide = [&decide](const LogState& state) { return decide(state); },
      .keep = keep,
      .done = [&answer](absl::StatusOr<AppendResult> result) { answer.Give(std::move(result)); }};
  Lock lock(mutex_);
  if (staging_ || writing_ || !queue_.empty()) {
    lock.unlock();
    SubmitAsync(std::move(batch.decide), keep, std::move(batch.done));
  } else {
    queue_.push_back(std::move(batch));
    Lead(&lock);
    if (!queue_.empty()) WakeLeader();
  }
  return answer.Wait();
}

void GroupCommit::SubmitAsync(Decide decide, bool keep, Done done) {
  {
    const Lock lock(mutex_);
    if (queue_.size() < kMaxQueuedBatches) {
      queue_.push_back({.decide = std::move(decide), .keep = keep, .done = std::move(done)});
      for (std::thread& thread : threads_) {
        if (!stopping_ && !thread.joinable()) thread = std::thread(&GroupCommit::Run, this);
      }
      WakeLeader();
      return;
    }
  }
  done(absl::ResourceExhaustedError(absl::StrCat(
      kMaxQueuedBatches, " batches wait to be appended already: try again a little later")));
}

void GroupCommit::Run() {
  Lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return queue_.empty() ? stopping_ : MayLead(); });
    if (queue_.empty()) return;
    Lead(&lock);
  }
}

bool GroupCommit::MayLead() const {
  return !staging_ && (!writing_ || queue_.size() * bytes_per_batch_ >= kWorthAThread);
}

void GroupCommit::WakeLeader() {
  if (staging_) {
    turn_.notify_one();
  } else if (MayLead()) {
    work_.notify_one();
  }
}

void GroupCommit::Lead(Lock* lock) {
  staging_ = true;
  Group group = StageGroup(lock);
  absl::Status status = Settle();
  const bool settled = status.ok();
  bytes_per_batch_ = writer_->staged_bytes() / group.size();
  writing_ = true;
  lock->unlock();
  LogWriter::Closed closed;
  if (settled) closed = writer_->Close();
  lock->lock();
  staging_ = false;
  if (queue_.empty() ? stopping_ : MayLead()) work_.notify_all();
  lock->unlock();
  if (settled) status = writer_->Write(&closed);
  if (status.ok()) signal_->Advance(closed.position);
  for (Batch& batch : group) {
    // What was decided on a state that did not come to be does not count.
    batch.done(status.ok() ? std::move(batch.result) : status);
  }
  group.clear();
  lock->lock();
  writing_ = false;
  if (settled) written_ = status;
  if (staging_) turn_.notify_one();
}

GroupCommit::Group GroupCommit::StageGroup(Lock* lock) {
  Group group;
  if (!writing_) Settle().IgnoreError();
  for (;;) {
    const size_t enough = writing_ ? kMaxGroupBytes : kMinGroupBytes;
    while (!queue_.empty() && writer_->staged_bytes() < enough) {
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
      lock->unlock();
      group.back().result = writer_->Stage(group.back().decide, group.back().keep);
      lock->lock();
    }
    if (!writing_) return group;
    turn_.wait(*lock, [&] {
      return !writing_ || (!queue_.empty() && writer_->staged_bytes() < kMaxGroupBytes);
    });
  }
}

absl::Status GroupCommit::Settle() {
  absl::Status status = std::exchange(written_, absl::OkStatus());
  if (!status.ok()) writer_->Reset();
  return status;
}

}  // namespace payfold
