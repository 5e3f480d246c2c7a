// How the evaluator makes a group: its contributions, target and incentive.

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"

namespace payfold {
namespace {

// Days that a quota or target incentive is averaged over: those in the plan in
// the period, else the last one before.
DaySet DaysThatCount(const DaySet& in_plan, const Period& period) {
  DaySet days = in_plan & Days{period.first(), period.last()};
  if (!days.empty()) return days;
  const std::optional<Date> last = in_plan.LastBefore(period.first());
  if (last.has_value()) days.Add({*last, *last});
  return days;
}

}  // namespace

absl::StatusOr<std::shared_ptr<Group>> Evaluator::GroupOf(uint32_t participant,
                                                          const PlanHistory& history,
                                                          const PublishedVersion& version,
                                                          const Component& component,
                                                          const Period& period, bool with_deals) {
  Group group{participant, &history, &version, &component, period, InPlan(participant, history),
              false,       {},       {},       {},         {},     {}};
  if (component.measure.has_value()) {
    ASSIGN_OR_RETURN(group.contributions, MeasureOf(group, *component.measure, with_deals));
    if (component.target.has_value()) {
      group.target = TargetOf(group, *component.target, *component.measure);
    }
  }
  const Bands& bands = component.payout.bands;
  if (component.payout.kind == Payout::Kind::kBands && bands.by_measure.has_value()) {
    ASSIGN_OR_RETURN(group.by, MeasureOf(group, *bands.by_measure, false));
    if (bands.by_target.has_value()) {
      group.by_target = TargetOf(group, *bands.by_target, *bands.by_measure);
    }
  }
  group.target_incentive =
      TargetIncentiveOf(view_.reference(), history, component, version.program.currency,
                        participant, period, DaysThatCount(*group.in_plan, period));
  NoteForeignIncentives(group);
  return std::make_shared<Group>(std::move(group));
}

void Evaluator::NoteForeignIncentives(const Group& group) {
  for (const Assignment& assignment : group.history->Assignments(group.participant)) {
    if (!assignment.target_incentive.has_value() ||
        assignment.currency == group.program().currency.code()) {
      continue;
    }
    AddException(
        "MISSING_RATE", assignment.position,
        absl::StrCat(view_.reference().org->Id(group.participant), "/", group.program().plan_id),
        absl::StrCat("the target incentive is in ", assignment.currency, ", the plan in ",
                     group.program().currency.code(),
                     "; it counts 0: assign again in the plan's currency"));
  }
}

std::shared_ptr<const Evaluator::Members> Evaluator::MembersInScope(uint32_t participant,
                                                                    Scope scope) {
  std::shared_ptr<const Members>& members = members_[{participant, scope}];
  if (members == nullptr) {
    members =
        std::make_shared<const Members>(MembersOf(*view_.reference().org, participant, scope));
  }
  return members;
}

MeasureContext Evaluator::ContextOf(const Group& group, const Measure& measure) {
  MeasureContext context{&view_,
                         group.in_plan.get(),
                         MembersInScope(group.participant, measure.scope).get(),
                         group.program().currency,
                         group.program().rounding,
                         [this](uint32_t stream) { return GetDeal(stream); },
                         nullptr};
  context.exception = [this, &group](const Deal& deal, const absl::Status& why) {
    const bool missing = absl::IsNotFound(why);
    AddException(missing ? "MISSING_RATE" : "OVERFLOW", deal.bases.front().position, deal.deal_id,
                 absl::StrCat("part of deal ", deal.deal_id, " counts for nothing in plan ",
                              group.program().plan_id, ": ", why.message()));
  };
  return context;
}

absl::StatusOr<std::vector<Contribution>> Evaluator::MeasureOf(const Group& group,
                                                               const Measure& measure,
                                                               bool with_deals) {
  const MeasureContext context = ContextOf(group, measure);
  if (group.component->payout.kind == Payout::Kind::kPerDeal) {
    return Contributions(context, measure, group.days(), true);
  }
  return with_deals ? Contributions(context, measure, group.days(), false)
                    : DailyContributions(context, measure, group.days());
}

absl::StatusOr<std::vector<Contribution>> Evaluator::ContributionsToGroup(
    const Group& group, std::shared_ptr<const Deal> deal) {
  if (!group.component->measure.has_value()) return std::vector<Contribution>();
  const MeasureContext context = ContextOf(group, *group.component->measure);
  return ContributionsOfDeal(context, *group.component->measure, std::move(deal));
}

std::optional<Sourced> Evaluator::TargetOf(const Group& group, const Target& target,
                                           const Measure& measure) {
  if (target.kind == Target::Kind::kFixed) {
    const Rational unit = measure.is_money() ? group.program().currency.minor_per_major() : 1;
    return Sourced{target.fixed * unit, {}};
  }
  std::optional<Sourced> quota = QuotaOf(view_.reference(), target.metric, group.participant,
                                         group.period, DaysThatCount(*group.in_plan, group.period));
  if (!quota.has_value()) {
    const std::string label = view_.reference().calendar().Label(group.period);
    const std::string& participant = view_.reference().org->Id(group.participant);
    AddException("UNDEFINED_TARGET", 0,
                 absl::StrCat(participant, "/", group.program().plan_id, "/",
                              group.component->component_id, "/", label),
                 absl::StrCat("no quota for ", target.metric, " in ", label, " is set for ",
                              participant, ", the team or \"*\"; append a QuotaSet"));
  }
  return quota;
}

}  // namespace payfold
