// The streams that stay until somebody ends them: subscriptions and append
// streams. They are told when what they stand on goes away.

#ifndef SERVICES_LONG_STREAMS_H_
#define SERVICES_LONG_STREAMS_H_

#include <cstddef>
#include <mutex>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

namespace payfold {

class LongStream {
 public:
  virtual ~LongStream() = default;
  // Finishes the stream with that error, soon; quick, and more than once does no
  // harm.
  virtual void End(const absl::Status& status) = 0;
};

// Thread-safe.
class LongStreams {
 public:
  explicit LongStreams(size_t limit) : limit_(limit) {}

  // Takes the stream in until Leave().
  // Errors: TryAgainError() if there are as many as may be; after EndAll() its
  // status.
  absl::Status Join(LongStream* stream);
  // The stream gets no End() once this has returned. Without effect if it is not
  // there.
  void Leave(LongStream* stream);

  // Ends all, and lets nobody in any more. `status` is an error.
  void EndAll(const absl::Status& status);

  size_t size() const;

 private:
  const size_t limit_;
  mutable std::mutex mutex_;  // Guards all below; End() is called under it.
  absl::flat_hash_set<LongStream*> streams_;
  absl::Status ended_;
};

}  // namespace payfold

#endif  // SERVICES_LONG_STREAMS_H_
