#include "ledger/base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace payfold {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
};

}  // namespace

Clock* Clock::Real() {
  static RealClock* const clock = new RealClock;
  return clock;
}

}  // namespace payfold
