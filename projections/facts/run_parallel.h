// Runs numbered tasks with several threads.

#ifndef PROJECTIONS_FACTS_RUN_PARALLEL_H_
#define PROJECTIONS_FACTS_RUN_PARALLEL_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace payfold {

// Calls `task` for 0 to `count` - 1, each once, with up to `workers` threads, the
// caller's among them, and returns when all have ended. After an error no further
// task is started; of several errors that of the lowest task is given.
absl::Status RunParallel(int workers, size_t count, absl::FunctionRef<absl::Status(size_t)> task);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_RUN_PARALLEL_H_
