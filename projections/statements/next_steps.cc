#include "projections/statements/next_steps.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ledger/plan/bands.h"
#include "ledger/plan/modifiers.h"
#include "ledger/plan/prose.h"
#include "projections/earnings/element_text.h"

namespace payfold {
namespace {

using Kind = v1::NextStep;

// What is held against edges: a measure, or its attainment of a target.
class Scale {
 public:
  Scale(const Gauge& gauge, bool on_attainment, const Cut& cut, Currency currency)
      : gauge_(gauge), on_attainment_(on_attainment), currency_(currency) {
    // Of a target that is 0 or undefined the attainment is 0, as payouts take it.
    const std::optional<Rational> measure = MeasureAt(gauge, cut, currency);
    if (!measure.has_value()) return;
    x_ = on_attainment ? AttainmentAt(gauge, cut, currency).value_or(0) : *measure;
  }

  const std::optional<Rational>& x() const { return x_; }

  v1::NextStep StepTo(v1::NextStep::Kind kind, int place,
                      const std::optional<Rational>& edge) const {
    v1::NextStep step;
    step.set_kind(kind);
    step.set_place(place);
    step.set_measure(MeasureText(measure()));
    step.set_value(x_.has_value() ? Text(*x_) : "undefined");
    if (!edge.has_value()) return step;
    step.set_edge(Text(*edge));
    const bool has_distance =
        x_.has_value() &&
        (!on_attainment_ || (gauge_.target.has_value() && !gauge_.target->value.is_zero()));
    if (has_distance) {
      step.set_missing(MeasureNumber(InMinor(*edge - *x_), measure(), currency_));
    }
    return step;
  }

 private:
  const Measure& measure() const { return *gauge_.taken->measure; }
  Rational InMinor(const Rational& difference) const {
    if (on_attainment_) return difference * gauge_.target->value;
    return measure().is_money() ? difference * Rational(currency_.minor_per_major()) : difference;
  }
  std::string Text(const Rational& x) const {
    return on_attainment_ ? AttainmentText(x) : MeasureNumber(InMinor(x), measure(), currency_);
  }

  const Gauge& gauge_;
  bool on_attainment_;
  Currency currency_;
  std::optional<Rational> x_;
};

using Steps = std::vector<v1::NextStep>;

void AddBand(const Group& group, const Cut& cut, Steps* steps) {
  const Bands& bands = group.bands;
  const bool by = group.by.has_value();
  const Scale scale(by ? *group.by : group.own,
                    by ? group.by->has_target : bands.basis == Bands::Basis::kAttainment, cut,
                    group.currency());
  const std::optional<Rational>& x = scale.x();
  if (!x.has_value()) return steps->push_back(scale.StepTo(Kind::BAND, 0, bands.from));
  const int band = BandAt(bands, *x);
  if (band > 0) {
    const std::optional<Rational>& upto = bands.bands[static_cast<size_t>(band - 1)].upto;
    if (upto.has_value()) steps->push_back(scale.StepTo(Kind::BAND, band, upto));
  } else if (*x <= bands.from) {
    steps->push_back(scale.StepTo(Kind::BAND, 0, bands.from));
  }
}

// The first of ascending edges above x; `place` is what is reached, from `first` on.
void AddEdge(const Scale& scale, v1::NextStep::Kind kind, const std::vector<Rational>& edges,
             int first, Steps* steps) {
  int place = first;
  for (const Rational& edge : edges) {
    if (!scale.x().has_value() || *scale.x() < edge) {
      return steps->push_back(scale.StepTo(kind, place, edge));
    }
    ++place;
  }
}

void AddMatrix(const Group& group, const Cut& cut, Steps* steps) {
  const Matrix& matrix = group.component->payout.matrix;
  const Currency currency = group.currency();
  AddEdge(Scale(*group.rows, group.rows->has_target, cut, currency), Kind::MATRIX_ROW,
          matrix.rows.edges, 1, steps);
  AddEdge(Scale(*group.columns, group.columns->has_target, cut, currency), Kind::MATRIX_COLUMN,
          matrix.columns.edges, 1, steps);
}

void AddCurve(const Group& group, const Cut& cut, Steps* steps) {
  std::vector<Rational> edges;
  for (const Curve::Point& point : group.component->payout.curve.points) {
    edges.push_back(point.attainment);
  }
  AddEdge(Scale(group.own, true, cut, group.currency()), Kind::CURVE_POINT, edges, 0, steps);
}

std::optional<Rational> TargetIn(const Gauge& gauge, Currency currency) {
  if (!gauge.target.has_value()) return std::nullopt;
  return InPlanUnit(gauge.target->value, *gauge.taken->measure, currency);
}

void AddGoal(const Group& group, const Cut& cut, Steps* steps) {
  const Gauge& gauge = group.goal->gauge;
  if (gauge.taken == nullptr) return;
  const Scale scale(gauge, false, cut, group.currency());
  const std::optional<Rational> target = TargetIn(gauge, group.currency());
  if (scale.x().has_value() && target.has_value() && *target <= *scale.x()) return;
  steps->push_back(scale.StepTo(Kind::GOAL, 0, target));
}

void AddMultiplier(const Group& group, size_t i, const Cut& cut, Steps* steps) {
  const Gauge& gauge = group.multipliers[i];
  if (gauge.taken == nullptr) return;
  const Scale scale(gauge, gauge.has_target, cut, group.currency());
  if (!scale.x().has_value()) return;
  for (const Multiplier::Band& band : group.component->multipliers[i].bands) {
    if (!band.upto.has_value()) return;
    if (*scale.x() < *band.upto || (*scale.x() == *band.upto && band.includes_upto)) {
      return steps->push_back(
          scale.StepTo(Kind::MULTIPLIER_BAND, static_cast<int>(i) + 1, band.upto));
    }
  }
}

void AddGate(const Group& group, size_t i, const Cut& cut, Steps* steps) {
  const Gate& gate = group.component->gates[i];
  const Gauge& gauge = group.gates[i];
  if (gauge.taken == nullptr) return;
  const Scale scale(gauge, gate.on_attainment, cut, group.currency());
  std::optional<Rational> edge = gate.bound;
  if (gate.target.has_value() && !gate.on_attainment) {
    edge = TargetIn(gauge, group.currency());
    if (edge.has_value()) *edge *= gate.bound;
  }
  if (scale.x().has_value() && edge.has_value() && Holds(gate.compare, *scale.x(), *edge)) return;
  steps->push_back(scale.StepTo(Kind::GATE, static_cast<int>(i) + 1, edge));
}

}  // namespace

std::vector<v1::NextStep> NextSteps(const Group& group, const Cut& cut) {
  Steps steps;
  switch (group.component->payout.kind) {
    case Payout::Kind::kBands:
      AddBand(group, cut, &steps);
      break;
    case Payout::Kind::kCurve:
      AddCurve(group, cut, &steps);
      break;
    case Payout::Kind::kMatrix:
      AddMatrix(group, cut, &steps);
      break;
    default:
      break;
  }
  if (group.goal.has_value()) AddGoal(group, cut, &steps);
  for (size_t i = 0; i < group.multipliers.size(); ++i) AddMultiplier(group, i, cut, &steps);
  for (size_t i = 0; i < group.gates.size(); ++i) AddGate(group, i, cut, &steps);
  return steps;
}

}  // namespace payfold
