#include "projections/facts/run_parallel.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace payfold {

absl::Status RunParallel(int workers, size_t count, absl::FunctionRef<absl::Status(size_t)> task) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex;  // Guards the next two.
  size_t first_failed = count;
  absl::Status error;
  const auto work = [&] {
    for (size_t i = next.fetch_add(1); i < count && !failed.load(); i = next.fetch_add(1)) {
      absl::Status status = task(i);
      if (status.ok()) continue;
      failed.store(true);
      const std::lock_guard<std::mutex> lock(mutex);
      if (i >= first_failed) continue;
      first_failed = i;
      error = std::move(status);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < workers && static_cast<size_t>(i) < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return error;
}

}  // namespace payfold
