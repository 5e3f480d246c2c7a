#include "projections/replay/kept_measures.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/util/message_differencer.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/run_parallel.h"
#include "projections/replay/touched.h"

namespace payfold {
namespace {

constexpr size_t kKeptPerTask = 64;

// Whether measurement periods of that kind are the payout periods.
bool IsPayoutPeriod(const std::optional<PeriodKind>& kind, PayoutPeriod payout) {
  if (!kind.has_value()) return true;
  switch (payout) {
    case PayoutPeriod::kWeek:
      return *kind == PeriodKind::kWeek;
    case PayoutPeriod::kMonth:
      return *kind == PeriodKind::kMonth;
    case PayoutPeriod::kQuarter:
      return *kind == PeriodKind::kQuarter;
    case PayoutPeriod::kTwoWeeks:
    case PayoutPeriod::kHalfMonth:
      return false;
  }
  return false;
}

bool IsPlainTarget(const std::optional<Target>& target) {
  return !target.has_value() || target->kind == Target::Kind::kQuota ||
         (target->kind == Target::Kind::kFixed && !target->table.has_value());
}

bool IsPlainPayout(const Payout& payout) {
  if (payout.rate_by.has_value()) return false;
  if (payout.kind == Payout::Kind::kRate || payout.kind == Payout::Kind::kPerUnit) return true;
  if (payout.kind != Payout::Kind::kBands || payout.bands.by_measure.has_value()) return false;
  return std::all_of(payout.bands.bands.begin(), payout.bands.bands.end(), [](const Band& band) {
    return !band.rate_by.has_value() &&
           (band.pay == Band::Pay::kRate || band.pay == Band::Pay::kPerUnit);
  });
}

bool IsPlain(const Component& component, PayoutPeriod payout) {
  const Clawback::Mode clawback = component.clawback.mode;
  return component.measure.has_value() && component.measure->kind == Measure::Kind::kDeals &&
         component.measure->is_additive() && component.measure->scope == Scope::kOwn &&
         component.scope == Scope::kOwn && component.fx != FxDay::kPlanStart &&
         !component.window.has_value() && IsPayoutPeriod(component.period, payout) &&
         IsPlainTarget(component.target) && IsPlainPayout(component.payout) &&
         component.reward.kind == Reward::Kind::kMoney && component.goals.empty() &&
         component.gates.empty() && component.multipliers.empty() && !component.floor.has_value() &&
         !component.cap.has_value() && !component.prorate_target && !component.prorate_amounts &&
         !component.prorate_bands &&
         (clawback == Clawback::Mode::kNet || clawback == Clawback::Mode::kNone);
}

bool IsPlain(const Program& program, PayoutPeriod payout) {
  return !program.cap.has_value() && !program.budget.has_value() &&
         !program.eligibility.rank_band.has_value() &&
         std::all_of(program.components.begin(), program.components.end(),
                     [payout](const Component& component) { return IsPlain(component, payout); });
}

// A plan without what it pays and when: what is left decides what is measured.
v1::Plan MeasuringPart(v1::Plan plan) {
  plan.clear_effective();
  plan.clear_display_name();
  for (v1::Component& component : *plan.mutable_components()) {
    component.clear_payout();
    component.clear_display_name();
  }
  return plan;
}

bool MeasuresAlike(const PublishedVersion& a, const PublishedVersion& b) {
  return &a == &b || google::protobuf::util::MessageDifferencer::Equals(MeasuringPart(a.plan),
                                                                        MeasuringPart(b.plan));
}

// The run in force over a whole period; null if there is none.
const VersionRun* RunOver(const PlanHistory& history, const Period& period) {
  for (const VersionRun& run : history.runs()) {
    if (run.first <= period.first() && period.last() <= run.last) return &run;
  }
  return nullptr;
}

// The days from the first run to the last; none if there are days without a version
// between them, or no run.
std::optional<Days> DaysInForce(const PlanHistory& history) {
  const std::vector<VersionRun>& runs = history.runs();
  if (runs.empty()) return std::nullopt;
  for (size_t i = 1; i < runs.size(); ++i) {
    if (runs[i - 1].last + 1 != runs[i].first) return std::nullopt;
  }
  return Days{runs.front().first, runs.back().last};
}

bool ReadsMoney(const Measure& measure) {
  return measure.kind == Measure::Kind::kEarnings ||
         std::any_of(measure.parts.begin(), measure.parts.end(), ReadsMoney);
}

bool ReadsMoney(const Component& component) {
  const auto any = [](const auto& list) {
    return std::any_of(list.begin(), list.end(), [](const auto& one) {
      return one.measure.has_value() && ReadsMoney(*one.measure);
    });
  };
  const Payout& payout = component.payout;
  return (component.measure.has_value() && ReadsMoney(*component.measure)) ||
         any(component.gates) || any(component.multipliers) ||
         (payout.bands.by_measure.has_value() && ReadsMoney(*payout.bands.by_measure)) ||
         (payout.kind == Payout::Kind::kMatrix &&
          (ReadsMoney(payout.matrix.rows.measure) || ReadsMoney(payout.matrix.columns.measure))) ||
         std::any_of(component.goals.begin(), component.goals.end(),
                     [](const Goal& goal) { return ReadsMoney(goal.measure); });
}

// Whether what one plan pays can change what another one does.
bool PlansAreApart(const Reference& reference) {
  for (const auto& [plan_id, history] : *reference.plans) {
    for (const auto& version : history.versions()) {
      const Program& program = version->program;
      if (ReadsOthers(program) ||
          std::any_of(program.components.begin(), program.components.end(),
                      [](const Component& component) { return ReadsMoney(component); })) {
        return false;
      }
    }
  }
  return true;
}

// Reads one participant's measures.
absl::Status Keep(Evaluator* evaluator, const PlanHistory& history, const KeptPlan& plan,
                  KeptParticipant* person) {
  const std::shared_ptr<const DaySet> in_plan = evaluator->InPlan(person->participant, history);
  for (uint32_t i = 0; i < plan.periods.size(); ++i) {
    const Period& period = plan.periods[i];
    if (in_plan->Overlaps({period.first(), period.last()})) continue;
    // Of somebody who has left, what is cancelled later is taken back.
    person->is_other |= in_plan->LastBefore(period.first()).has_value();
  }
  if (person->is_other) return absl::OkStatus();
  for (uint32_t i = 0; i < plan.periods.size(); ++i) {
    const Period& period = plan.periods[i];
    if (!in_plan->Overlaps({period.first(), period.last()})) continue;
    const VersionRun& run = *RunOver(history, period);
    const std::vector<Component>& components = run.version->program.components;
    for (uint32_t c = 0; c < components.size(); ++c) {
      const GroupQuery query{person->participant, &history, run, &components[c], period};
      ASSIGN_OR_RETURN(const std::shared_ptr<Group> group, evaluator->GroupOf(query));
      KeptMeasure& kept = person->measures.emplace_back();
      kept.component = c;
      kept.period = i;
      kept.value = ValueAt(*group->own.taken, {period.last()}, group->currency()).value_or(0);
      if (group->own.target.has_value()) kept.target = group->own.target->value;
      ASSIGN_OR_RETURN(kept.paid, AmountsAt(*group, {period.last()}));
    }
  }
  return absl::OkStatus();
}

// Null if it is not plain.
absl::StatusOr<std::shared_ptr<const KeptPlan>> ReadPlan(
    const FactsView& view, const std::string& plan_id, int workers,
    const std::function<absl::Status()>& go_on) {
  const Reference& reference = view.reference();
  const auto found = reference.plans->find(plan_id);
  if (found == reference.plans->end() || found->second.runs().empty() ||
      !reference.configuration.has_value()) {
    return nullptr;
  }
  const PlanHistory& history = found->second;
  const PayoutPeriod payout = reference.configuration->payout_period;
  const PublishedVersion& first = *history.runs().front().version;
  for (const VersionRun& run : history.runs()) {
    if (!IsPlain(run.version->program, payout) || !MeasuresAlike(first, *run.version)) {
      return nullptr;
    }
  }
  Evaluator evaluator(view);
  auto plan = std::make_shared<KeptPlan>();
  const Date horizon = std::min(evaluator.Horizon(), history.runs().back().last);
  for (Date d = history.runs().front().first; d <= horizon;) {
    const Period period = reference.PayoutPeriodOf(d);
    const VersionRun* const run = RunOver(history, period);
    if (run == nullptr) return nullptr;
    plan->periods.push_back(period);
    plan->versions.push_back(run->version->version);
    d = period.last() + 1;
  }
  const Org& org = *reference.org;
  for (uint32_t participant = 0; participant < org.size(); ++participant) {
    if (evaluator.InPlan(participant, history)->empty()) continue;
    plan->people.emplace_back().participant = participant;
  }
  std::sort(plan->people.begin(), plan->people.end(), [&org](const auto& a, const auto& b) {
    return org.Id(a.participant) < org.Id(b.participant);
  });
  const size_t tasks = (plan->people.size() + kKeptPerTask - 1) / kKeptPerTask;
  const auto keep = [&](size_t task) -> absl::Status {
    Evaluator reader(view);
    const size_t end = std::min((task + 1) * kKeptPerTask, plan->people.size());
    for (size_t i = task * kKeptPerTask; i < end; ++i) {
      Background::TakeTurns();
      if (go_on) RETURN_IF_ERROR(go_on());
      KeptParticipant& person = plan->people[i];
      const absl::Status kept = Keep(&reader, history, *plan, &person);
      // What does not fit is left to the evaluation, which pays nothing for it.
      person.is_other |= absl::IsOutOfRange(kept);
      if (!absl::IsOutOfRange(kept)) RETURN_IF_ERROR(kept);
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunParallel(workers, tasks, keep));
  return plan;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const KeptPlan>> KeptMeasures::Get(
    const FactsView& view, const std::string& plan_id, int workers,
    const std::function<absl::Status()>& go_on) {
  const std::unique_lock<std::mutex> lock = Background::Lock(&mutex_);
  if (position_ != view.position()) plans_.clear();
  position_ = view.position();
  const auto known = plans_.find(plan_id);
  if (known != plans_.end()) return known->second;
  ASSIGN_OR_RETURN(std::shared_ptr<const KeptPlan> plan, ReadPlan(view, plan_id, workers, go_on));
  plans_.emplace(plan_id, plan);
  return plan;
}

absl::StatusOr<std::optional<RateChange>> RateChange::Find(
    const Fork& fork, KeptMeasures* kept, int workers, const std::function<absl::Status()>& go_on) {
  if (kept == nullptr || fork.events().empty()) return std::nullopt;
  const std::string& plan_id = fork.events().front().plan_published().plan().plan_id();
  for (const v1::Event& event : fork.events()) {
    if (!event.has_plan_published() || event.plan_published().plan().plan_id() != plan_id) {
      return std::nullopt;
    }
  }
  const Reference& reference = fork.view().reference();
  const auto before = fork.base().reference().plans->find(plan_id);
  const auto after = reference.plans->find(plan_id);
  if (before == fork.base().reference().plans->end() || after == reference.plans->end() ||
      !fork.base().reference().configuration.has_value() ||
      !PlansAreApart(fork.base().reference()) || !PlansAreApart(reference) ||
      Evaluator(fork.base()).Horizon() != Evaluator(fork.view()).Horizon()) {
    return std::nullopt;
  }
  // Whoever is in the plan must be so with both, on the same days, also after the last
  // fact: closed payout periods may lie there.
  const std::optional<Days> was_in_force = DaysInForce(before->second);
  const std::optional<Days> is_in_force = DaysInForce(after->second);
  if (!was_in_force.has_value() || !is_in_force.has_value() ||
      was_in_force->first != is_in_force->first || was_in_force->last != is_in_force->last) {
    return std::nullopt;
  }
  const PayoutPeriod payout = reference.configuration->payout_period;
  for (const VersionRun& run : after->second.runs()) {
    if (!IsPlain(run.version->program, payout) ||
        !MeasuresAlike(*before->second.runs().front().version, *run.version)) {
      return std::nullopt;
    }
  }
  RateChange change;
  ASSIGN_OR_RETURN(change.plan_, kept->Get(fork.base(), plan_id, workers, go_on));
  if (change.plan_ == nullptr) return std::nullopt;
  change.history_ = &after->second;
  for (const Period& period : change.plan_->periods) {
    const VersionRun* const was = RunOver(before->second, period);
    const VersionRun* const run = RunOver(after->second, period);
    if (run == nullptr) return std::nullopt;
    change.before_.push_back(was->version);
    change.runs_.push_back(*run);
  }
  return change;
}

absl::StatusOr<RatePayer::Prototype*> RatePayer::PrototypeOf(uint32_t participant,
                                                             const KeptMeasure& measure) {
  const VersionRun& run = change_.runs_[measure.period];
  Prototype& prototype = prototypes_[{run.version, measure.component}];
  if (prototype.group != nullptr) return &prototype;
  const Component& component = run.version->program.components[measure.component];
  ASSIGN_OR_RETURN(prototype.group, after_->GroupOf({participant, change_.history_, run, &component,
                                                     change_.plan_->periods[measure.period]}));
  prototype.group->in_plan = std::make_shared<const DaySet>(DaySet(Days{Date::Min(), Date::Max()}));
  prototype.taken = std::make_shared<Taken>();
  prototype.taken->measure = &*component.measure;
  prototype.taken->facts.resize(1);
  prototype.taken->totals.resize(1);
  prototype.group->own.taken = prototype.taken;
  return &prototype;
}

absl::StatusOr<Amounts> RatePayer::Pay(uint32_t participant, const KeptMeasure& measure) {
  ASSIGN_OR_RETURN(Prototype * prototype, PrototypeOf(participant, measure));
  const Period& period = change_.plan_->periods[measure.period];
  Group& group = *prototype->group;
  group.participant = participant;
  group.period = period;
  group.measured = {period.first(), period.last()};
  group.own.target.reset();
  if (measure.target.has_value()) group.own.target = Sourced{*measure.target, {}};
  prototype->taken->facts[0].date = period.first();
  prototype->taken->facts[0].value = measure.value;
  prototype->taken->totals[0] = measure.value;
  return AmountsAt(group, {period.last()});
}

}  // namespace payfold
