// Who may append at the same time: most batches any number at once; those that
// change what others rely on (erasures take keys away, closes end periods) one
// alone. First come, first served.

#ifndef LEDGER_ADMISSION_APPEND_ORDER_H_
#define LEDGER_ADMISSION_APPEND_ORDER_H_

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace payfold {

// Thread-safe. A turn that one thread took another may give back.
class AppendOrder {
 public:
  // Waits for a turn, beside others or alone.
  void Enter(bool alone) {
    // Who comes later waits here, so that nobody waits for ever.
    const std::lock_guard<std::mutex> gate(gate_);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !alone_ && (!alone || under_way_ == 0); });
    ++under_way_;
    alone_ = alone;
  }

  void Leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    --under_way_;
    alone_ = false;  // While one is alone, no other can leave.
    if (under_way_ == 0) changed_.notify_one();
  }

 private:
  std::mutex gate_;   // Held by the one that waits for its turn.
  std::mutex mutex_;  // Guards the rest.
  std::condition_variable changed_;
  size_t under_way_ = 0;
  bool alone_ = false;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_APPEND_ORDER_H_
