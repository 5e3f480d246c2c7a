#include "ledger/admission/event_json.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/stubs/status.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/admission/deterministic.h"
#include "ledger/admission/json_check.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

absl::StatusOr<v1::Event> EventFromJson(absl::string_view json) {
  RETURN_IF_ERROR(CheckJson(json, *v1::Event::descriptor()));
  v1::Event event;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), &event);
  if (status.ok()) return event;
  const google::protobuf::StringPiece message = status.message();
  return absl::InvalidArgumentError(
      absl::StrReplaceAll(absl::string_view(message.data(), message.size()), {{"\n", " "}}));
}

std::string EventToJson(const v1::Event& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  return JsonDeterministically(event, options);
}

}  // namespace payfold
