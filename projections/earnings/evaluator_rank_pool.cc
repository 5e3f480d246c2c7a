// What ranks and pools need to know of others.
//
// Source: specification, calculation 7 (rank, pool) and 14.

#include <algorithm>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"

namespace payfold {
namespace {

// The measure of a participant's own facts.
Measure OwnOf(Measure measure) {
  measure.scope = Scope::kOwn;
  for (Measure& part : measure.parts) part = OwnOf(std::move(part));
  return measure;
}

std::string StateText(const Org& org, uint32_t participant, Date day,
                      std::string ParticipantState::*field) {
  const ParticipantState* state = org.StateOn(participant, day);
  return state == nullptr ? "" : state->*field;
}

// The last of the levels; 0 where it is negative or none.
Rational WeightByAttribute(const std::vector<std::pair<Date, std::optional<Rational>>>& levels) {
  if (levels.empty()) return 0;
  return Max(levels.back().second.value_or(0), Rational(0));
}

}  // namespace

absl::Status Evaluator::SetRivals(const Taking& taking, Group* group) {
  auto rivals = std::make_shared<Rivals>();
  const Scope around = taking.component->payout.rank.population;
  for (const uint32_t person : PeopleInPlan(taking, around, taking.period.last())) {
    if (person == taking.participant) {
      rivals->takes_part = true;
      continue;
    }
    Taking theirs = TakingIn(taking, person, taking.period, false);
    theirs.days = taking.days;
    ASSIGN_OR_RETURN(std::shared_ptr<const Taken> taken,
                     TakeShared(theirs, *taking.component->measure));
    rivals->others.push_back(std::move(taken));
  }
  group->rivals = std::move(rivals);
  return absl::OkStatus();
}

Evaluator::PoolGroup Evaluator::PoolGroupOf(const Taking& taking, Scope scope) {
  const Org& org = *reference().org;
  const Date day = taking.period.last();
  const ParticipantState* state = org.StateOn(taking.participant, day);
  PoolGroup around;
  std::vector<std::pair<uint32_t, DaySet>> sharing;  // who may take part
  switch (scope) {
    case Scope::kOwn:
    case Scope::kCompany:
      around.measured = MembersInScope(taking.participant, Scope::kCompany);
      sharing = *around.measured;
      break;
    case Scope::kTeam:
    case Scope::kTerritory: {
      const auto field =
          scope == Scope::kTeam ? &ParticipantState::team : &ParticipantState::territory;
      const std::string name = StateText(org, taking.participant, day, field);
      if (name.empty()) return around;
      if (scope == Scope::kTeam) around.team = name;
      sharing = MembersNamed(org, field, name);
      around.measured = std::make_shared<const Members>(sharing);
      break;
    }
    case Scope::kReports:
    case Scope::kReportsAndSelf:
      if (state == nullptr || state->manager == kNobody) return around;
      around.measured = MembersInScope(state->manager, scope);
      for (uint32_t member = 0; member < org.size(); ++member) {
        const ParticipantState* theirs = org.StateOn(member, day);
        if (theirs != nullptr && theirs->manager == state->manager) {
          sharing.emplace_back(member, DaySet({day, day}));
        }
      }
      break;
  }
  for (const auto& [member, days] : sharing) {
    if (days.Contains(day) && InPlan(member, *taking.history)->Contains(day)) {
      around.people.push_back(member);
    }
  }
  std::sort(around.people.begin(), around.people.end(),
            [&](uint32_t a, uint32_t b) { return org.Id(a) < org.Id(b); });
  return around;
}

// The same group of a member, whose proration is their own.
Group Evaluator::MemberGroup(uint32_t member, const Group& group) {
  GroupQuery query = GroupQuery::Of(group);
  query.participant = member;
  return StartGroup(query, group.terms);
}

absl::StatusOr<std::shared_ptr<const Group>> Evaluator::GatesOf(const Taking& taking,
                                                                const Group& group) {
  Group theirs = MemberGroup(taking.participant, group);
  RETURN_IF_ERROR(SetGoal(taking, &theirs));
  if (taking.component->measure.has_value()) {
    ASSIGN_OR_RETURN(
        theirs.own, GaugeOf(taking, theirs, &*taking.component->measure, taking.component->target));
  }
  RETURN_IF_ERROR(SetModifiers(taking, &theirs));
  return std::make_shared<const Group>(std::move(theirs));
}

absl::Status Evaluator::SetWeights(const Taking& taking, const PoolGroup& around, Group* group,
                                   PoolPart* part) {
  const Pool& pool = taking.component->payout.pool;
  if (pool.share == Pool::Share::kByMeasure && group->own_measure == nullptr) {
    group->own_measure = std::make_shared<const Measure>(OwnOf(*taking.component->measure));
  }
  for (const uint32_t person : around.people) {
    Taking theirs = TakingIn(taking, person, taking.period, false);
    theirs.days = taking.days;
    if (!taking.component->gates.empty()) {
      ASSIGN_OR_RETURN(std::shared_ptr<const Group> gates, GatesOf(theirs, *group));
      part->gates.push_back(std::move(gates));
    }
    if (person == taking.participant) part->place = part->weights.size();
    Rational weight = 1;
    switch (pool.share) {
      case Pool::Share::kEqual:
        break;
      case Pool::Share::kByMeasure: {
        ASSIGN_OR_RETURN(Taken taken, Take(theirs, *group->own_measure));
        part->measures.push_back(std::make_shared<const Taken>(std::move(taken)));
        break;
      }
      case Pool::Share::kByTargetIncentive: {
        Group member = MemberGroup(person, *group);
        RETURN_IF_ERROR(SetTargetIncentive(&member));
        weight = member.target_incentive.value;
        break;
      }
      case Pool::Share::kByAttribute:
        theirs.days = DaysOf(taking.period);
        weight = WeightByAttribute(AttributeLevels(theirs, pool.attribute));
        break;
    }
    part->weights.push_back(std::move(weight));
  }
  return absl::OkStatus();
}

// The group's own target, not prorated: it is the same for all members.
absl::StatusOr<std::optional<Sourced>> Evaluator::PoolTarget(const Taking& whole,
                                                             const PoolGroup& around,
                                                             const Group& group) {
  const Target& target = *group.component->target;
  std::optional<Sourced> found;
  if (target.kind == Target::Kind::kQuota) {
    found = LookUpQuota(reference(), target.metric, "", around.team, whole.period);
  } else if (target.kind == Target::Kind::kPrevious) {
    const Period period = reference().calendar().Previous(whole.period);
    Taking before = TakingIn(whole, whole.participant, period, true);
    before.members = whole.members;
    ASSIGN_OR_RETURN(const Taken taken, Take(before, *group.component->measure));
    const std::optional<Rational> value = ValueAt(taken, {period.last()}, group.currency());
    if (value.has_value()) found = Sourced{*value * target.factor, {}};
  } else {
    ASSIGN_OR_RETURN(found, UnscaledTarget(whole, group, target, *group.component->measure));
  }
  if (found.has_value() && group.component->restart) {
    found->value *= Rational::Of(group.measured.count(), whole.period.days());
  }
  return found;
}

absl::Status Evaluator::SetPool(const Taking& taking, Group* group) {
  const Component& component = *taking.component;
  const Pool& pool = component.payout.pool;
  auto part = std::make_shared<PoolPart>();
  const PoolGroup around = PoolGroupOf(taking, component.scope);
  RETURN_IF_ERROR(SetWeights(taking, around, group, part.get()));
  part->scaled = pool.scaled;
  if (component.measure.has_value() && around.measured != nullptr) {
    Taking whole = TakingIn(taking, taking.participant, taking.period, true);
    whole.days = taking.days;
    whole.members = around.measured;
    ASSIGN_OR_RETURN(Taken size, Take(whole, *component.measure));
    part->size = std::make_shared<const Taken>(std::move(size));
    if (pool.scaled && component.target.has_value()) {
      ASSIGN_OR_RETURN(part->target, PoolTarget(whole, around, *group));
    }
  }
  group->pool = std::move(part);
  return absl::OkStatus();
}

}  // namespace payfold
