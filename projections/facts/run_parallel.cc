#include "projections/facts/run_parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace payfold {
namespace {

// Turns of the process's background work, in the order in which they are asked for.
class Turns {
 public:
  static Turns& OfProcess() {
    static Turns& turns = *new Turns;
    return turns;
  }

  void Limit(int threads) {
    const std::lock_guard<std::mutex> lock(mutex_);
    limit_ = static_cast<uint64_t>(std::max(1, threads));
    changed_.notify_all();
  }
  void Begin() {
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t number = asked_++;
    changed_.wait(lock, [&] { return number < ended_ + limit_; });
  }
  void End() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++ended_;
    changed_.notify_all();
  }
  // Threads, never more than can be counted.
  int limit() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(std::min<uint64_t>(limit_, std::numeric_limits<int>::max()));
  }
  bool AnyWaits() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return asked_ > ended_ + limit_;
  }

 private:
  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  uint64_t limit_ = std::numeric_limits<uint32_t>::max();
  uint64_t asked_ = 0;  // So many have asked for a turn, and so many had theirs.
  uint64_t ended_ = 0;
};

// A thread that woke up on a busy processor waits for the kernel's next tick, up to 4 ms,
// unless the one that runs there gives way.
constexpr std::chrono::microseconds kBetweenTurns{200};

// Whether the thread does background work, and has its turn.
thread_local bool in_background = false;
thread_local std::chrono::steady_clock::time_point gave_way;

}  // namespace

Background::Background() : is_outermost_(!in_background) {
  if (!is_outermost_) return;
  Turns::OfProcess().Begin();
  in_background = true;
}

Background::~Background() {
  if (!is_outermost_) return;
  in_background = false;
  Turns::OfProcess().End();
}

void Background::TakeTurns() {
  if (!in_background) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - gave_way < kBetweenTurns) return;
  gave_way = now;
  std::this_thread::yield();
  if (!Turns::OfProcess().AnyWaits()) return;
  Turns::OfProcess().End();
  Turns::OfProcess().Begin();
}

std::unique_lock<std::mutex> Background::Lock(std::mutex* mutex) {
  std::unique_lock<std::mutex> lock(*mutex, std::try_to_lock);
  if (lock.owns_lock()) return lock;
  if (in_background) Turns::OfProcess().End();
  lock.lock();
  if (in_background) Turns::OfProcess().Begin();
  return lock;
}

void LimitBackground(int threads) { Turns::OfProcess().Limit(threads); }

absl::Status RunParallel(int workers, size_t count, absl::FunctionRef<absl::Status(size_t)> task) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex;  // Guards the next two.
  size_t first_failed = count;
  absl::Status error;
  const auto work = [&] {
    for (size_t i = next.fetch_add(1); i < count && !failed.load(); i = next.fetch_add(1)) {
      Background::TakeTurns();
      absl::Status status = task(i);
      if (status.ok()) continue;
      failed.store(true);
      const std::lock_guard<std::mutex> lock(mutex);
      if (i >= first_failed) continue;
      first_failed = i;
      error = std::move(status);
    }
  };
  const bool background = in_background;
  // More would only take turns with each other.
  if (background) workers = std::min(workers, Turns::OfProcess().limit());
  std::vector<std::thread> threads;
  for (int i = 1; i < workers && static_cast<size_t>(i) < count; ++i) {
    threads.emplace_back([&work, background] {
      if (!background) return work();
      const Background turn;
      work();
    });
  }
  work();
  // Those that still wait for their turn would wait for the one of who waits for them.
  if (background) Turns::OfProcess().End();
  for (std::thread& thread : threads) thread.join();
  if (background) Turns::OfProcess().Begin();
  return error;
}

}  // namespace payfold
