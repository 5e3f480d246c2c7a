// Lets many callers share one writer and one sync. Batches are queued. Whoever
// leads decides those that wait, one after the other, then has them written and
// answers them; while one leader writes, the next one decides, if that is worth
// waking a thread. A caller that waits leads if it finds the log idle; else two
// threads of the log's own do, which begin with the first batch that needs them.
// Internal to ledger/log.

#ifndef LEDGER_LOG_GROUP_COMMIT_H_
#define LEDGER_LOG_GROUP_COMMIT_H_

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/append_result.h"
#include "ledger/log/log_state.h"
#include "ledger/log/subscription.h"
#include "ledger/log/writer.h"

namespace payfold {

class GroupCommit {
 public:
  using Done = std::function<void(absl::StatusOr<AppendResult>)>;

  // Both must outlive it; nothing else may use the writer.
  GroupCommit(LogWriter* writer, HeadSignal* signal) : writer_(writer), signal_(signal) {}
  // Commits and answers what is queued.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // As EventLog::Append() and AppendAsync(), or Check() and CheckAsync() unless
  // `keep`. Thread-safe.
  absl::StatusOr<AppendResult> Submit(const Decide& decide, bool keep);
  void SubmitAsync(Decide decide, bool keep, Done done);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Batch {
    Decide decide;
    bool keep;
    Done done;
    absl::StatusOr<AppendResult> result = absl::UnknownError("not decided yet");
  };
  using Group = std::vector<Batch>;

  // What the log's threads do until the destructor stops them.
  void Run();
  // Whether another leader has something to do now. REQUIRES: the queue is not empty.
  bool MayLead() const;
  // After something was queued.
  void WakeLeader();
  // Takes one group from the queue to the answers. REQUIRES: nobody stages and
  // the queue is not empty.
  void Lead(Lock* lock);
  // Stages what waits, and what comes until the writing is free.
  Group StageGroup(Lock* lock);
  // How the last write went, once. After one that failed, the writer goes back
  // to what is committed.
  absl::Status Settle();

  LogWriter* writer_;  // Used by who stages.
  HeadSignal* signal_;
  std::mutex mutex_;              // Guards the rest.
  std::condition_variable work_;  // For the log's threads: one may lead, or they end.
  std::condition_variable turn_;  // For who stages: more to stage, or the writing is free.
  std::deque<Batch> queue_;
  bool staging_ = false;
  bool writing_ = false;
  bool stopping_ = false;
  size_t bytes_per_batch_ = 0;  // Of the last group: what to expect of the next.
  absl::Status written_;
  std::array<std::thread, 2> threads_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_GROUP_COMMIT_H_
