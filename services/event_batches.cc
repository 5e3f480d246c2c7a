#include "services/event_batches.h"

#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "services/refused_batch.h"
#include "services/status_mapping.h"

namespace payfold {
namespace {

std::vector<v1::Event> EventsOf(const google::protobuf::RepeatedPtrField<v1::Event>& events) {
  return {events.begin(), events.end()};
}

absl::StatusOr<v1::AppendResponse> AnswerOf(const absl::StatusOr<AppendResult>& result,
                                            absl::Span<const Violation> violations,
                                            size_t max_detail_bytes = kMaxDetailBytes) {
  if (!violations.empty()) return RefusedBatch(violations, max_detail_bytes);
  RETURN_IF_ERROR(result.status());
  v1::AppendResponse response;
  for (const AppendedEvent& event : result->events) {
    v1::AppendResult* added = response.add_results();
    added->set_position(event.position);
    added->set_stream_version(event.stream_version);
    added->set_duplicate(event.duplicate);
  }
  response.set_position(result->head);
  return response;
}

}  // namespace

absl::StatusOr<v1::AppendResponse> AppendBatch(Ledger* ledger, const v1::AppendRequest& request,
                                               const std::string& actor) {
  std::vector<Violation> violations;
  const absl::StatusOr<AppendResult> result =
      ledger->Append(EventsOf(request.events()),
                     {.actor = actor, .validate_only = request.validate_only()}, &violations);
  return AnswerOf(result, violations);
}

void AppendBatchAsync(Ledger* ledger, const v1::AppendRequest& request, const std::string& actor,
                      std::function<void(const absl::StatusOr<v1::AppendResponse>&)> done) {
  ledger->AppendAsync(EventsOf(request.events()),
                      {.actor = actor, .validate_only = request.validate_only()},
                      [done = std::move(done)](const absl::StatusOr<AppendResult>& result,
                                               const std::vector<Violation>& violations) {
                        done(AnswerOf(result, violations));
                      });
}

v1::AppendStreamResponse StreamAnswer(uint64_t number, const absl::StatusOr<AppendResult>& result,
                                      absl::Span<const Violation> violations) {
  // In the body of a message there is room for all of them.
  absl::StatusOr<v1::AppendResponse> answer = AnswerOf(result, violations, kMaxBatchMessageBytes);
  v1::AppendStreamResponse response;
  response.set_batch(number);
  if (answer.ok()) {
    *response.mutable_appended() = *std::move(answer);
  } else {
    *response.mutable_error() = ToRpcStatus(answer.status());
  }
  return response;
}

absl::StatusOr<v1::CheckEventsResponse> CheckBatch(Ledger* ledger,
                                                   const v1::CheckEventsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<Violation> violations,
                   ledger->Check(EventsOf(request.events())));
  v1::CheckEventsResponse response;
  for (const Violation& violation : violations) {
    v1::Violation* added = response.add_violations();
    added->set_field(violation.field);
    added->set_reason(std::string(ReasonName(violation.reason)));
    added->set_message(violation.message);
    added->set_code(absl::StatusCodeToString(violation.code()));
  }
  return response;
}

}  // namespace payfold
