// A strict look at JSON against a message type, before protobuf reads it:
// protobuf takes what is not quite JSON, keeps the last of two equal keys, and
// its errors do not help people.

#ifndef LEDGER_ADMISSION_JSON_CHECK_H_
#define LEDGER_ADMISSION_JSON_CHECK_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace payfold {

// OK if `json` is one object of RFC 8259 that fits the message by protobuf's JSON
// mapping: fields exist (by either of their names), stand once, have values of
// the right shape; of a oneof at most one is given; enum values are known. The
// range of numbers is not checked.
// Errors: kInvalidArgument, "column 12: …".
absl::Status CheckJson(absl::string_view json, const google::protobuf::Descriptor& message);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_JSON_CHECK_H_
