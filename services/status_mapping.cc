#include "services/status_mapping.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/errors.h"

namespace payfold {
namespace {

// Cut to the limit between two characters of UTF-8.
std::string Cut(absl::string_view message) {
  if (message.size() <= kMaxStatusMessageBytes) return std::string(message);
  constexpr absl::string_view kEllipsis = "…";
  size_t end = kMaxStatusMessageBytes - kEllipsis.size();
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  return absl::StrCat(message.substr(0, end), kEllipsis);
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status wire;
  if (status.ok()) return wire;
  const absl::Status detailed = ReasonOf(status).empty()
                                    ? WithReason(status, absl::StatusCodeToString(status.code()))
                                    : status;
  wire.set_code(static_cast<int>(detailed.code()));
  wire.set_message(std::string(detailed.message()));
  detailed.ForEachPayload([&wire](absl::string_view url, const absl::Cord& payload) {
    google::protobuf::Any* detail = wire.add_details();
    detail->set_type_url(std::string(url));
    detail->set_value(std::string(payload));
  });
  return wire;
}

absl::Status FromRpcStatus(const google::rpc::Status& wire) {
  absl::Status result(static_cast<absl::StatusCode>(wire.code()), wire.message());
  if (result.ok()) return result;
  for (const google::protobuf::Any& detail : wire.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status wire = ToRpcStatus(status);
  wire.set_message(Cut(wire.message()));
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(),
                      wire.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) wire.clear_details();
  wire.set_code(static_cast<int>(status.error_code()));
  wire.set_message(status.error_message());
  return FromRpcStatus(wire);
}

}  // namespace payfold
