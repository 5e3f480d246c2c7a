#include "services/period_payments.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ledger/admission/ledger_event_id.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/currency.h"
#include "services/errors.h"
#include "services/period_closing.h"
#include "services/period_history.h"
#include "services/refused_batch.h"

namespace payfold {
namespace {

struct Refusal {
  absl::StatusCode code;
  absl::string_view reason;
  FieldViolation violation;
};

v1::Event EventOf(const std::string& period, const v1::Payment& payment) {
  v1::Event event;
  event.set_event_id(LedgerEventId("payment", payment.reference()));
  event.set_source("payfold");
  v1::PaymentRecorded& recorded = *event.mutable_payment_recorded();
  recorded.set_period(period);
  recorded.set_participant_id(payment.participant_id());
  *recorded.mutable_amount() = payment.amount();
  recorded.set_reference(payment.reference());
  recorded.set_paid_on(payment.paid_on());
  return event;
}

std::string Text(int64_t minor, const std::string& currency) {
  const absl::StatusOr<Currency> parsed = Currency::Parse(currency);
  return absl::StrCat(currency, " ",
                      parsed.ok() ? FormatAmount(minor, *parsed) : absl::StrCat(minor));
}

// Looks at the payments of a request one after the other, against what was posted.
class PaymentCheck {
 public:
  PaymentCheck(const Ledger& ledger, const v1::RecordPaymentsRequest& request,
               PeriodHistory history)
      : ledger_(ledger), request_(request), history_(std::move(history)) {}

  // The events to append, or the error with all that is wrong.
  absl::StatusOr<std::vector<v1::Event>> Run() {
    for (int i = 0; i < request_.payments_size(); ++i) {
      events_.push_back(EventOf(request_.period(), request_.payments(i)));
    }
    CheckFields();
    if (!history_.approved_by.has_value()) {
      Refuse("period", absl::StatusCode::kFailedPrecondition, kReasonPeriodNotApproved,
             absl::StrCat(Quote(request_.period()),
                          history_.closed_by.has_value()
                              ? " is not approved: approve it first"
                              : " is not closed: close and approve it first"));
    } else {
      for (int i = 0; i < request_.payments_size(); ++i) RETURN_IF_ERROR(CheckPayment(i));
    }
    if (refusals_.empty()) return std::move(events_);
    return Error();
  }

 private:
  static std::string Path(int i, absl::string_view field) {
    return absl::StrCat("payments[", i, "].", field);
  }
  void Refuse(std::string field, absl::StatusCode code, absl::string_view reason,
              std::string message) {
    refusals_.push_back({code, reason, {std::move(field), std::move(message)}});
  }

  // What admission says of the fields.
  void CheckFields() {
    for (int i = 0; i < static_cast<int>(events_.size()); ++i) {
      for (const Violation& violation : ValidateBatch({events_[i]}, Writer::kLedger)) {
        // The event's id comes from the reference, which is named itself.
        if (violation.field == "events[0].event_id") continue;
        const bool of_period = violation.field == "events[0].payment_recorded.period";
        if (of_period && i > 0) continue;
        malformed_.insert(i);
        Refuse(of_period ? "period"
                         : absl::StrReplaceAll(
                               violation.field,
                               {{"events[0].payment_recorded", absl::StrCat("payments[", i, "]")}}),
               violation.code(), ReasonName(violation.reason), violation.message);
      }
      if (references_.insert(request_.payments(i).reference()).second) continue;
      malformed_.insert(i);
      Refuse(Path(i, "reference"), absl::StatusCode::kInvalidArgument,
             ReasonName(Reason::kRepeated),
             absl::StrCat(Quote(request_.payments(i).reference()),
                          " stands twice in the request: leave one out"));
    }
  }

  absl::Status CheckPayment(int i) {
    if (malformed_.contains(i)) return absl::OkStatus();
    const v1::Payment& payment = request_.payments(i);
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                     ledger_.log().FindEventId(events_[i].event_id()));
    if (known.has_value()) return CheckRecorded(i, *known);
    const std::string& currency = payment.amount().currency();
    const auto posted = history_.posted.find({payment.participant_id(), currency});
    if (posted == history_.posted.end()) {
      RefuseWithoutStatement(i);
      return absl::OkStatus();
    }
    PeriodHistory::Posted& money = posted->second;
    const int64_t left = money.payable - money.paid;
    if (payment.amount().minor_units() > left) {
      Refuse(
          Path(i, "amount"), absl::StatusCode::kFailedPrecondition, kReasonPaymentTooLarge,
          absl::StrCat(Text(payment.amount().minor_units(), currency), " is more than the ",
                       Text(left, currency), " that are left of ", Quote(payment.participant_id()),
                       "'s ", Text(money.payable, currency), " for ", request_.period()));
      return absl::OkStatus();
    }
    money.paid += payment.amount().minor_units();
    events_[i].set_expected_stream_version(history_.version++);
    return absl::OkStatus();
  }

  absl::Status CheckRecorded(int i, const KnownEvent& known) {
    EventStorage storage;
    ASSIGN_OR_RETURN(const EventView view, ledger_.log().Get(known.position, &storage));
    ASSIGN_OR_RETURN(const v1::Event recorded, ledger_.Decode(view));
    if (recorded.payment_recorded().SerializeAsString() !=
        events_[i].payment_recorded().SerializeAsString()) {
      Refuse(Path(i, "reference"), absl::StatusCode::kAlreadyExists, kReasonReferenceUsed,
             absl::StrCat(Quote(request_.payments(i).reference()),
                          " is the reference of another payment, at position ", known.position,
                          ": a reference is used once for ever"));
    }
    return absl::OkStatus();
  }

  void RefuseWithoutStatement(int i) {
    const v1::Payment& payment = request_.payments(i);
    std::vector<std::string> currencies;
    for (const auto& [who, money] : history_.posted) {
      if (who.first == payment.participant_id()) currencies.push_back(who.second);
    }
    const std::string who = Quote(payment.participant_id());
    if (currencies.empty()) {
      Refuse(Path(i, "participant_id"), absl::StatusCode::kFailedPrecondition, kReasonNoStatement,
             absl::StrCat(who, " has no statement for ", request_.period()));
    } else {
      Refuse(Path(i, "amount.currency"), absl::StatusCode::kFailedPrecondition, kReasonNoStatement,
             absl::StrCat(who, " is paid in ", absl::StrJoin(currencies, ", "), " for ",
                          request_.period(), ", not in ", payment.amount().currency()));
    }
  }

  absl::Status Error() const {
    std::vector<FieldViolation> violations;
    for (const Refusal& refusal : refusals_) violations.push_back(refusal.violation);
    for (const absl::StatusCode code :
         {absl::StatusCode::kInvalidArgument, absl::StatusCode::kAlreadyExists,
          absl::StatusCode::kFailedPrecondition}) {
      for (const Refusal& refusal : refusals_) {
        if (refusal.code != code) continue;
        const std::string message = absl::StrCat(
            refusal.violation.field, ": ", refusal.violation.description,
            refusals_.size() == 1 ? "" : absl::StrCat(" (and ", refusals_.size() - 1, " more)"));
        return WithViolations(absl::Status(code, message), refusal.reason, violations);
      }
    }
    return absl::InternalError("a payment is refused without a code");
  }

  const Ledger& ledger_;
  const v1::RecordPaymentsRequest& request_;
  PeriodHistory history_;
  std::vector<v1::Event> events_;
  std::vector<Refusal> refusals_;
  std::set<int> malformed_;
  std::set<std::string> references_;
};

absl::StatusOr<v1::RecordPaymentsResponse> AnswerOf(Workspace* workspace,
                                                    const v1::RecordPaymentsRequest& request,
                                                    const AppendResult& appended,
                                                    const Call& call) {
  v1::RecordPaymentsResponse response;
  for (const AppendedEvent& event : appended.events) {
    v1::AppendResult& result = *response.add_results();
    result.set_position(event.position);
    result.set_stream_version(event.stream_version);
    result.set_duplicate(event.duplicate);
  }
  ASSIGN_OR_RETURN(
      *response.mutable_period(),
      StatusOfPeriod(workspace, request.ledger(), request.period(), appended.head, call));
  return response;
}

}  // namespace

absl::StatusOr<v1::RecordPaymentsResponse> RecordPayments(Workspace* workspace,
                                                          const v1::RecordPaymentsRequest& request,
                                                          const Call& call) {
  if (request.payments().empty() || request.payments_size() > kMaxPayments) {
    return FieldError(
        "payments", request.payments().empty() ? kReasonFieldMissing : ReasonName(Reason::kTooMany),
        absl::StrCat("give 1 to ", kMaxPayments, " payments, not ", request.payments_size()));
  }
  std::vector<Violation> violations;
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
    ASSIGN_OR_RETURN(PeriodHistory history, ReadPeriodHistory(*open->ledger, request.period()));
    ASSIGN_OR_RETURN(const std::vector<v1::Event> events,
                     PaymentCheck(*open->ledger, request, std::move(history)).Run());
    RETURN_IF_ERROR(call.CheckAlive());
    violations.clear();
    const absl::StatusOr<AppendResult> appended = open->ledger->Append(
        events,
        {.actor = call.actor, .validate_only = request.validate_only(), .writer = Writer::kLedger},
        &violations);
    if (appended.ok()) return AnswerOf(workspace, request, *appended, call);
    if (violations.empty()) return appended.status();
  }
  // Others kept writing to the period.
  return RefusedBatch(violations);
}

}  // namespace payfold
