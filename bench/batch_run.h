// Batches that are made ready off the clock, and then written by some threads.

#ifndef BENCH_BATCH_RUN_H_
#define BENCH_BATCH_RUN_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/measured.h"
#include "ledger/base/status_macros.h"

namespace payfold {

// Runs work(0), … work(count - 1), each in a thread of its own. Errors: the first
// thread's that has one.
inline absl::Status RunThreads(int count, const std::function<absl::Status(int)>& work) {
  std::vector<absl::Status> done(static_cast<size_t>(count));
  std::vector<std::thread> threads;
  threads.reserve(done.size());
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] { done[static_cast<size_t>(i)] = work(i); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : done) RETURN_IF_ERROR(status);
  return absl::OkStatus();
}

// Some batches at a time: makes them ready, then has them written by `writers`
// threads, each taking the next one. Gives the seconds of the writing alone.
template <typename Ready>
absl::StatusOr<double> RunBatches(
    int64_t batch_count, int writers,
    const std::function<absl::StatusOr<Ready>(int64_t batch)>& make_ready,
    const std::function<absl::Status(int writer, const Ready&)>& write) {
  constexpr int64_t kReadyBatches = 100;  // Bounds memory.
  Stopwatch clock;
  for (int64_t begin = 0; begin < batch_count; begin += kReadyBatches) {
    std::vector<Ready> ready;
    for (int64_t i = begin; i < std::min(begin + kReadyBatches, batch_count); ++i) {
      ASSIGN_OR_RETURN(Ready batch, make_ready(i));
      ready.push_back(std::move(batch));
    }
    std::atomic<size_t> next = 0;
    clock.Start();
    const auto write_some = [&](int writer) -> absl::Status {
      for (size_t i = next++; i < ready.size(); i = next++) {
        RETURN_IF_ERROR(write(writer, ready[i]));
      }
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(RunThreads(writers, write_some));
    clock.Stop();
  }
  return clock.seconds();
}

}  // namespace payfold

#endif  // BENCH_BATCH_RUN_H_
