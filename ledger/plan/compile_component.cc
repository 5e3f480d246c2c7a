// A component as a whole: its parts in order, and what they mean to each other.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

void CompilePeriod(const std::string& path, Compilation* c, Component* result) {
  const v1::Component& component = c->source();
  result->period = CompileKind(component.period());
  if (component.window().empty()) return;
  const std::string here = Child(path, "window");
  if (result->period.has_value()) {
    c->findings.Error(here, "is given beside `period`: a component has one or the other");
  }
  const absl::StatusOr<Period> window = Calendar().Parse(component.window());
  if (!window.ok()) {
    c->findings.Error(here, window.status().message());
  } else if (window->kind() != PeriodKind::kWindow) {
    c->findings.Error(here, absl::StrCat(Quote(component.window()),
                                         " is not a window: write its first and last day, as in "
                                         "2025-04-01..2025-06-30"));
  } else {
    result->window = *window;
  }
}

// A pool belongs to the component's scope, or to that which its measure names.
void CompileOwnScope(const std::string& path, Compilation* c, Component* result) {
  const v1::Component& component = c->source();
  result->scope = CompileScope(component.scope(), Scope::kOwn);
  const v1::Scope inner = component.measure().scope();
  if (!component.payout().has_pool() || inner == v1::SCOPE_UNSPECIFIED) return;
  if (component.scope() == v1::SCOPE_UNSPECIFIED) {
    result->scope = CompileScope(inner, Scope::kOwn);
  } else if (component.scope() != inner) {
    c->findings.Error(Child(path, "measure.scope"),
                      absl::StrCat(v1::Scope_Name(inner), " is not the component's scope, ",
                                   v1::Scope_Name(component.scope()),
                                   ": a pool is that of the measure it is made of"));
  }
}

// The kind of period that a label without the year names.
std::optional<PeriodKind> KindOfLabel(const std::string& label) {
  // 2020 has a 29 February and a week 53.
  const absl::StatusOr<Period> period = Calendar().Parse(absl::StrCat("2020-", label));
  if (!period.ok() || period->kind() == PeriodKind::kWindow) return std::nullopt;
  return period->kind();
}

void CompileTargetWeights(const std::string& path, Compilation* c, Component* result) {
  const std::string list = Child(path, "target_weights");
  std::optional<PeriodKind> kind = result->period;
  Rational sum;
  // In the order of the labels, whatever the map's.
  const std::map<std::string, std::string> weights(c->source().target_weights().begin(),
                                                   c->source().target_weights().end());
  for (const auto& [label, text] : weights) {
    const std::string here = Entry(list, label);
    const std::optional<PeriodKind> named = KindOfLabel(label);
    if (result->window.has_value() || !named.has_value() || named != kind.value_or(*named)) {
      c->findings.Error(
          here, absl::StrCat(Quote(label), " is not the label, without the year, of a ",
                             kind.has_value() ? PeriodKindName(*kind) : "period",
                             ": write as in Q1, 03, H2 or W07, as the component's period is"));
    } else {
      kind = named;
    }
    const Rational weight = c->findings.ReadShare(text, here).value_or(0);
    if (weight.sign() < 0) c->findings.Error(here, absl::StrCat(text, " is below 0"));
    sum += weight;
    result->target_weights[label] = weight;
  }
  if (!weights.empty() && sum != Rational(1)) {
    c->findings.Warning(list, absl::StrCat("add up to ", (sum * 100).ToText(7),
                                           "%, not to 100% of the annual target incentive"));
  }
}

bool UsesTargetIncentive(const Component& component) {
  const bool is_capped_by_it = component.cap.has_value() && !component.cap->amount.has_value();
  const bool is_shared_by_it = component.payout.kind == Payout::Kind::kPool &&
                               component.payout.pool.share == Pool::Share::kByTargetIncentive;
  return PaysTargetIncentive(component.payout) || is_capped_by_it || is_shared_by_it;
}

void CompileWeights(const std::string& path, Compilation* c, Component* result) {
  const v1::Component& component = c->source();
  if (!component.weight().empty()) {
    const std::string here = Child(path, "weight");
    result->weight = c->findings.ReadShare(component.weight(), here).value_or(1);
    if (result->weight.sign() < 0) {
      c->findings.Error(here, absl::StrCat(component.weight(), " is below 0"));
    }
  }
  CompileTargetWeights(path, c, result);
}

void CompileProrate(const std::string& path, Compilation* c, Component* result) {
  for (int i = 0; i < c->source().prorate_size(); ++i) {
    const std::string here = Element(path, i);
    bool* flag = nullptr;
    switch (c->source().prorate(i)) {
      case v1::Component::TARGET:
        flag = &result->prorate_target;
        break;
      case v1::Component::AMOUNTS:
        flag = &result->prorate_amounts;
        break;
      case v1::Component::BANDS:
        flag = &result->prorate_bands;
        break;
      default:
        c->findings.Error(here, "names nothing: give TARGET, AMOUNTS or BANDS");
        continue;
    }
    if (*flag) c->findings.Warning(here, "is named twice");
    *flag = true;
  }
}

void CompileLimits(const std::string& path, Compilation* c, Component* result) {
  const v1::Component& component = c->source();
  if (!component.floor().empty()) {
    result->floor = c->findings.ReadAmount(component.floor(), Child(path, "floor"));
  }
  if (!component.has_cap()) return;
  const std::string here = Child(path, "cap");
  result->cap = CompileCap(component.cap(), here, &c->findings);
  const bool is_period = !result->cap->per_deal;
  if (is_period && result->floor.has_value() && result->cap->amount.has_value() &&
      *result->cap->amount < *result->floor) {
    c->findings.Error(here, absl::StrCat("of ", component.cap().amount(), " is below the floor of ",
                                         component.floor()));
  }
  const bool has_deals = result->measure.has_value() && IsOverDeals(*result->measure);
  const bool may_have_deals = component.has_measure() && !result->measure.has_value();
  if (!is_period && !has_deals && !may_have_deals) {
    c->findings.Error(Child(here, "per"),
                      "DEAL cuts what belongs to each deal, and the component measures no deals: "
                      "measure `deals`, or use PERIOD");
  }
}

Trigger CompileTrigger(v1::Component::Trigger trigger) {
  if (trigger == v1::Component::INVOICED) return Trigger::kInvoiced;
  return trigger == v1::Component::COLLECTED ? Trigger::kCollected : Trigger::kBooked;
}

FxDay CompileFx(v1::FxConversion::Day day) {
  if (day == v1::FxConversion::PERIOD_END) return FxDay::kPeriodEnd;
  return day == v1::FxConversion::PLAN_START ? FxDay::kPlanStart : FxDay::kCreditDate;
}

bool CanRun(const Measure& measure) {
  switch (measure.kind) {
    case Measure::Kind::kDeals:
      return true;
    case Measure::Kind::kMetric:
      return measure.aggregate == Aggregate::kSum || measure.aggregate == Aggregate::kCount ||
             measure.aggregate == Aggregate::kCountDistinct;
    case Measure::Kind::kSum:
      return std::all_of(measure.parts.begin(), measure.parts.end(), CanRun);
    default:
      return false;
  }
}

bool IsOfPopulation(const std::optional<Target>& target) {
  return target.has_value() && target->kind == Target::Kind::kPopulation;
}

// The default of `evaluate`. Source: specification, calculation 8.
bool RunsByDefault(const Component& component) {
  switch (component.payout.kind) {
    case Payout::Kind::kRate:
    case Payout::Kind::kPerUnit:
    case Payout::Kind::kBands:
    case Payout::Kind::kCurve:
    case Payout::Kind::kPerDeal:
      break;
    default:
      return false;
  }
  const auto keeps_running = [](const Gate& gate) {
    const bool on_else =
        !gate.component.empty() || (gate.measure.has_value() && !CanRun(*gate.measure));
    return !on_else && !IsOfPopulation(gate.target);
  };
  return component.measure.has_value() && CanRun(*component.measure) &&
         component.multipliers.empty() && !IsOfPopulation(component.target) &&
         std::all_of(component.gates.begin(), component.gates.end(), keeps_running);
}

bool IsRunning(const v1::Component& component, const Component& result) {
  if (component.evaluate() == v1::Component::RUNNING) return true;
  return component.evaluate() != v1::Component::PERIOD_END && RunsByDefault(result);
}

// A goal in another unit than the measure that is held against it.
void CheckGoalUnits(const std::string& path, Compilation* c, const Component& component) {
  const bool is_held = component.target.has_value() &&
                       component.target->kind == Target::Kind::kGoal &&
                       component.payout.kind != Payout::Kind::kGoals;
  if (!is_held || !component.measure.has_value()) return;
  for (const Goal& goal : component.goals) {
    if (goal.measure.is_money() == component.measure->is_money()) continue;
    c->findings.Error(path, absl::StrCat("is the chosen goal's, and goal ", Quote(goal.goal_id),
                                         " measures money where the component measures a number, "
                                         "or the other way round: give that goal no measure of its "
                                         "own, or use payout `goals`"));
  }
}

// Fields that are given and change nothing.
void WarnUnused(const std::string& path, Compilation* c, const Component& result) {
  const v1::Component& component = c->source();
  const Compilation::Seen& seen = c->seen;
  const auto warn = [&](bool is_unused, absl::string_view field, absl::string_view why) {
    if (is_unused) c->findings.Warning(Child(path, field), absl::StrCat("has no effect", why));
  };
  const bool is_measured = component.has_measure();
  const bool pays_incentive = UsesTargetIncentive(result);
  const absl::string_view no_incentive = ": nothing here pays a multiple of the target incentive";
  warn(!component.weight().empty() && !pays_incentive, "weight", no_incentive);
  warn(!component.target_weights().empty() && !pays_incentive, "target_weights", no_incentive);
  warn(component.scope() != v1::SCOPE_UNSPECIFIED && !seen.outer_scope, "scope",
       ": there is no measure that takes it");
  warn(component.has_target() && !is_measured && !component.payout().has_goals(), "target",
       ": there is no measure to hold to it");
  warn(!component.goals().empty() && !component.payout().has_goals() && !seen.goal_target, "goals",
       ": choose payout `goals` or the target `goal`");
  warn(component.trigger() != v1::Component::TRIGGER_UNSPECIFIED && !seen.deals, "trigger",
       ": nothing here measures deals");
  warn(component.fx() != v1::FxConversion::DAY_UNSPECIFIED && !seen.deal_money, "fx",
       ": nothing here measures amounts of deals");
  warn(component.has_clawback() && !seen.deals, "clawback", ": nothing here measures deals");
  warn(result.prorate_target && !seen.target, "prorate", " on TARGET: there is no target");
  warn(result.prorate_amounts && !seen.fixed && !pays_incentive, "prorate",
       " on AMOUNTS: nothing here pays a fixed amount or target incentive");
  warn(result.prorate_bands && !seen.measure_edges, "prorate",
       " on BANDS: there are no bands on a measure");
  warn(!component.schedule().empty() && result.reward.kind != Reward::Kind::kMoney, "schedule",
       ": only money is paid in instalments");
}

// What is taken back or paid by deal needs money that belongs to deals.
void WarnWithoutDeals(const std::string& path, Compilation* c, const Component& result) {
  const bool is_unknown = c->source().has_measure() && !result.measure.has_value();
  if (is_unknown || (result.measure.has_value() && IsOverDeals(*result.measure))) return;
  if (result.clawback.mode == Clawback::Mode::kReverse && c->seen.deals) {
    c->findings.Warning(Child(path, "clawback.mode"),
                        "REVERSE takes back nothing: the component's own measure is not over "
                        "deals, so none of its money belongs to one");
  }
  for (size_t i = 0; i < result.schedule.size(); ++i) {
    if (result.schedule[i].due != Instalment::Due::kCollected) continue;
    c->findings.Warning(
        Child(Element(Child(path, "schedule"), static_cast<int>(i)), "due"),
        "COLLECTED is never paid: the component's own measure is not over deals, so none of its "
        "money belongs to one that is collected");
  }
}

void CompileHowItIsPaid(const std::string& path, Compilation* c, Component* result) {
  const v1::Component& component = c->source();
  result->trigger = CompileTrigger(component.trigger());
  result->fx = CompileFx(component.fx());
  result->restart = component.segment() == v1::Component::RESTART;
  if (component.has_clawback()) {
    result->clawback = CompileClawback(component.clawback(), Child(path, "clawback"), &c->findings);
  }
  result->schedule = CompileSchedule(component.schedule(), Child(path, "schedule"), &c->findings);
}

}  // namespace

std::optional<PeriodKind> CompileKind(v1::PeriodKind kind) {
  if (kind == v1::PERIOD_KIND_UNSPECIFIED) return std::nullopt;
  const absl::StatusOr<PeriodKind> parsed = ParsePeriodKind(v1::PeriodKind_Name(kind));
  return parsed.ok() ? std::optional<PeriodKind>(*parsed) : std::nullopt;
}

Around AroundComponent(const Compilation& c) {
  return {.scope = CompileScope(c.source().scope(), Scope::kOwn),
          .is_components = true,
          .period = c.so_far->period};
}

bool IsOverDeals(const Measure& measure) {
  if (measure.kind == Measure::Kind::kSum) {
    return std::any_of(measure.parts.begin(), measure.parts.end(), IsOverDeals);
  }
  return measure.kind == Measure::Kind::kDeals;
}

Component CompileComponent(int index, Compilation* c) {
  Component result;
  c->component = index;
  c->so_far = &result;
  c->seen = {};
  const v1::Component& component = c->source();
  const std::string path = Element("components", index);
  result.component_id = component.component_id();
  result.display_name = component.display_name();
  c->findings.CheckId(result.component_id, Child(path, "component_id"));
  c->findings.CheckDisplayName(result.display_name, Child(path, "display_name"));
  CompilePeriod(path, c, &result);
  CompileOwnScope(path, c, &result);
  if (component.has_measure()) {
    result.measure =
        CompileMeasure(component.measure(), AroundComponent(*c), Child(path, "measure"), c);
  }
  if (component.has_target()) {
    const Measure* measure = result.measure.has_value() ? &*result.measure : nullptr;
    result.target = CompileTarget(component.target(), {.measure = measure, .is_components = true},
                                  Child(path, "target"), c);
  }
  result.payout = CompilePayout(path, c);
  if (component.has_reward()) {
    result.reward = CompileReward(component.reward(), Child(path, "reward"), &c->findings);
  }
  result.goals = CompileGoals(Child(path, "goals"), c);
  CheckGoalUnits(Child(path, "target"), c, result);
  result.gates = CompileGates(Child(path, "gates"), c);
  result.multipliers = CompileMultipliers(Child(path, "multipliers"), c);
  CompileLimits(path, c, &result);
  CompileWeights(path, c, &result);
  CompileProrate(Child(path, "prorate"), c, &result);
  CompileHowItIsPaid(path, c, &result);
  result.running = IsRunning(component, result);
  WarnUnused(path, c, result);
  WarnWithoutDeals(path, c, result);
  c->so_far = nullptr;
  c->component = Compilation::kEligibility;
  return result;
}

}  // namespace payfold
