// Which failed calls are worth another try, and how long to wait before it.

#ifndef SERVICES_CLIENT_RETRY_H_
#define SERVICES_CLIENT_RETRY_H_

#include <optional>
#include <random>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace payfold {

// The server, or the way to it, may be back in a moment: kUnavailable, and
// kResourceExhausted with a retry delay.
bool IsWorthRetrying(const absl::Status& status);

// The tries of one call, or of one outage of a stream. Belongs to one thread.
class Retries {
 public:
  // No try begins after `deadline`.
  explicit Retries(absl::Time deadline) : deadline_(deadline), random_(std::random_device()()) {}

  // How long to wait before the next try; nothing if there is to be none. Waits
  // double from 50 ms to 5 s, half of each is random, so that clients do not come
  // back all at once. The delay that an error asks for is added.
  std::optional<absl::Duration> Next(const absl::Status& error, absl::Time now = absl::Now());

 private:
  absl::Time deadline_;
  absl::Duration wait_ = absl::Milliseconds(50);
  std::minstd_rand random_;
};

}  // namespace payfold

#endif  // SERVICES_CLIENT_RETRY_H_
