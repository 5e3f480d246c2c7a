#include "projections/earnings/evaluator.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/membership.h"

namespace payfold {
namespace {

// Deals kept by an evaluator; beyond, it starts anew.
constexpr size_t kMaxDeals = 200'000;

std::string LineId(const Group& group, const Calendar& calendar, const Org& org,
                   const std::string& element, const Period& payout, bool late, Date first) {
  std::string id = absl::StrCat(org.Id(group.participant), "/", group.program().plan_id, "/",
                                group.component->component_id, "/", calendar.Label(group.period),
                                "/", element, "/", calendar.Label(payout));
  if (late) absl::StrAppend(&id, "@", first.ToString());
  return id;
}

// Whether a cancellation that counts is dated in those days.
bool TakesBack(const Group& group, Days days) {
  for (const auto* contributions : {&group.contributions, &group.by}) {
    for (const Contribution& contribution : *contributions) {
      if (contribution.cancels && days.Contains(contribution.date) &&
          !contribution.value.is_zero()) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<std::vector<EarnedLine>> Evaluator::LinesOf(uint32_t participant,
                                                           const Period& payout) {
  if (!view_.reference().configuration.has_value()) {
    return absl::FailedPreconditionError(
        "the ledger is not configured; append a LedgerConfigured first");
  }
  std::vector<EarnedLine> lines;
  for (const auto& [plan_id, history] : *view_.reference().plans) {
    RETURN_IF_ERROR(AddLines(participant, history, payout, &lines));
  }
  return lines;
}

absl::Status Evaluator::AddLines(uint32_t participant, const PlanHistory& history,
                                 const Period& payout, std::vector<EarnedLine>* lines) {
  if (InPlan(participant, history)->empty()) return absl::OkStatus();
  std::vector<EarnedLine> of_plan;
  for (const VersionRun& run : history.runs()) {
    for (const Component& component : run.version->program.components) {
      RETURN_IF_ERROR(AddComponentLines(participant, history, run, component, payout, &of_plan));
    }
  }
  std::stable_sort(of_plan.begin(), of_plan.end(),
                   [](const EarnedLine& a, const EarnedLine& b) { return a.date < b.date; });
  std::move(of_plan.begin(), of_plan.end(), std::back_inserter(*lines));
  return absl::OkStatus();
}

absl::Status Evaluator::AddComponentLines(uint32_t participant, const PlanHistory& history,
                                          const VersionRun& run, const Component& component,
                                          const Period& payout, std::vector<EarnedLine>* lines) {
  const Days paid = {payout.first(), payout.last()};
  const Days in_force = {run.first, run.last};
  for (const Period& period : MeasurementPeriods(component, paid)) {
    const Days measured = {period.first(), period.last()};
    Segment segment;
    segment.days = in_force & measured;
    if (component.running) {
      segment.paid = segment.days & paid;
      segment.date = segment.paid.last;
      segment.late = (measured & paid).first < segment.days.first;
    } else {
      if (!paid.Contains(period.last())) continue;
      segment.paid = segment.days;
      segment.date = period.last();
      segment.late = measured.first < segment.days.first;
    }
    if (segment.paid.empty()) continue;
    RETURN_IF_ERROR(
        AddSegmentLines(participant, history, run, component, period, segment, payout, lines));
  }
  return absl::OkStatus();
}

absl::Status Evaluator::AddSegmentLines(uint32_t participant, const PlanHistory& history,
                                        const VersionRun& run, const Component& component,
                                        const Period& period, const Segment& segment,
                                        const Period& payout, std::vector<EarnedLine>* lines) {
  const std::shared_ptr<const DaySet> in_plan = InPlan(participant, history);
  const bool leaver = !in_plan->Overlaps(segment.days);
  if (leaver) {
    ASSIGN_OR_RETURN(const bool cancelled,
                     HasLateCancellation(participant, *in_plan, component, segment.days));
    if (!cancelled) return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<Group> group,
                   GroupOf(participant, history, *run.version, component, period, false));
  group->leaver = leaver;
  if (leaver && !TakesBack(*group, segment.days)) return absl::OkStatus();
  const Calendar calendar = view_.reference().calendar();
  const Org& org = *view_.reference().org;
  const absl::StatusOr<ElementAmounts> amounts = AmountsOf(*group, segment);
  if (!amounts.ok()) {
    AddException("OVERFLOW", 0,
                 absl::StrCat(org.Id(participant), "/", group->program().plan_id, "/",
                              component.component_id, "/", calendar.Label(period)),
                 "an amount does not fit in 64 bits of minor units; the group pays nothing");
    return absl::OkStatus();
  }
  for (const auto& [element, amount] : *amounts) {
    const int64_t earned = amount.to_date - amount.before;
    if (earned == 0) continue;
    lines->push_back(
        {group, LineId(*group, calendar, org, element, payout, segment.late, segment.days.first),
         element, payout, segment.date, segment.paid, amount.to_date, amount.before, earned});
  }
  return absl::OkStatus();
}

absl::StatusOr<Evaluator::ElementAmounts> Evaluator::AmountsOf(const Group& group,
                                                               const Segment& segment) const {
  const auto up_to = [&](Date day) -> absl::StatusOr<std::map<std::string, int64_t>> {
    if (day < group.period.first()) return std::map<std::string, int64_t>();
    return AmountsUpTo(group, day, group.contributions);
  };
  ElementAmounts amounts;
  ASSIGN_OR_RETURN(const auto to_date, up_to(segment.paid.last));
  ASSIGN_OR_RETURN(const auto before, up_to(segment.paid.first - 1));
  for (const auto& [element, amount] : to_date) amounts[element].to_date = amount;
  for (const auto& [element, amount] : before) amounts[element].before = amount;
  if (!group.leaver) return amounts;
  ASSIGN_OR_RETURN(auto start, up_to(segment.days.first - 1));
  for (auto& [element, amount] : amounts) {
    amount.to_date = std::min<int64_t>(amount.to_date - start[element], 0);
    amount.before = std::min<int64_t>(amount.before - start[element], 0);
  }
  return amounts;
}

absl::StatusOr<bool> Evaluator::HasLateCancellation(uint32_t participant, const DaySet& in_plan,
                                                    const Component& component, Days days) {
  if (!in_plan.LastBefore(days.first).has_value()) return false;
  for (const auto* measure : {&component.measure, &component.payout.bands.by_measure}) {
    if (!measure->has_value()) continue;
    for (const auto& [member, membership] : *MembersInScope(participant, (*measure)->scope)) {
      ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                       view_.GetCredits(member, days.first, days.last));
      for (const Credit& credit : credits) {
        if (credit.kind == Base::Kind::kCancelled && in_plan.Contains(credit.first_base)) {
          return true;
        }
      }
    }
  }
  return false;
}

std::vector<Period> Evaluator::MeasurementPeriods(const Component& component, Days days) const {
  const Reference& reference = view_.reference();
  if (component.window.has_value()) {
    const Days window = {component.window->first(), component.window->last()};
    if ((window & days).empty()) return {};
    return {*component.window};
  }
  if (component.period.has_value()) {
    return reference.calendar().Overlapping(*component.period, days.first, days.last);
  }
  std::vector<Period> periods;
  for (Date d = days.first; d <= days.last; d = periods.back().last() + 1) {
    periods.push_back(reference.PayoutPeriodOf(d));
  }
  return periods;
}

Date Evaluator::Horizon() {
  const Reference& reference = view_.reference();
  const Date last = reference.LastFactDate();
  if (last == Date::Min() || !reference.configuration.has_value()) return Date::Min();
  Date horizon = reference.PayoutPeriodOf(last).last();
  for (const auto& [plan_id, history] : *reference.plans) {
    for (const VersionRun& run : history.runs()) {
      for (const Component& component : run.version->program.components) {
        for (const Period& period : MeasurementPeriods(component, {last, last})) {
          horizon = std::max(horizon, period.last());
        }
      }
    }
  }
  return horizon;
}

std::vector<Period> Evaluator::PayoutPeriodsOf(uint32_t participant) {
  std::optional<Date> first;
  for (const auto& [plan_id, history] : *view_.reference().plans) {
    const std::optional<Date> start = InPlan(participant, history)->first();
    if (start.has_value()) first = std::min(first.value_or(*start), *start);
  }
  std::vector<Period> periods;
  if (!first.has_value()) return periods;
  const Date horizon = Horizon();
  for (Date d = *first; d <= horizon; d = periods.back().last() + 1) {
    periods.push_back(view_.reference().PayoutPeriodOf(d));
  }
  return periods;
}

std::shared_ptr<const DaySet> Evaluator::InPlan(uint32_t participant, const PlanHistory& history) {
  std::shared_ptr<const DaySet>& days = in_plan_[{participant, &history}];
  if (days == nullptr) {
    days = std::make_shared<const DaySet>(DaysInPlan(*view_.reference().org, history, participant));
  }
  return days;
}

absl::StatusOr<std::shared_ptr<const Deal>> Evaluator::GetDeal(uint32_t stream) {
  if (deals_.size() > kMaxDeals) deals_.clear();
  std::shared_ptr<const Deal>& deal = deals_[stream];
  if (deal == nullptr) {
    ASSIGN_OR_RETURN(Deal settled, view_.GetDeal(stream));
    deal = std::make_shared<const Deal>(std::move(settled));
  }
  return deal;
}

void Evaluator::AddException(absl::string_view kind, uint64_t position, std::string subject,
                             std::string message) {
  exceptions_.emplace(std::make_tuple(std::string(kind), std::move(subject), std::move(message)),
                      position);
}

std::vector<v1::Exception> Evaluator::exceptions() const {
  std::vector<v1::Exception> list;
  for (const auto& [key, position] : exceptions_) {
    v1::Exception exception;
    exception.set_kind(std::get<0>(key));
    exception.set_subject(std::get<1>(key));
    exception.set_message(std::get<2>(key));
    exception.set_position(position);
    list.push_back(std::move(exception));
  }
  return list;
}

}  // namespace payfold
