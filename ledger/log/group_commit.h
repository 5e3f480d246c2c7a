// Lets many callers share one writer and one sync. A caller that finds the log
// idle commits in its own thread; what comes while others are at it is queued
// for the committing thread, which takes all that waits by then as one group.
// That thread begins with the first batch that is queued.
// Internal to ledger/log.

#ifndef LEDGER_LOG_GROUP_COMMIT_H_
#define LEDGER_LOG_GROUP_COMMIT_H_

#include <condition_variable>
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
  struct Batch {
    Decide decide;
    bool keep;
    Done done;
    absl::StatusOr<AppendResult> result = absl::UnknownError("not decided yet");
  };

  // What the committing thread does until the destructor stops it.
  void Run();
  // Stages what is queued, as much as fits in a group; gives it.
  std::vector<Batch> StageGroup();
  // Writes what is staged.
  absl::Status Commit();

  LogWriter* writer_;  // Used by the thread that made busy_ true.
  HeadSignal* signal_;
  std::mutex mutex_;  // Guards the rest.
  std::condition_variable wake_;
  std::deque<Batch> queue_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_GROUP_COMMIT_H_
