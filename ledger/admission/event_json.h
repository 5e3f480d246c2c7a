// Events as JSON: one object, by protobuf's JSON mapping.
//
//   EventFromJson(R"({"event_id": "e1", "source": "crm", "deal_booked": {…}})")
//
// Fields go by their proto names; input accepts lowerCamelCase too. Input is
// strict: a field that does not exist, a key given twice, two payloads, an
// unknown enum value or anything that is not JSON is refused.

#ifndef LEDGER_ADMISSION_EVENT_JSON_H_
#define LEDGER_ADMISSION_EVENT_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// Reads one object. Rules of fields are not checked: that is ValidateBatch().
// Errors: kInvalidArgument with one line that names the column (from 1) or the
// field and, for an unknown field, the nearest known one.
absl::StatusOr<v1::Event> EventFromJson(absl::string_view json);

// One line without a line break; fields that are not set are left out, map
// entries are in order of key.
std::string EventToJson(const v1::Event& event);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_EVENT_JSON_H_
