#include "projections/statements/periods.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/statements/lookup.h"
#include "projections/statements/settlement.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// The first day on which somebody is in a plan, or anything is stated; none if there
// is nothing.
absl::StatusOr<std::optional<Date>> FirstDay(const FactsView& view) {
  const Reference& reference = view.reference();
  std::optional<Date> first;
  if (!reference.configuration.has_value()) return first;
  Evaluator evaluator(view);
  const StatedMoney stated(reference, kNobody);
  for (uint32_t participant = 0; participant < reference.org->size(); ++participant) {
    ASSIGN_OR_RETURN(const Settlement settlement,
                     Settlement::Make(&evaluator, participant, stated));
    const std::optional<Date> day = settlement.first_day();
    if (day.has_value()) first = std::min(first.value_or(*day), *day);
  }
  return first;
}

// Periods that only count as closed have nothing else: no position, no statements.
v1::PayoutPeriodStatus StatusOf(const Reference& reference, const Period& period) {
  v1::PayoutPeriodStatus status;
  status.set_period(reference.calendar().Label(period));
  status.set_first_day(period.first().ToString());
  status.set_last_day(period.last().ToString());
  status.set_state(v1::OPEN);
  const std::optional<Date> through = reference.closes->closed_through();
  if (!through.has_value() || *through < period.first()) return status;
  status.set_state(v1::CLOSED);
  return status;
}

void SetApproval(const Reference& reference, const ClosedPeriod& closed,
                 v1::PayoutPeriodStatus* status) {
  if (closed.approved_position == 0) return;
  status->set_approved_position(closed.approved_position);
  status->set_approved_by(closed.approved_by);
  const bool is_paid =
      std::all_of(closed.totals.begin(), closed.totals.end(), [&](const v1::Money& total) {
        return reference.payments->PaidOf(closed.label, total.currency()) >= total.minor_units();
      });
  status->set_state(is_paid ? v1::PAID : v1::APPROVED);
}

v1::PayoutPeriodStatus FullStatusOf(const Reference& reference, const Period& period) {
  v1::PayoutPeriodStatus status = StatusOf(reference, period);
  const ClosedPeriod* closed = reference.closes->Find(status.period());
  if (closed == nullptr) return status;
  status.set_closed_position(closed->position);
  status.set_folded_position(closed->folded_position);
  *status.mutable_closed_at() = closed->recorded_at;
  status.set_closed_by(closed->actor);
  status.set_statements(static_cast<int32_t>(closed->statements));
  for (const v1::Money& total : closed->totals) {
    *status.add_payable() = total;
    v1::Money* paid = status.add_paid();
    paid->set_currency(total.currency());
    paid->set_minor_units(reference.payments->PaidOf(closed->label, total.currency()));
  }
  for (const std::string& exception : closed->exceptions) status.add_exceptions(exception);
  status.set_statements_digest(closed->statements_digest);
  SetApproval(reference, *closed, &status);
  return status;
}

}  // namespace

absl::StatusOr<std::vector<v1::PayoutPeriodStatus>> ListPeriods(const FactsView& view) {
  const Reference& reference = view.reference();
  std::vector<v1::PayoutPeriodStatus> list;
  ASSIGN_OR_RETURN(std::optional<Date> first, FirstDay(view));
  if (reference.closes->any()) {
    const Date closed = reference.closes->periods.front().days.first();
    first = std::min(first.value_or(closed), closed);
  }
  if (!first.has_value()) return list;
  const Date last = std::max(
      {*first, reference.LastFactDate(), reference.closes->closed_through().value_or(*first)});
  for (const Period& period : PayoutPeriodsIn(reference, *first, last)) {
    list.push_back(FullStatusOf(reference, period));
  }
  return list;
}

absl::StatusOr<v1::PayoutPeriodStatus> GetPeriod(const FactsView& view,
                                                 absl::string_view period_label) {
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, period_label));
  return FullStatusOf(view.reference(), period);
}

absl::StatusOr<std::string> FirstOpenPeriod(const FactsView& view) {
  const Reference& reference = view.reference();
  std::optional<Date> day = reference.closes->closed_through();
  if (day.has_value()) return reference.calendar().Label(reference.PayoutPeriodOf(*day + 1));
  ASSIGN_OR_RETURN(day, FirstDay(view));
  if (day.has_value()) return reference.calendar().Label(reference.PayoutPeriodOf(*day));
  return absl::FailedPreconditionError(
      "nothing could be closed: nobody is in a plan, and no adjustment or opening balance is "
      "stated");
}

absl::Status CheckMayClose(const FactsView& view, const Period& period) {
  const Reference& reference = view.reference();
  const std::optional<Date> through = reference.closes->closed_through();
  if (!through.has_value()) return absl::OkStatus();
  const std::string label = reference.calendar().Label(period);
  if (period.last() <= *through) {
    return absl::FailedPreconditionError(absl::StrCat(
        "period: ", label, " is closed: payout periods are closed through ", through->ToString()));
  }
  const Period next = reference.PayoutPeriodOf(*through + 1);
  if (period == next) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("period: ", label, " cannot be closed while ",
                                                    reference.calendar().Label(next),
                                                    " is open; close that one first"));
}

}  // namespace payfold
