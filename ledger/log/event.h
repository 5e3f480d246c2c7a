// Events as the log takes and gives them: bytes, with the little beside them
// that the log needs to place and to find them. The log knows no payload.
//
// The stored bytes of an event are the serialisation of payfold.v1.Event. The
// log writes its first three fields (position, recorded_at, stream_version) and
// appends the body, the other fields as admission serialised them. Stored bytes
// are the leaves of the Merkle tree and are never serialised again.

#ifndef LEDGER_LOG_EVENT_H_
#define LEDGER_LOG_EVENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace payfold {

// A keyed digest of an event's content as its source gave it. The log keeps it
// with the event id and compares nothing: that is admission's work.
using ContentDigest = std::array<uint8_t, 16>;

inline constexpr uint32_t kMaxKind = 63;

// What the log itself takes; what clients may send is the services' business.
inline constexpr size_t kMaxEventBytes = size_t{16} << 20;
inline constexpr size_t kMaxBatchBytes = size_t{256} << 20;
// A group commit takes no further batch once it has this many bytes.
inline constexpr size_t kMaxGroupBytes = size_t{4} << 20;
inline constexpr size_t kMaxQueuedBatches = 4096;

// An event to be appended.
struct NewEvent {
  std::string event_id;  // Not empty.
  std::string stream;    // "deals/D-17"; not empty.
  uint32_t kind = 0;     // Which payload: 1 to kMaxKind.
  // Ids that the payload names, distinct, in payload order.
  std::vector<std::string> participants;
  std::string body;  // Fields 4 and up of payfold.v1.Event, serialised.
  ContentDigest content_digest = {};
  // The version the stream must have just before this event (0: no event yet).
  std::optional<uint64_t> expected_stream_version = std::nullopt;
};

// An event that is in the log already; appending it again is a success.
struct DuplicateOf {
  uint64_t position;
};

// What admission decided for one event that was handed in.
using Decision = std::variant<NewEvent, DuplicateOf>;

// One stored event, as a view: valid as long as the block it was read from.
struct EventView {
  uint64_t position = 0;           // 1, 2, 3, …
  int64_t recorded_at_micros = 0;  // Since the Unix epoch, UTC.
  uint32_t kind = 0;
  uint32_t stream = 0;          // Dense number, see EventLog::StreamName().
  uint64_t stream_version = 0;  // 1, 2, 3, … in the stream.
  // Dense numbers of the participants named, in payload order.
  absl::Span<const uint32_t> participants;
  absl::string_view bytes;  // Stored bytes.
};

// Which events to read, in which direction. Conditions are joined by "and".
struct EventQuery {
  uint64_t first = 1;  // Lowest position wanted.
  // Highest position wanted; what lies beyond the head is not read.
  uint64_t last = std::numeric_limits<uint64_t>::max();
  bool backward = false;                               // From `last` down to `first`.
  std::optional<uint32_t> stream = std::nullopt;       // Dense number.
  std::optional<uint32_t> participant = std::nullopt;  // Dense number.
  uint64_t kinds = ~uint64_t{0};                       // Bit k is set: kind k is wanted.
};

constexpr uint64_t KindBit(uint32_t kind) { return uint64_t{1} << kind; }

}  // namespace payfold

#endif  // LEDGER_LOG_EVENT_H_
