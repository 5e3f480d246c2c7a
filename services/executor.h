// The threads that handlers run on: they wait for disks and folds, and the
// threads of gRPC must not.

#ifndef SERVICES_EXECUTOR_H_
#define SERVICES_EXECUTOR_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace payfold {

// A fixed number of threads and a queue of limited length. Thread-safe.
class Executor {
 public:
  Executor(int threads, size_t max_queued);
  // Runs what is queued, then stops.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, and `work` is not run, if the queue is full.
  bool Submit(std::function<void()> work);

  // Puts `work` into the queue even if it is full: for the next step of what was
  // taken on before.
  void Continue(std::function<void()> work);

 private:
  void Run();

  const size_t max_queued_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace payfold

#endif  // SERVICES_EXECUTOR_H_
