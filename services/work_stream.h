// Long work as a server stream: progress now and then, then the outcome.

#ifndef SERVICES_WORK_STREAM_H_
#define SERVICES_WORK_STREAM_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "ledger/base/status_macros.h"
#include "services/call.h"

namespace payfold {

// Runs the work in a thread of its own. Progress that a slow client has not taken
// yet is replaced by what comes after it.
template <typename Response>
class WorkStream final : public Producer<Response> {
 public:
  // Says how far the work is; false when nobody waits for it any more, and it is to
  // end with an error.
  using Tell = std::function<bool(Response progress)>;
  // Gives the last message. It must tell often: its end is waited for.
  using Work = std::function<absl::StatusOr<Response>(const Tell&)>;

  explicit WorkStream(Work work) {
    thread_ = std::thread([this, work = std::move(work)] {
      absl::StatusOr<Response> last =
          work([this](Response progress) { return OnProgress(std::move(progress)); });
      const std::lock_guard<std::mutex> lock(mutex_);
      last_ = std::move(last);
      changed_.notify_all();
    });
  }

  // Waits for the thread, which it cancels.
  ~WorkStream() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      cancelled_ = true;
    }
    thread_.join();
  }

  absl::StatusOr<bool> Next(const Call& call, Response* response) override {
    std::unique_lock<std::mutex> lock(mutex_);
    if (over_) return false;
    while (!progress_.has_value() && !last_.has_value()) {
      RETURN_IF_ERROR(call.CheckAlive());
      changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
    if (last_.has_value()) {
      over_ = true;
      RETURN_IF_ERROR(last_->status());
      *response = **std::move(last_);
    } else {
      *response = *std::move(progress_);
      progress_.reset();
    }
    return true;
  }

 private:
  bool OnProgress(Response progress) {
    const std::lock_guard<std::mutex> lock(mutex_);
    progress_ = std::move(progress);
    changed_.notify_all();
    return !cancelled_;
  }

  std::mutex mutex_;  // Guards all below but the thread.
  std::condition_variable changed_;
  std::optional<Response> progress_;  // Not given to the client yet.
  std::optional<absl::StatusOr<Response>> last_;
  bool cancelled_ = false;
  bool over_ = false;  // The last message was given.
  std::thread thread_;
};

}  // namespace payfold

#endif  // SERVICES_WORK_STREAM_H_
