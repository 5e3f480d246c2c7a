#include "services/client/retry.h"

#include <algorithm>

#include "services/errors.h"

namespace payfold {
namespace {

constexpr absl::Duration kLongestWait = absl::Seconds(5);

}  // namespace

bool IsWorthRetrying(const absl::Status& status) {
  return absl::IsUnavailable(status) ||
         (absl::IsResourceExhausted(status) && RetryDelayOf(status).has_value());
}

std::optional<absl::Duration> Retries::Next(const absl::Status& error, absl::Time now) {
  if (!IsWorthRetrying(error)) return std::nullopt;
  std::uniform_real_distribution<double> part(0.5, 1.0);
  const absl::Duration wait =
      RetryDelayOf(error).value_or(absl::ZeroDuration()) + wait_ * part(random_);
  if (now + wait >= deadline_) return std::nullopt;
  wait_ = std::min(2 * wait_, kLongestWait);
  return wait;
}

}  // namespace payfold
