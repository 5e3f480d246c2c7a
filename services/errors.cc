#include "services/errors.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "google/rpc/error_details.pb.h"

namespace payfold {
namespace {

// Of the ErrorInfo and the message that stand beside the violations.
constexpr size_t kBesideViolations = 900;

std::string UrlOf(const google::protobuf::Message& message) {
  return absl::StrCat("type.googleapis.com/", message.GetDescriptor()->full_name());
}

void Attach(const google::protobuf::Message& detail, absl::Status* status) {
  status->SetPayload(UrlOf(detail), absl::Cord(detail.SerializeAsString()));
}

template <typename Detail>
std::optional<Detail> DetailOf(const absl::Status& status) {
  Detail detail;
  const absl::optional<absl::Cord> payload = status.GetPayload(UrlOf(detail));
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

}  // namespace

absl::Status WithReason(absl::Status status, absl::string_view reason,
                        const std::map<std::string, std::string>& metadata) {
  if (status.ok()) return status;
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  Attach(info, &status);
  return status;
}

absl::Status WithViolations(absl::Status status, absl::string_view reason,
                            const std::vector<FieldViolation>& violations,
                            size_t max_detail_bytes) {
  google::rpc::BadRequest bad;
  size_t bytes = kBesideViolations;
  for (const FieldViolation& violation : violations) {
    // Tags and lengths take at most 10 bytes a violation.
    bytes += violation.field.size() + violation.description.size() + 10;
    if (bytes > max_detail_bytes) break;
    google::rpc::BadRequest::FieldViolation* added = bad.add_field_violations();
    added->set_field(violation.field);
    added->set_description(violation.description);
  }
  Attach(bad, &status);
  return WithReason(std::move(status), reason,
                    {{"violations", absl::StrCat(violations.size())},
                     {"violations_given", absl::StrCat(bad.field_violations_size())}});
}

absl::Status FieldError(absl::string_view field, absl::string_view reason,
                        absl::string_view message) {
  return WithViolations(absl::InvalidArgumentError(absl::StrCat(field, ": ", message)), reason,
                        {{std::string(field), std::string(message)}});
}

absl::Status TryAgainError(absl::string_view message, absl::Duration delay) {
  absl::Status status = absl::ResourceExhaustedError(message);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
  Attach(retry, &status);
  return WithReason(std::move(status), kReasonTooBusy);
}

std::string ReasonOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return info.has_value() ? info->reason() : "";
}

std::map<std::string, std::string> MetadataOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  if (!info.has_value()) return {};
  return {info->metadata().begin(), info->metadata().end()};
}

std::vector<FieldViolation> FieldViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  if (!bad.has_value()) return violations;
  for (const auto& violation : bad->field_violations()) {
    violations.push_back({violation.field(), violation.description()});
  }
  return violations;
}

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  const auto retry = DetailOf<google::rpc::RetryInfo>(status);
  if (!retry.has_value()) return std::nullopt;
  return absl::Seconds(retry->retry_delay().seconds()) +
         absl::Nanoseconds(retry->retry_delay().nanos());
}

}  // namespace payfold
