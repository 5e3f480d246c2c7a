// What admission sees of the log while it decides about a batch: everything
// that was committed, and everything that earlier batches of the same group
// commit are about to add. A decision made on it is made on the state in which
// the batch will be appended.

#ifndef LEDGER_LOG_LOG_STATE_H_
#define LEDGER_LOG_LOG_STATE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/log/event.h"

namespace payfold {

struct KnownEvent {
  uint64_t position;
  ContentDigest content_digest;
};

// Used by the thread that runs the decision, only while it runs.
//
// Errors: every method gives the error of the database when that cannot be read.
class LogState {
 public:
  virtual ~LogState() = default;

  // The position of the last event, 0 for none.
  virtual uint64_t Head() const = 0;

  // The time the batch will be recorded at, microseconds since the Unix epoch.
  virtual int64_t NowMicros() const = 0;

  // Says what will be asked for, event ids and names of streams: which of them are not
  // there, as most are not, is found out all at once.
  virtual absl::Status Expect(absl::Span<const absl::string_view> event_ids,
                              absl::Span<const absl::string_view> streams) const = 0;

  virtual absl::StatusOr<std::optional<KnownEvent>> FindEventId(
      absl::string_view event_id) const = 0;

  // The number of events in the stream: 0 if there is no such stream.
  virtual absl::StatusOr<uint64_t> StreamVersion(absl::string_view stream) const = 0;

  // Calls `visit` for the stream's events, oldest first, until it gives an
  // error, which is returned. No event: no call.
  virtual absl::Status ReadStream(
      absl::string_view stream, absl::FunctionRef<absl::Status(const EventView&)> visit) const = 0;

  // The event at that position, which is not beyond Head(). Its view is valid until the
  // next call.
  virtual absl::StatusOr<EventView> Get(uint64_t position) const = 0;

  // Whether any event so far names the participant.
  virtual absl::StatusOr<bool> HasParticipant(absl::string_view participant_id) const = 0;
};

// Decides about one batch: for each event that was handed in, in order, what it
// is. An error refuses the whole batch and is what Append() returns. Runs in
// the writer: it must be quick, must not call the log, and should leave decoding
// and hashing to the time before the batch is submitted.
using Decide = std::function<absl::StatusOr<std::vector<Decision>>(const LogState&)>;

}  // namespace payfold

#endif  // LEDGER_LOG_LOG_STATE_H_
