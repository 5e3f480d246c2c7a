#include "services/long_streams.h"

#include "absl/strings/str_cat.h"
#include "services/errors.h"

namespace payfold {

absl::Status LongStreams::Join(LongStream* stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!ended_.ok()) return ended_;
  if (streams_.size() >= limit_) {
    return TryAgainError(
        absl::StrCat("there are ", limit_, " such streams, as many as may be: end some"),
        absl::Seconds(5));
  }
  streams_.insert(stream);
  return absl::OkStatus();
}

void LongStreams::Leave(LongStream* stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.erase(stream);
}

void LongStreams::EndAll(const absl::Status& status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = status;
  for (LongStream* stream : streams_) stream->End(status);
}

size_t LongStreams::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return streams_.size();
}

}  // namespace payfold
