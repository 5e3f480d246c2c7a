#include "ledger/log/group_commit.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

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
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<AppendResult> GroupCommit::Submit(const Decide& decide, bool keep) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (busy_ || !queue_.empty()) {
    lock.unlock();
    Answer answer;
    SubmitAsync([&decide](const LogState& state) { return decide(state); }, keep,
                [&answer](absl::StatusOr<AppendResult> result) { answer.Give(std::move(result)); });
    return answer.Wait();
  }
  busy_ = true;
  lock.unlock();
  absl::StatusOr<AppendResult> result = writer_->Stage(decide, keep);
  const absl::Status status = Commit();
  if (result.ok() && !status.ok()) result = status;
  lock.lock();
  busy_ = false;
  if (!queue_.empty()) wake_.notify_one();
  return result;
}

void GroupCommit::SubmitAsync(Decide decide, bool keep, Done done) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (queue_.size() < kMaxQueuedBatches) {
      queue_.push_back({.decide = std::move(decide), .keep = keep, .done = std::move(done)});
      if (!thread_.joinable()) thread_ = std::thread(&GroupCommit::Run, this);
      if (!busy_) wake_.notify_one();
      return;
    }
  }
  done(absl::ResourceExhaustedError(absl::StrCat(
      kMaxQueuedBatches, " batches wait to be appended already: try again a little later")));
}

void GroupCommit::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return !busy_ && (stopping_ || !queue_.empty()); });
    if (queue_.empty()) return;
    busy_ = true;
    lock.unlock();
    std::vector<Batch> group = StageGroup();
    const absl::Status status = Commit();
    for (Batch& batch : group) {
      if (batch.result.ok() && !status.ok()) batch.result = status;
      batch.done(std::move(batch.result));
    }
    // What the callbacks hold goes before others take the log.
    group.clear();
    lock.lock();
    busy_ = false;
  }
}

std::vector<GroupCommit::Batch> GroupCommit::StageGroup() {
  std::vector<Batch> group;
  while (group.empty() || writer_->staged_bytes() < kMaxGroupBytes) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (queue_.empty()) break;
      group.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    group.back().result = writer_->Stage(group.back().decide, group.back().keep);
  }
  return group;
}

absl::Status GroupCommit::Commit() {
  const absl::Status status = writer_->Commit();
  if (status.ok()) signal_->Advance(writer_->committed());
  return status;
}

}  // namespace payfold
