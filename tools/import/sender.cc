#include "tools/import/sender.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/admission/stream_name.h"
#include "ledger/admission/validate.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Half of what a batch may have: envelopes are written around the events.
constexpr size_t kBatchBytes = kMaxBatchMessageBytes / 2;

// The ledger refuses the events themselves, as opposed to being out of reach.
bool IsAboutTheEvents(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return true;
    default:
      return false;
  }
}

// "events[0].deal_booked.product" is "deal_booked.product" of a row.
std::string FieldInEvent(absl::string_view field) {
  const size_t dot = field.find("].");
  return std::string(dot == absl::string_view::npos ? field : field.substr(dot + 2));
}

}  // namespace

absl::Status Sender::Add(RowEvents row) {
  const std::vector<Violation> violations = ValidateBatch(row.events);
  for (const Violation& violation : violations) {
    problems_.push_back({row.file, row.line, FieldInEvent(violation.field), "", violation.message});
  }
  if (!violations.empty()) {
    ++refused_rows_;
    return absl::OkStatus();
  }
  for (const v1::Event& event : row.events) queued_bytes_ += event.ByteSizeLong();
  queued_events_ += row.events.size();
  queue_.push_back(std::move(row));
  if (queued_events_ < batch_events_ && queued_bytes_ < kBatchBytes) return absl::OkStatus();
  return Flush();
}

absl::Status Sender::Flush() {
  const std::vector<RowEvents> rows = std::move(queue_);
  queue_.clear();
  queued_events_ = 0;
  queued_bytes_ = 0;
  return Send(rows);
}

absl::Status Sender::Send(absl::Span<const RowEvents> rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<v1::Event> events;
  for (const RowEvents& row : rows) {
    events.insert(events.end(), row.events.begin(), row.events.end());
  }
  const absl::StatusOr<v1::AppendResponse> response = port_.append(events, validate_only_);
  if (response.ok()) {
    Count(rows, *response);
    return absl::OkStatus();
  }
  if (!IsAboutTheEvents(response.status())) return response.status();
  if (rows.size() == 1) {
    ++refused_rows_;
    problems_.push_back({rows[0].file, rows[0].line, "", "",
                         absl::StrCat("the ledger refuses it: ", response.status().message())});
    return absl::OkStatus();
  }
  const size_t half = rows.size() / 2;
  RETURN_IF_ERROR(Send(rows.first(half)));
  return Send(rows.subspan(half));
}

void Sender::Count(absl::Span<const RowEvents> rows, const v1::AppendResponse& response) {
  for (const RowEvents& row : rows) {
    ++(row.is_change ? counts_.changed_rows : counts_.added_rows);
    for (const v1::Event& event : row.events) ++counts_.events[std::string(KindName(event))];
  }
  for (const v1::AppendResult& result : response.results()) {
    if (result.duplicate()) ++counts_.duplicates;
  }
  counts_.position = response.position();
}

}  // namespace payfold
