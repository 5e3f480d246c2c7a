// A clock that tests set.

#ifndef TESTS_SUPPORT_FAKE_CLOCK_H_
#define TESTS_SUPPORT_FAKE_CLOCK_H_

#include <mutex>

#include "absl/time/time.h"
#include "ledger/base/clock.h"

namespace payfold_testing {

// Stands still until told otherwise. Safe to use from any thread.
class FakeClock final : public payfold::Clock {
 public:
  // 2025-01-01T00:00:00Z unless given.
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1'735'689'600)) : now_(now) {}

  absl::Time Now() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return now_;
  }
  void Set(absl::Time now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ = now;
  }
  void Advance(absl::Duration by) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += by;
  }

 private:
  std::mutex mutex_;
  absl::Time now_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_FAKE_CLOCK_H_
