// A subscription in the process: all events after a position, history first,
// then what is appended, without a gap or a repeat at the seam. A subscriber
// that is slow slows nobody: it reads from the database what it has missed.

#ifndef LEDGER_LOG_SUBSCRIPTION_H_
#define LEDGER_LOG_SUBSCRIPTION_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ledger/log/cursor.h"
#include "ledger/log/event.h"

namespace payfold {

// The last committed position, and a way to wait until it moves. Thread-safe.
class HeadSignal {
 public:
  explicit HeadSignal(uint64_t head) : head_(head) {}

  uint64_t head() const { return head_.load(std::memory_order_acquire); }

  // Publishes a new head and wakes who waits.
  void Advance(uint64_t head);

  // Wakes who waits, so that they look at what they wait for again.
  void WakeAll();

  // Waits until the head is beyond `position`, `stop` is true or the time is
  // over; gives the head.
  uint64_t WaitBeyond(uint64_t position, std::chrono::steady_clock::time_point deadline,
                      const std::atomic<bool>& stop);

 private:
  std::atomic<uint64_t> head_;
  std::mutex mutex_;
  std::condition_variable moved_;
};

// Belongs to one thread at a time, but for Cancel(). Must be destroyed before
// the log.
class Subscription {
 public:
  // Opens a cursor over the positions from `first` on, up to the head.
  using OpenCursor = std::function<std::unique_ptr<EventCursor>(uint64_t first)>;

  Subscription(uint64_t after, HeadSignal* signal, OpenCursor open);

  // Gives the next events, at least one and at most `max_events`, to `visit`, in
  // order; waits for one until `deadline`. Gives their number: 0 when the time
  // is over. An event that `visit` refuses is given again by the next call, and
  // the error is returned.
  // Errors: kCancelled after Cancel(); kDataLoss if the log is damaged.
  absl::StatusOr<size_t> Next(size_t max_events, std::chrono::steady_clock::time_point deadline,
                              absl::FunctionRef<absl::Status(const EventView&)> visit);

  // The position of the last event that was given (or where it started).
  uint64_t position() const { return position_; }

  // Whether everything up to the present head was given.
  bool caught_up() const { return position_ >= signal_->head(); }

  // Ends Next(), now and for ever. May be called from any thread.
  void Cancel();

 private:
  HeadSignal* signal_;
  OpenCursor open_;
  uint64_t position_;
  std::unique_ptr<EventCursor> cursor_;  // None when caught up.
  bool pending_ = false;                 // The cursor's event was not taken yet.
  std::atomic<bool> cancelled_ = false;
};

}  // namespace payfold

#endif  // LEDGER_LOG_SUBSCRIPTION_H_
