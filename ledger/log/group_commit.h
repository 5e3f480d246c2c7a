// Lets many threads share one writer and one sync: whoever comes first leads,
// and stages and commits for all that wait by then. No thread of its own.
// Internal to ledger/log.

#ifndef LEDGER_LOG_GROUP_COMMIT_H_
#define LEDGER_LOG_GROUP_COMMIT_H_

#include <condition_variable>
#include <deque>
#include <mutex>
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
  // Both must outlive it; nothing else may use the writer.
  GroupCommit(LogWriter* writer, HeadSignal* signal) : writer_(writer), signal_(signal) {}

  // As EventLog::Append(), or Check() unless `keep`. Thread-safe.
  absl::StatusOr<AppendResult> Submit(const Decide& decide, bool keep);

 private:
  struct Waiter {
    const Decide* decide;
    bool keep;
    bool done = false;
    absl::StatusOr<AppendResult> result = absl::UnknownError("not decided yet");
    std::condition_variable wake;
  };

  // Stages and commits the first of `group`, as many as fit; gives their number.
  size_t Lead(const std::vector<Waiter*>& group);

  LogWriter* writer_;  // Used by the thread whose waiter is the queue's first.
  HeadSignal* signal_;
  std::mutex mutex_;  // Guards queue_ and the waiters' `done`.
  std::deque<Waiter*> queue_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_GROUP_COMMIT_H_
