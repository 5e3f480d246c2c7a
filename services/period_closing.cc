#include "services/period_closing.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/admission/ledger_event_id.h"
#include "ledger/base/processors.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/statements/periods.h"
#include "services/errors.h"
#include "services/period_history.h"
#include "services/query_view.h"
#include "services/refused_batch.h"

namespace payfold {
namespace {

absl::StatusOr<QueryView> ViewOf(Workspace* workspace, const std::string& ledger,
                                 uint64_t min_position, const Call& call) {
  v1::QueryContext context;
  context.set_ledger(ledger);
  context.set_min_position(min_position);
  return ResolveView(workspace, context, call);
}

// Why ComputeClose() would not, with its reason.
absl::Status CannotClose(const FactsView& facts, const v1::PayoutPeriodStatus& period,
                         const absl::Status& status) {
  if (!absl::IsFailedPrecondition(status)) return status;
  const absl::StatusOr<std::string> open = FirstOpenPeriod(facts);
  if (!open.ok()) return WithReason(status, kReasonNothingToClose);
  const absl::StatusOr<v1::PayoutPeriodStatus> first = GetPeriod(facts, *open);
  const bool is_later = first.ok() && first->first_day() < period.first_day();
  return WithReason(status, is_later ? kReasonEarlierPeriodOpen : kReasonNothingToClose);
}

absl::Status CheckExceptions(const ComputedClose& computed) {
  std::vector<FieldViolation> violations;
  for (const v1::Exception& exception : computed.exceptions) {
    violations.push_back(
        {absl::StrCat("exceptions[", violations.size(), "]"),
         absl::StrCat(exception.kind(), " ", exception.subject(), ": ", exception.message())});
  }
  if (violations.empty()) return absl::OkStatus();
  return WithViolations(
      absl::FailedPreconditionError(absl::StrCat(
          violations.size(), violations.size() == 1 ? " exception touches " : " exceptions touch ",
          computed.closed.period(),
          ": mend what is missing, or close over them (over_exceptions)")),
      kReasonCloseHasExceptions, violations);
}

absl::Status CheckDigest(const v1::ClosePeriodRequest& request, const ComputedClose& computed) {
  if (request.expected_digest().empty() ||
      request.expected_digest() == computed.closed.statements_digest()) {
    return absl::OkStatus();
  }
  return WithReason(
      absl::AbortedError(absl::StrCat("what a close of ", Quote(request.period()),
                                      " posts has changed since it was previewed: preview it "
                                      "again, and close with the new digest")),
      kReasonCloseChanged);
}

std::vector<v1::Event> EventsOf(ComputedClose computed) {
  std::vector<v1::Event> events;
  events.reserve(computed.statements.size() + 1);
  const std::string period = computed.closed.period();
  const auto add = [&](std::string id) -> v1::Event& {
    v1::Event& event = events.emplace_back();
    event.set_event_id(std::move(id));
    event.set_source("payfold");
    return event;
  };
  for (v1::Statement& statement : computed.statements) {
    const std::string about =
        absl::StrCat(period, ":", statement.participant_id(), ":", statement.currency());
    *add(LedgerEventId("statement", about)).mutable_statement_posted()->mutable_statement() =
        std::move(statement);
  }
  *add(LedgerEventId("close", period)).mutable_period_closed() = std::move(computed.closed);
  // Of two closes at the same time one finds the stream begun.
  events.front().set_expected_stream_version(0);
  return events;
}

// What the status becomes by the close.
v1::PayoutPeriodStatus Closed(v1::PayoutPeriodStatus status, const ComputedClose& computed,
                              const std::string& actor) {
  status.set_state(v1::CLOSED);
  status.set_closed_by(actor);
  status.set_folded_position(computed.closed.folded_position());
  status.set_statements(static_cast<int32_t>(computed.statements.size()));
  *status.mutable_payable() = computed.closed.totals();
  *status.mutable_exceptions() = computed.closed.exceptions();
  status.set_statements_digest(computed.closed.statements_digest());
  return status;
}

struct Written {
  uint64_t head = 0;       // The log's last position.
  bool was_there = false;  // Another call had written the same.
};

// Appends what the ledger alone writes.
absl::StatusOr<Written> AppendOfLedger(Ledger* ledger, const std::vector<v1::Event>& events,
                                       const std::string& actor, bool validate_only) {
  std::vector<Violation> violations;
  const absl::StatusOr<AppendResult> result = ledger->Append(
      events, {.actor = actor, .validate_only = validate_only, .writer = Writer::kLedger},
      &violations);
  if (!violations.empty()) return RefusedBatch(violations);
  RETURN_IF_ERROR(result.status());
  return Written{.head = result->head, .was_there = result->events.front().duplicate};
}

// Others wrote to the period meanwhile: what they wrote decides.
bool IsOvertaken(const absl::Status& status) {
  return absl::IsAborted(status) || absl::IsAlreadyExists(status);
}

absl::Status CheckSegregation(const Ledger& ledger, const PeriodHistory& history,
                              const std::string& period, const std::string& actor) {
  const auto same = [&](absl::string_view what) {
    return WithReason(
        absl::PermissionDeniedError(absl::StrCat(Quote(actor), " ", what,
                                                 " and may not approve it: another principal has "
                                                 "to (--as NAME)")),
        kReasonSamePrincipal);
  };
  if (*history.closed_by == actor) return same(absl::StrCat("closed ", period));
  for (const auto& [plan_id, version] : history.plan_versions) {
    ASSIGN_OR_RETURN(const std::string publisher, PublisherOf(ledger, plan_id, version));
    if (publisher != actor) continue;
    return same(absl::StrCat("published version ", version, " of plan ", Quote(plan_id), ", which ",
                             period, " pays by,"));
  }
  return absl::OkStatus();
}

absl::Status CheckApproval(const Ledger& ledger, const PeriodHistory& history,
                           const v1::ApprovePeriodRequest& request, const std::string& actor) {
  if (!history.closed_by.has_value()) {
    return WithReason(absl::FailedPreconditionError(
                          absl::StrCat(Quote(request.period()), " is not closed: close it first")),
                      kReasonPeriodNotClosed);
  }
  RETURN_IF_ERROR(CheckSegregation(ledger, history, request.period(), actor));
  if (request.statements_digest().empty()) {
    return FieldError("statements_digest", kReasonFieldMissing,
                      "give the digest of the statements that you have reviewed, from the "
                      "period's status");
  }
  if (request.statements_digest() == history.statements_digest) return absl::OkStatus();
  return FieldError("statements_digest", kReasonFieldInvalid,
                    absl::StrCat("is not that of the close of ", Quote(request.period()),
                                 ": review the posted statements"));
}

}  // namespace

absl::StatusOr<v1::PayoutPeriodStatus> StatusOfPeriod(Workspace* workspace,
                                                      const std::string& ledger,
                                                      const std::string& period,
                                                      uint64_t min_position, const Call& call) {
  ASSIGN_OR_RETURN(const QueryView view, ViewOf(workspace, ledger, min_position, call));
  return GetPeriod(*view.facts, period);
}

absl::StatusOr<v1::PreviewCloseResponse> PreviewOf(const FactsView& facts,
                                                   const std::string& period, const Call& call) {
  v1::PreviewCloseResponse preview;
  preview.set_period(period);
  if (period.empty()) {
    absl::StatusOr<std::string> open = FirstOpenPeriod(facts);
    if (!open.ok()) return WithReason(open.status(), kReasonNothingToClose);
    preview.set_period(*std::move(open));
  }
  absl::StatusOr<ComputedClose> computed = ComputeClose(facts, preview.period(), ProcessorCount(),
                                                        [&call] { return call.CheckAlive(); });
  if (absl::IsFailedPrecondition(computed.status())) {
    preview.add_obstacles(std::string(computed.status().message()));
    return preview;
  }
  RETURN_IF_ERROR(computed.status());
  preview.set_statement_count(static_cast<int32_t>(computed->statements.size()));
  preview.set_statements_digest(computed->closed.statements_digest());
  *preview.mutable_totals() = computed->closed.totals();
  for (v1::Statement& statement : computed->statements) {
    *preview.add_statements() = std::move(statement);
  }
  for (v1::Exception& exception : computed->exceptions) {
    *preview.add_exceptions() = std::move(exception);
  }
  return preview;
}

absl::StatusOr<v1::ClosePeriodResponse> ClosePeriod(Workspace* workspace,
                                                    const v1::ClosePeriodRequest& request,
                                                    const Call& call) {
  if (request.period().empty()) {
    return FieldError("period", kReasonFieldMissing, "name the payout period to close");
  }
  v1::ClosePeriodResponse response;
  absl::Status overtaken;
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
    const uint64_t head = open->ledger->log().head();
    ASSIGN_OR_RETURN(const QueryView view, ViewOf(workspace, request.ledger(),
                                                  std::max(head, request.min_position()), call));
    ASSIGN_OR_RETURN(*response.mutable_period(), GetPeriod(*view.facts, request.period()));
    if (response.period().state() != v1::OPEN) {
      response.set_was_closed(true);
      return response;
    }
    absl::StatusOr<ComputedClose> computed = ComputeClose(
        *view.facts, request.period(), ProcessorCount(), [&call] { return call.CheckAlive(); });
    if (!computed.ok()) return CannotClose(*view.facts, response.period(), computed.status());
    if (!request.over_exceptions()) RETURN_IF_ERROR(CheckExceptions(*computed));
    RETURN_IF_ERROR(CheckDigest(request, *computed));
    *response.mutable_period() = Closed(response.period(), *computed, call.actor);
    // Nobody waits for it any more: then it is not closed.
    RETURN_IF_ERROR(call.CheckAlive());
    const absl::StatusOr<Written> appended = AppendOfLedger(
        open->ledger, EventsOf(*std::move(computed)), call.actor, request.validate_only());
    if (appended.ok()) {
      if (request.validate_only()) return response;
      response.set_was_closed(appended->was_there);
      ASSIGN_OR_RETURN(
          *response.mutable_period(),
          StatusOfPeriod(workspace, request.ledger(), request.period(), appended->head, call));
      return response;
    }
    if (!IsOvertaken(appended.status())) return appended.status();
    overtaken = appended.status();
  }
  return overtaken;
}

absl::StatusOr<v1::ApprovePeriodResponse> ApprovePeriod(Workspace* workspace,
                                                        const v1::ApprovePeriodRequest& request,
                                                        const Call& call) {
  v1::ApprovePeriodResponse response;
  absl::Status overtaken;
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
    ASSIGN_OR_RETURN(const PeriodHistory history,
                     ReadPeriodHistory(*open->ledger, request.period()));
    // That it is a payout period at all.
    ASSIGN_OR_RETURN(*response.mutable_period(),
                     StatusOfPeriod(workspace, request.ledger(), request.period(),
                                    open->ledger->log().head(), call));
    RETURN_IF_ERROR(CheckApproval(*open->ledger, history, request, call.actor));
    if (history.approved_by.has_value()) {
      response.set_was_approved(true);
      return response;
    }
    v1::Event event;
    event.set_event_id(LedgerEventId("approve", request.period()));
    event.set_source("payfold");
    event.set_expected_stream_version(history.version);
    event.mutable_period_approved()->set_period(request.period());
    event.mutable_period_approved()->set_statements_digest(request.statements_digest());
    const absl::StatusOr<Written> appended =
        AppendOfLedger(open->ledger, {event}, call.actor, request.validate_only());
    if (appended.ok()) {
      response.set_was_approved(appended->was_there);
      ASSIGN_OR_RETURN(
          *response.mutable_period(),
          StatusOfPeriod(workspace, request.ledger(), request.period(), appended->head, call));
      if (request.validate_only()) {
        response.mutable_period()->set_state(v1::APPROVED);
        response.mutable_period()->set_approved_by(call.actor);
      }
      return response;
    }
    if (!IsOvertaken(appended.status())) return appended.status();
    overtaken = appended.status();
  }
  return overtaken;
}

}  // namespace payfold
