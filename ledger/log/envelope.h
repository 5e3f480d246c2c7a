// The envelope of stored bytes: the few fields of payfold.v1.Event that the log
// knows of, read from the wire format without decoding the payload.
//
// Source: protobuf encoding guide; field numbers, proto/payfold/v1/event.proto.

#ifndef LEDGER_LOG_ENVELOPE_H_
#define LEDGER_LOG_ENVELOPE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

struct Envelope {
  uint64_t position = 0;           // Field 1.
  int64_t recorded_at_micros = 0;  // Field 2, a Timestamp.
  uint64_t stream_version = 0;     // Field 3.
  absl::string_view event_id;      // Field 4.
  absl::string_view stream;        // Field 7.
};

// Writes the first three fields. What follows them is written by admission.
void AppendEnvelope(std::string* out, uint64_t position, int64_t recorded_at_micros,
                    uint64_t stream_version);

// Reads the envelope; its views point into `bytes`. Other fields are skipped.
// Errors: kDataLoss if the bytes are not in the wire format.
absl::StatusOr<Envelope> ParseEnvelope(absl::string_view bytes);

}  // namespace payfold

#endif  // LEDGER_LOG_ENVELOPE_H_
