#include "projections/facts/closes.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace payfold {

std::optional<Date> Closes::closed_through() const {
  if (periods.empty()) return std::nullopt;
  return periods.back().days.last();
}

const ClosedPeriod* Closes::Find(absl::string_view label) const {
  const auto at = std::find_if(periods.begin(), periods.end(),
                               [&](const ClosedPeriod& p) { return p.label == label; });
  return at == periods.end() ? nullptr : &*at;
}

uint64_t Closes::folded_position() const {
  return periods.empty() ? 0 : periods.back().folded_position;
}

absl::Status Closes::Add(const v1::Event& event, const Calendar& calendar) {
  if (event.has_period_approved()) {
    for (ClosedPeriod& closed : periods) {
      if (closed.label != event.period_approved().period() || closed.approved_position != 0) {
        continue;
      }
      closed.approved_position = event.position();
      closed.approved_by = event.actor();
    }
    return absl::OkStatus();
  }
  const v1::PeriodClosed& stated = event.period_closed();
  const absl::StatusOr<Period> days = calendar.Parse(stated.period());
  if (!days.ok()) {
    return absl::DataLossError(absl::StrCat("event ", event.position(), ": period '",
                                            stated.period(),
                                            "' is not what a close writes; run a verification"));
  }
  ClosedPeriod closed;
  closed.days = *days;
  closed.label = stated.period();
  closed.position = event.position();
  closed.folded_position = stated.folded_position();
  closed.recorded_at = event.recorded_at();
  closed.actor = event.actor();
  closed.statements = static_cast<int64_t>(event.stream_version()) - 1;
  closed.totals.assign(stated.totals().begin(), stated.totals().end());
  closed.statements_digest = stated.statements_digest();
  closed.exceptions.assign(stated.exceptions().begin(), stated.exceptions().end());
  periods.push_back(std::move(closed));
  return absl::OkStatus();
}

void Payments::Add(const v1::Event& event, const Numbering& numbers) {
  const v1::PaymentRecorded& stated = event.payment_recorded();
  const uint32_t participant = numbers(stated.participant_id());
  by_reference.emplace(stated.reference(), all.size());
  for (uint32_t to : {participant, kNobody}) {
    int64_t& sum = paid[{stated.period(), to, stated.amount().currency()}];
    if (__builtin_add_overflow(sum, stated.amount().minor_units(), &sum)) {
      sum = std::numeric_limits<int64_t>::max();  // More than anything payable.
    }
  }
  all.push_back({event.position(), participant, stated.period(), stated.amount().minor_units(),
                 stated.amount().currency(), stated.reference(), stated.paid_on()});
}

int64_t Payments::Paid(absl::string_view period, uint32_t participant,
                       absl::string_view currency) const {
  const auto at = paid.find({std::string(period), participant, std::string(currency)});
  return at == paid.end() ? 0 : at->second;
}

int64_t Payments::PaidOf(absl::string_view period, absl::string_view currency) const {
  return Paid(period, kNobody, currency);
}

void Disputes::Add(const v1::Event& event, const Numbering& numbers) {
  if (event.has_dispute_opened()) {
    const v1::DisputeOpened& stated = event.dispute_opened();
    all.push_back({stated.dispute_id(), numbers(stated.participant_id()), stated.line_id(),
                   stated.period(), event.position(), 0, ""});
    return;
  }
  const v1::DisputeResolved& stated = event.dispute_resolved();
  const uint32_t participant = numbers(stated.participant_id());
  for (OpenedDispute& dispute : all) {
    if (dispute.dispute_id != stated.dispute_id() || dispute.participant != participant ||
        dispute.resolved_position != 0) {
      continue;
    }
    dispute.resolved_position = event.position();
    dispute.adjustment_id = stated.adjustment_id();
    return;
  }
}

}  // namespace payfold
