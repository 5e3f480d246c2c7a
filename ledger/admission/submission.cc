#include "ledger/admission/submission.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"

namespace payfold {

Submission::Submission(const Context& context, absl::Span<const v1::Event> events,
                       std::string actor, bool validate_only)
    : events_(events),
      actor_(std::move(actor)),
      validate_only_(validate_only),
      log_(context.log),
      encoder_(context.keys, *context.random, actor_, /*keep_keys=*/!validate_only) {
  decide_.closes = context.closes;
  decide_.keys = context.keys;
  decide_.encode = [this](const v1::Event& event, absl::string_view stream) {
    return encoder_.Encode(event, stream);
  };
}

absl::Status Submission::Prepare() {
  ASSIGN_OR_RETURN(prepared_, encoder_.Prepare(*log_, events_));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Decision>> Submission::Decide(const LogState& state) {
  ASSIGN_OR_RETURN(Decided decided, DecideBatch(state, absl::MakeSpan(prepared_), decide_));
  violations_ = std::move(decided.violations);
  RETURN_IF_ERROR(ViolationStatus(violations_));
  return std::move(decided.decisions);
}

absl::StatusOr<AppendResult> Submission::Answer(absl::StatusOr<AppendResult> result) {
  // A fault of the disk comes before what the decision found.
  if (!result.ok() && result.status() != ViolationStatus(violations_)) violations_.clear();
  if (!validate_only_ || !result.ok()) return result;
  result->head = log_->head();
  for (AppendedEvent& event : result->events) {
    if (!event.duplicate || event.position > result->head) event.position = 0;
  }
  return result;
}

}  // namespace payfold
