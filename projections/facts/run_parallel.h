// Runs numbered tasks with several threads.

#ifndef PROJECTIONS_FACTS_RUN_PARALLEL_H_
#define PROJECTIONS_FACTS_RUN_PARALLEL_H_

#include <cstddef>
#include <mutex>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace payfold {

// Calls `task` for 0 to `count` - 1, each once, with up to `workers` threads, the
// caller's among them, and returns when all have ended. After an error no further
// task is started; of several errors that of the lowest task is given.
absl::Status RunParallel(int workers, size_t count, absl::FunctionRef<absl::Status(size_t)> task);

// Long work that nobody waits for by the millisecond. While it lives, the calling thread
// and those that RunParallel() starts for it run only as far as LimitBackground() lets
// all such work of the process run at once; they take turns, a task at a time. It must
// not wait for other background work but with Lock(), nor hold what answers wait for.
//
// Lower priorities would not do: a thread that wakes up is put on a processor that runs
// only such work, and has to wait there until the kernel looks again.
class Background {
 public:
  Background();
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Lets others have the processor, and their turn, in what takes long: to be called every
  // hundred microseconds or so, which costs next to nothing. Does nothing in other threads.
  static void TakeTurns();

  // A lock that is held over turns. Who has to wait for it gives up the turn meanwhile:
  // its holder may need it to come to an end.
  static std::unique_lock<std::mutex> Lock(std::mutex* mutex);

 private:
  const bool is_outermost_;
};

// So many threads of background work run at once, at least 1; without it all of them. A
// process that answers leaves a processor for that.
void LimitBackground(int threads);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_RUN_PARALLEL_H_
