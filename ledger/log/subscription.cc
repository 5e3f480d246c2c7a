#include "ledger/log/subscription.h"

#include <utility>

#include "ledger/base/status_macros.h"

namespace payfold {

void HeadSignal::Advance(uint64_t head) {
  {
    // Under the mutex, so that who has just looked cannot miss it.
    const std::lock_guard<std::mutex> lock(mutex_);
    head_.store(head, std::memory_order_release);
  }
  moved_.notify_all();
}

void HeadSignal::WakeAll() {
  { const std::lock_guard<std::mutex> lock(mutex_); }
  moved_.notify_all();
}

uint64_t HeadSignal::WaitBeyond(uint64_t position, std::chrono::steady_clock::time_point deadline,
                                const std::atomic<bool>& stop) {
  std::unique_lock<std::mutex> lock(mutex_);
  moved_.wait_until(lock, deadline, [&] { return head() > position || stop.load(); });
  return head();
}

Subscription::Subscription(uint64_t after, HeadSignal* signal, OpenCursor open)
    : signal_(signal), open_(std::move(open)), position_(after) {}

absl::StatusOr<size_t> Subscription::Next(size_t max_events,
                                          std::chrono::steady_clock::time_point deadline,
                                          absl::FunctionRef<absl::Status(const EventView&)> visit) {
  size_t given = 0;
  while (given < max_events) {
    if (cancelled_.load()) return absl::CancelledError("the subscription was cancelled");
    if (cursor_ == nullptr) {
      if (given > 0 && caught_up()) return given;
      if (signal_->WaitBeyond(position_, deadline, cancelled_) <= position_) {
        if (cancelled_.load()) continue;
        return given;
      }
      cursor_ = open_(position_ + 1);
    }
    if (!pending_ && !cursor_->Next()) {
      const absl::Status status = cursor_->status();
      cursor_ = nullptr;
      RETURN_IF_ERROR(status);
      continue;
    }
    pending_ = true;
    RETURN_IF_ERROR(visit(cursor_->event()));
    pending_ = false;
    position_ = cursor_->event().position;
    ++given;
  }
  return given;
}

void Subscription::Cancel() {
  cancelled_.store(true);
  signal_->WakeAll();
}

}  // namespace payfold
