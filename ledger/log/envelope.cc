#include "ledger/log/envelope.h"

#include <limits>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

// Wire types.
constexpr uint64_t kVarint = 0;
constexpr uint64_t kFixed64 = 1;
constexpr uint64_t kBytes = 2;
constexpr uint64_t kFixed32 = 5;

struct Field {
  uint64_t number = 0;
  uint64_t value = 0;       // Of a varint.
  absl::string_view bytes;  // Of a string or a message.
};

bool Skip(absl::string_view* in, size_t count) {
  if (in->size() < count) return false;
  in->remove_prefix(count);
  return true;
}

bool GetField(absl::string_view* in, Field* field) {
  uint64_t tag = 0;
  if (!GetVarint64(in, &tag)) return false;
  *field = {.number = tag >> 3, .value = 0, .bytes = {}};
  switch (tag & 7) {
    case kVarint:
      return GetVarint64(in, &field->value);
    case kFixed64:
      return Skip(in, 8);
    case kBytes:
      return GetLengthPrefixed(in, &field->bytes);
    case kFixed32:
      return Skip(in, 4);
    default:
      return false;
  }
}

absl::Status Malformed() {
  return absl::DataLossError("the stored bytes are not in protobuf's wire format");
}

absl::StatusOr<int64_t> ParseTimestamp(absl::string_view bytes) {
  Field field;
  int64_t seconds = 0;
  int64_t nanos = 0;
  while (!bytes.empty()) {
    if (!GetField(&bytes, &field)) return Malformed();
    if (field.number == 1) seconds = static_cast<int64_t>(field.value);
    if (field.number == 2) nanos = static_cast<int64_t>(field.value);
  }
  constexpr int64_t kMaxSeconds = std::numeric_limits<int64_t>::max() / kMicrosPerSecond - 1;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return Malformed();
  return seconds * kMicrosPerSecond + nanos / 1000;
}

}  // namespace

void AppendEnvelope(std::string* out, uint64_t position, int64_t recorded_at_micros,
                    uint64_t stream_version) {
  int64_t seconds = recorded_at_micros / kMicrosPerSecond;
  int64_t micros = recorded_at_micros % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  std::string time;
  if (seconds != 0) {
    time.push_back(0x08);
    PutVarint64(&time, static_cast<uint64_t>(seconds));
  }
  if (micros != 0) {
    time.push_back(0x10);
    PutVarint64(&time, static_cast<uint64_t>(micros) * 1000);
  }
  out->push_back(0x08);
  PutVarint64(out, position);
  out->push_back(0x12);
  PutLengthPrefixed(out, time);
  out->push_back(0x18);
  PutVarint64(out, stream_version);
}

absl::StatusOr<Envelope> ParseEnvelope(absl::string_view bytes) {
  Envelope envelope;
  Field field;
  while (!bytes.empty()) {
    if (!GetField(&bytes, &field)) return Malformed();
    switch (field.number) {
      case 1:
        envelope.position = field.value;
        break;
      case 2: {
        ASSIGN_OR_RETURN(envelope.recorded_at_micros, ParseTimestamp(field.bytes));
        break;
      }
      case 3:
        envelope.stream_version = field.value;
        break;
      case 4:
        envelope.event_id = field.bytes;
        break;
      case 7:
        envelope.stream = field.bytes;
        break;
      default:
        break;
    }
  }
  return envelope;
}

}  // namespace payfold
