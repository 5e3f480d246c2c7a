#include "services/plan_publishing.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/admission/deterministic.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/compile.h"
#include "ledger/plan/document.h"
#include "ledger/plan/prose.h"
#include "services/errors.h"
#include "services/event_batches.h"

namespace payfold {
namespace {

struct ReadPlan {
  v1::Plan plan;
  CompiledPlan compiled;
};

// From CheckPlanRequest or PublishPlanRequest.
template <typename Request>
absl::StatusOr<ReadPlan> ReadAndCompile(const Request& request) {
  ReadPlan read;
  switch (request.source_case()) {
    case Request::kDocument:
      read.compiled = CompilePlanDocument(request.document(), &read.plan);
      return read;
    case Request::kPlan:
      read.plan = request.plan();
      read.compiled = CompilePlan(read.plan);
      return read;
    case Request::SOURCE_NOT_SET:
      break;
  }
  return FieldError("document", kReasonFieldMissing, "give a document or a plan");
}

v1::PlanDiagnostic ToProto(const PlanDiagnostic& diagnostic) {
  v1::PlanDiagnostic proto;
  proto.set_severity(diagnostic.severity == PlanDiagnostic::Severity::kError
                         ? v1::PlanDiagnostic::ERROR
                         : v1::PlanDiagnostic::WARNING);
  proto.set_line(diagnostic.line);
  proto.set_column(diagnostic.column);
  proto.set_field(diagnostic.field);
  proto.set_message(diagnostic.message);
  return proto;
}

absl::Status PlanRefused(const std::vector<PlanDiagnostic>& diagnostics) {
  std::vector<FieldViolation> violations;
  for (const PlanDiagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != PlanDiagnostic::Severity::kError) continue;
    const std::string place =
        diagnostic.line > 0
            ? absl::StrCat("line ", diagnostic.line, ", column ", diagnostic.column, ": ")
            : "";
    violations.push_back({diagnostic.field, absl::StrCat(place, diagnostic.message)});
  }
  return WithViolations(absl::InvalidArgumentError(absl::StrCat(
                            "the plan has ", violations.size(), " mistake",
                            violations.size() == 1 ? "" : "s", ": ", ErrorText(diagnostics))),
                        kReasonPlanRefused, violations);
}

// How many versions of the plan stand at or before `position`.
absl::StatusOr<uint32_t> CountVersions(const EventLog& log, const std::string& stream,
                                       uint64_t position) {
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number, log.FindStream(stream));
  if (!number.has_value()) return 0;
  const std::unique_ptr<EventCursor> cursor =
      log.Read({.last = position,
                .stream = number,
                .kinds = KindBit(static_cast<uint32_t>(v1::Event::kPlanPublished))});
  uint32_t count = 0;
  while (cursor->Next()) ++count;
  RETURN_IF_ERROR(cursor->status());
  return count;
}

// That publishes a plan; an id is made from the plan if none is given.
v1::Event EventOf(const v1::Plan& plan, const std::string& event_id) {
  v1::Event event;
  event.set_event_id(event_id.empty() ? PlanEventId(plan) : event_id);
  event.set_source("payfold");
  *event.mutable_plan_published()->mutable_plan() = plan;
  return event;
}

}  // namespace

absl::StatusOr<v1::CheckPlanResponse> CheckPlan(const v1::CheckPlanRequest& request) {
  ASSIGN_OR_RETURN(const ReadPlan read, ReadAndCompile(request));
  v1::CheckPlanResponse response;
  for (const PlanDiagnostic& diagnostic : read.compiled.diagnostics) {
    *response.add_diagnostics() = ToProto(diagnostic);
  }
  if (read.compiled.program.has_value()) {
    *response.mutable_plan() = read.plan;
    response.set_prose(PlanProse(*read.compiled.program));
  }
  return response;
}

std::string PlanEventId(const v1::Plan& plan) {
  const std::string digest = ToHex(Sha256(SerializeDeterministically(plan)));
  return absl::StrCat("plan:", plan.plan_id(), ":", digest.substr(0, 16));
}

absl::StatusOr<v1::Event> PlanEventOf(const std::string& document) {
  v1::PublishPlanRequest request;
  request.set_document(document);
  ASSIGN_OR_RETURN(const ReadPlan read, ReadAndCompile(request));
  if (!read.compiled.program.has_value()) return PlanRefused(read.compiled.diagnostics);
  return EventOf(read.plan, "");
}

absl::StatusOr<v1::PublishPlanResponse> PublishPlan(Ledger* ledger,
                                                    const v1::PublishPlanRequest& request,
                                                    const std::string& actor) {
  ASSIGN_OR_RETURN(const ReadPlan read, ReadAndCompile(request));
  if (!read.compiled.program.has_value()) return PlanRefused(read.compiled.diagnostics);
  v1::AppendRequest append;
  append.set_validate_only(request.validate_only());
  *append.add_events() = EventOf(read.plan, request.event_id());
  const std::string stream = StreamName(append.events(0));
  ASSIGN_OR_RETURN(const v1::AppendResponse appended, AppendBatch(ledger, append, actor));

  const v1::AppendResult& result = appended.results(0);
  // A new version that is only validated has no position yet.
  const bool imagined = request.validate_only() && !result.duplicate();
  ASSIGN_OR_RETURN(
      const uint32_t versions,
      CountVersions(ledger->log(), stream, imagined ? ledger->log().head() : result.position()));
  v1::PublishPlanResponse response;
  response.set_plan_id(read.plan.plan_id());
  response.set_version(imagined ? versions + 1 : versions);
  response.set_position(result.position());
  response.set_duplicate(result.duplicate());
  for (const PlanDiagnostic& diagnostic : read.compiled.diagnostics) {
    *response.add_warnings() = ToProto(diagnostic);
  }
  return response;
}

std::string PlanInWords(const v1::Plan& plan) {
  const CompiledPlan compiled = CompilePlan(plan);
  return compiled.program.has_value() ? PlanProse(*compiled.program) : "";
}

}  // namespace payfold
