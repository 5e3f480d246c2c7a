#include "ledger/log/group_commit.h"

#include "absl/strings/str_cat.h"

namespace payfold {

absl::StatusOr<AppendResult> GroupCommit::Submit(const Decide& decide, bool keep) {
  Waiter self{.decide = &decide, .keep = keep, .wake = {}};
  std::unique_lock<std::mutex> lock(mutex_);
  if (queue_.size() >= kMaxQueuedBatches) {
    return absl::ResourceExhaustedError(absl::StrCat(
        kMaxQueuedBatches, " batches wait to be appended already: try again a little later"));
  }
  queue_.push_back(&self);
  self.wake.wait(lock, [&] { return self.done || queue_.front() == &self; });
  if (self.done) return std::move(self.result);
  const std::vector<Waiter*> group(queue_.begin(), queue_.end());
  lock.unlock();
  const size_t taken = Lead(group);
  lock.lock();
  for (size_t i = 0; i < taken; ++i) {
    queue_.pop_front();
    group[i]->done = true;
    // Under the lock: a waiter that is done may be gone as soon as it is free.
    if (group[i] != &self) group[i]->wake.notify_one();
  }
  if (!queue_.empty()) queue_.front()->wake.notify_one();
  return std::move(self.result);
}

size_t GroupCommit::Lead(const std::vector<Waiter*>& group) {
  size_t taken = 0;
  while (taken < group.size() && (taken == 0 || writer_->staged_bytes() < kMaxGroupBytes)) {
    Waiter* waiter = group[taken++];
    waiter->result = writer_->Stage(*waiter->decide, waiter->keep);
  }
  const absl::Status status = writer_->Commit();
  if (status.ok()) {
    signal_->Advance(writer_->committed());
    return taken;
  }
  for (size_t i = 0; i < taken; ++i) {
    if (group[i]->result.ok()) group[i]->result = status;
  }
  return taken;
}

}  // namespace payfold
