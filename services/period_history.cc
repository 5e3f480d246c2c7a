#include "services/period_history.h"

#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

void AddStatement(const v1::Statement& statement, PeriodHistory* history) {
  history->posted[{statement.participant_id(), statement.currency()}].payable =
      statement.payable_minor_units();
}

void AddClose(const v1::Event& event, PeriodHistory* history) {
  history->closed_by = event.actor();
  history->statements_digest = event.period_closed().statements_digest();
  for (const v1::PlanVersionUsed& used : event.period_closed().plan_versions()) {
    history->plan_versions.emplace(used.plan_id(), used.version());
  }
}

void Add(const v1::Event& event, PeriodHistory* history) {
  if (event.has_statement_posted()) {
    AddStatement(event.statement_posted().statement(), history);
  } else if (event.has_period_closed()) {
    AddClose(event, history);
  } else if (event.has_period_approved()) {
    history->approved_by = event.actor();
    history->approved_position = event.position();
  } else if (event.has_payment_recorded()) {
    const v1::PaymentRecorded& payment = event.payment_recorded();
    history->posted[{payment.participant_id(), payment.amount().currency()}].paid +=
        payment.amount().minor_units();
  }
}

// The events of a stream, oldest first.
absl::Status VisitStream(const Ledger& ledger, const std::string& stream, uint64_t kinds,
                         const std::function<void(const v1::Event&)>& visit) {
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number, ledger.log().FindStream(stream));
  if (!number.has_value()) return absl::OkStatus();
  const std::unique_ptr<EventCursor> cursor = ledger.log().Read({.stream = number, .kinds = kinds});
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(const v1::Event event, ledger.Decode(cursor->event()));
    visit(event);
  }
  return cursor->status();
}

}  // namespace

absl::StatusOr<PeriodHistory> ReadPeriodHistory(const Ledger& ledger, absl::string_view period) {
  PeriodHistory history;
  RETURN_IF_ERROR(VisitStream(ledger, absl::StrCat("periods/", period), ~uint64_t{0},
                              [&](const v1::Event& event) {
                                history.version = event.stream_version();
                                Add(event, &history);
                              }));
  return history;
}

absl::StatusOr<std::string> PublisherOf(const Ledger& ledger, absl::string_view plan_id,
                                        uint32_t version) {
  std::string publisher;
  uint32_t number = 0;
  RETURN_IF_ERROR(VisitStream(ledger, absl::StrCat("plans/", plan_id),
                              KindBit(v1::Event::kPlanPublished), [&](const v1::Event& event) {
                                if (++number == version) publisher = event.actor();
                              }));
  return publisher;
}

}  // namespace payfold
