// Goals, gates and multipliers.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/measure_range.h"
#include "ledger/plan/modifiers.h"

namespace payfold {
namespace {

std::optional<Goal> CompileGoal(const v1::Goal& goal, const std::string& path, Compilation* c) {
  Goal result;
  result.goal_id = goal.goal_id();
  result.display_name = goal.display_name();
  c->findings.CheckId(result.goal_id, Child(path, "goal_id"));
  c->findings.CheckDisplayName(result.display_name, Child(path, "display_name"));
  std::optional<Measure> given;
  const Measure* measure =
      CompileOrOwn(goal.has_measure(), goal.measure(), Child(path, "measure"), c, &given);
  if (goal.has_target()) {
    result.target = CompileTarget(goal.target(), {.measure = measure, .is_goals = true},
                                  Child(path, "target"), c);
  } else {
    c->findings.Error(Child(path, "target"), "is required: what makes the goal reached");
  }
  const std::string amount = Child(path, "amount");
  const bool pays = c->source().payout().has_goals();
  if (!goal.amount().empty()) {
    result.amount = CompileMoney(goal.amount(), amount, &c->findings);
    if (!pays) {
      c->findings.Warning(amount, "has no effect: only payout `goals` pays the goal's amount");
    }
  } else if (pays) {
    c->findings.Error(amount, "is required by payout `goals`: what the goal pays");
  }
  if (measure == nullptr) return std::nullopt;
  result.measure = *measure;
  return result;
}

struct Bound {
  Compare compare;
  absl::string_view name;
  const std::string* text;
};

std::vector<Bound> BoundsOf(const v1::Gate& gate) {
  std::vector<Bound> given;
  const auto add = [&](Compare compare, absl::string_view name, const std::string& text) {
    if (!text.empty()) given.push_back({compare, name, &text});
  };
  add(Compare::kAtLeast, "at_least", gate.at_least());
  add(Compare::kAbove, "above", gate.above());
  add(Compare::kAtMost, "at_most", gate.at_most());
  add(Compare::kBelow, "below", gate.below());
  return given;
}

// A bound that everything or nothing that can be measured passes.
void WarnConstant(const Gate& gate, const Measure& measure, const std::string& path,
                  Compilation* c) {
  const MeasureRange range = RangeOf(measure, AroundComponent(*c).period);
  const bool rises = gate.compare == Compare::kAtLeast || gate.compare == Compare::kAbove;
  const std::optional<Rational>& best = rises ? range.high : range.low;
  const std::optional<Rational>& worst = rises ? range.low : range.high;
  if (best.has_value() && !Holds(gate.compare, *best, gate.bound)) {
    c->findings.Warning(path, absl::StrCat("can never hold: what is measured is at ",
                                           rises ? "most " : "least ", best->ToText(9)));
  } else if (worst.has_value() && Holds(gate.compare, *worst, gate.bound)) {
    c->findings.Warning(path, absl::StrCat("always holds: what is measured is at ",
                                           rises ? "least " : "most ", worst->ToText(9)));
  }
}

void ReadBound(const v1::Gate& gate, const Measure* measure, const std::string& path,
               Compilation* c, Gate* result) {
  const std::vector<Bound> bounds = BoundsOf(gate);
  if (bounds.size() != 1) {
    c->findings.Error(path, absl::StrCat("has ", bounds.size(),
                                         " bounds: give exactly one of at_least, above, at_most, "
                                         "below"));
    return;
  }
  const std::string here = Child(path, bounds[0].name);
  result->compare = bounds[0].compare;
  Measure money;  // what a component pays
  const Measure* held = gate.component().empty() ? measure : &money;
  const auto bound = ReadEdge(*bounds[0].text, gate.has_target(), held, here, c);
  result->bound = bound.value_or(0);
  if (bound.has_value() && !gate.has_target() && held != nullptr) {
    WarnConstant(*result, *held, here, c);
  }
}

void ReadOtherwise(const std::string& text, const std::string& path, Compilation* c, Gate* result) {
  if (text.empty() || absl::EqualsIgnoreCase(text, "ZERO")) return;
  result->otherwise = CompileMultiple(text, path, &c->findings);
  if (*result->otherwise == Rational(1)) {
    c->findings.Warning(path, "of 1 leaves the payout as it is, so the gate has no effect");
  }
}

Gate CompileGate(const v1::Gate& gate, const std::string& path, Compilation* c) {
  Gate result;
  const Measure* measure = nullptr;
  if (!gate.component().empty()) {
    const std::string here = Child(path, "component");
    result.component = gate.component();
    result.measure.emplace();
    result.measure->kind = Measure::Kind::kEarnings;
    result.measure->components = {{c->plan.plan_id(), gate.component()}};
    c->findings.CheckId(gate.component(), here);
    c->uses.push_back({c->component, gate.component(), here});
    if (gate.has_measure()) {
      c->findings.Error(here, "is given beside `measure`: a gate looks at one or the other");
    }
  }
  if (gate.has_measure() || gate.component().empty()) {
    measure = CompileOrOwn(gate.has_measure(), gate.measure(), Child(path, "measure"), c,
                           &result.measure);
  }
  if (gate.has_target()) {
    const Measure money;
    const TargetFor target_for = {.measure = gate.component().empty() ? measure : &money};
    result.target = CompileTarget(gate.target(), target_for, Child(path, "target"), c);
  } else if (gate.compare() == v1::Gate::ATTAINMENT) {
    c->findings.Error(Child(path, "compare"),
                      "ATTAINMENT is measure / target, and the gate has no target of its own: add "
                      "`target`, or compare VALUE");
  }
  result.on_attainment = gate.has_target() && gate.compare() != v1::Gate::VALUE;
  ReadBound(gate, measure, path, c, &result);
  ReadOtherwise(gate.otherwise(), Child(path, "otherwise"), c, &result);
  return result;
}

std::vector<Multiplier::Band> CompileMultiplierBands(const v1::Multiplier& multiplier,
                                                     const Measure* measure,
                                                     const std::string& path, Compilation* c) {
  std::vector<Multiplier::Band> result;
  if (multiplier.bands().empty()) {
    c->findings.Error(path, "has no band: give at least one, as in [{upto: 70%, multiple: 0.5}]");
  }
  MeasureRange range;
  if (measure != nullptr && !multiplier.has_target()) {
    range = RangeOf(*measure, AroundComponent(*c).period);
  }
  std::optional<Rational> below;
  for (int i = 0; i < multiplier.bands_size(); ++i) {
    const v1::MultiplierBand& band = multiplier.bands(i);
    const std::string here = Element(path, i);
    Multiplier::Band one;
    if (below.has_value() && range.high.has_value() && *below > *range.high) {
      c->findings.Warning(here, absl::StrCat("can never be reached: what is measured is at most ",
                                             range.high->ToText(9)));
    }
    if (!band.upto().empty()) {
      const std::string upto = Child(here, "upto");
      one.upto = ReadEdge(band.upto(), multiplier.has_target(), measure, upto, c);
      if (one.upto.has_value() && *one.upto <= below.value_or(0)) {
        c->findings.Error(upto,
                          absl::StrCat(band.upto(), " is not above ", below.value_or(0).ToText(9),
                                       ", where the band begins: bands ascend from 0"));
      }
      below = one.upto;
    } else if (i + 1 < multiplier.bands_size()) {
      c->findings.Error(Child(here, "upto"), "is required: only the last band may leave it out");
    } else if (band.includes_upto()) {
      c->findings.Error(Child(here, "includes_upto"), "has no `upto` to include: remove it");
    }
    one.includes_upto = band.includes_upto() && one.upto.has_value();
    if (band.multiple().empty()) {
      c->findings.Error(Child(here, "multiple"), "is required: what the payout is multiplied by");
    } else {
      one.multiple = CompileMultiple(band.multiple(), Child(here, "multiple"), &c->findings);
    }
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace

const Measure* CompileOrOwn(bool is_given, const v1::Measure& measure, const std::string& path,
                            Compilation* c, std::optional<Measure>* result) {
  if (is_given) {
    *result = CompileMeasure(measure, AroundComponent(*c), path, c);
    return result->has_value() ? &**result : nullptr;
  }
  if (!c->source().has_measure()) {
    c->findings.Error(path, "is required: the component has no measure to take instead");
    return nullptr;
  }
  return c->so_far->measure.has_value() ? &*c->so_far->measure : nullptr;
}

std::vector<Goal> CompileGoals(const std::string& path, Compilation* c) {
  std::vector<Goal> result;
  std::set<std::string> seen;
  for (int i = 0; i < c->source().goals_size(); ++i) {
    const std::string here = Element(path, i);
    const v1::Goal& goal = c->source().goals(i);
    if (!goal.goal_id().empty() && !seen.insert(goal.goal_id()).second) {
      c->findings.Error(
          Child(here, "goal_id"),
          absl::StrCat(Quote(goal.goal_id()), " is the id of an earlier goal: ids are unique"));
    }
    if (std::optional<Goal> one = CompileGoal(goal, here, c); one.has_value()) {
      result.push_back(*std::move(one));
    }
  }
  return result;
}

std::vector<Gate> CompileGates(const std::string& path, Compilation* c) {
  std::vector<Gate> result;
  for (int i = 0; i < c->source().gates_size(); ++i) {
    result.push_back(CompileGate(c->source().gates(i), Element(path, i), c));
  }
  return result;
}

std::vector<Multiplier> CompileMultipliers(const std::string& path, Compilation* c) {
  std::vector<Multiplier> result;
  for (int i = 0; i < c->source().multipliers_size(); ++i) {
    const v1::Multiplier& multiplier = c->source().multipliers(i);
    const std::string here = Element(path, i);
    Multiplier one;
    const Measure* measure = CompileOrOwn(multiplier.has_measure(), multiplier.measure(),
                                          Child(here, "measure"), c, &one.measure);
    if (multiplier.has_target()) {
      one.target =
          CompileTarget(multiplier.target(), {.measure = measure}, Child(here, "target"), c);
    }
    one.bands = CompileMultiplierBands(multiplier, measure, Child(here, "bands"), c);
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace payfold
