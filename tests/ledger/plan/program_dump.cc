// Every field of a program as text.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold_testing {
namespace {

using namespace payfold;  // NOLINT(google-build-using-namespace): all of the program

// Writes values apart from one another, so that no two programs look alike.
class Dumper {
 public:
  std::string Take() { return std::move(text_); }

  void Put(const std::string& text) { absl::StrAppend(&text_, "\"", text, "\" "); }
  void Put(bool value) { absl::StrAppend(&text_, value ? "yes " : "no "); }
  void Put(int value) { absl::StrAppend(&text_, value, " "); }
  void Put(const Rational& value) { absl::StrAppend(&text_, value.ToString(), " "); }
  void Put(const Period& period) {
    absl::StrAppend(&text_, period.first().ToString(), "..", period.last().ToString(), " ");
  }
  template <typename T>
  requires std::is_enum_v<T>
  void Put(T value) { Put(static_cast<int>(value)); }
  template <typename T>
  void Put(const std::optional<T>& value) {
    if (!value.has_value()) {
      text_ += "none ";
    } else {
      Put(*value);
    }
  }
  template <typename T>
  void Put(const std::vector<T>& values) {
    text_ += "[ ";
    for (const T& value : values) Put(value);
    text_ += "] ";
  }
  template <typename T>
  void Put(const std::map<std::string, T>& values) {
    text_ += "{ ";
    for (const auto& [key, value] : values) All(key, value);
    text_ += "} ";
  }

  void Put(const Condition& c) { All(c.test, c.attribute, c.values, c.bound, c.any); }
  void Put(const ComponentRef& r) { All(r.plan_id, r.component_id); }
  void Put(const Measure& m) {
    All(m.kind, m.scope, m.value, m.aggregate, m.metric_is_money, m.name, m.distinct, m.where);
    All(m.parts, m.weights, m.periods_back, m.components, m.sub_period, m.at_least, m.share);
  }
  void Put(const LookupTable& t) { All(t.by, t.values); }
  void Put(const Target& t) {
    All(t.kind, t.fixed, t.table, t.metric, t.factor, t.stat, t.argument, t.of_attainment);
    All(t.current, t.around);
  }
  void Put(const Band& b) {
    All(b.upto, b.includes_upto, b.pay, b.value, b.rate_by, b.retroactive);
  }
  void Put(const Bands& b) {
    All(b.basis, b.mode, b.from, b.from_excluded, b.bands, b.by_measure, b.by_target);
  }
  void Put(const Curve::Point& p) { All(p.attainment, p.multiple); }
  void Put(const Matrix::Axis& a) { All(a.measure, a.target, a.edges); }
  void Put(const Matrix::Cell& c) { All(c.pay, c.value); }
  void Put(const Payout& p) {
    All(p.kind, p.value, p.rate_by, p.bands, p.curve.points, p.curve.extend);
    All(p.matrix.rows, p.matrix.columns, p.matrix.cells, p.rank.population, p.rank.awards);
    All(p.per_deal.rate, p.per_deal.bands, p.per_deal.min_amount, p.per_deal.cap);
    All(p.pool.amount, p.pool.rate, p.pool.scaled, p.pool.share, p.pool.attribute);
  }
  void Put(const Goal& g) { All(g.goal_id, g.display_name, g.measure, g.target, g.amount); }
  void Put(const Gate& g) {
    All(g.measure, g.component, g.target, g.on_attainment, g.compare, g.bound, g.otherwise);
  }
  void Put(const Multiplier::Band& b) { All(b.upto, b.includes_upto, b.multiple); }
  void Put(const Multiplier& m) { All(m.measure, m.target, m.bands); }
  void Put(const Cap& c) { All(c.amount, c.multiple, c.per_deal, c.excess, c.rate); }
  void Put(const Reward& r) { All(r.kind, r.name, r.fair_value); }
  void Put(const Clawback::Step& s) { All(s.upto, s.percent); }
  void Put(const Clawback& c) { All(c.mode, c.schedule, c.linear, c.window_days, c.window_months); }
  void Put(const Instalment& i) { All(i.share, i.due, i.n); }
  void Put(const Component& c) {
    All(c.component_id, c.display_name, c.measure, c.scope, c.window, c.period, c.target);
    All(c.payout, c.reward, c.goals, c.gates, c.multipliers, c.floor, c.cap, c.weight);
    All(c.target_weights, c.prorate_target, c.prorate_amounts, c.prorate_bands, c.running);
    All(c.restart, c.trigger, c.fx, c.clawback, c.schedule);
    text_ += "\n";
  }
  void Put(const RankBand& b) { All(b.measure, b.period, b.from_pct, b.to_pct); }
  void Put(const Draw& d) {
    All(d.amount, d.per, d.recoverable, d.from_earnings, d.recovery_rate, d.recovery_cap);
    All(d.recover_after_months, d.max_balance, d.periods, d.prorate);
  }
  void Put(const Budget& b) { All(b.amount, b.period); }
  void Put(const Program& p) {
    All(p.plan_id, p.display_name, std::string(p.currency.code()), p.start.days(), p.end.days());
    All(p.rounding, p.eligibility.roles, p.eligibility.teams, p.eligibility.territories);
    All(p.eligibility.participants, p.eligibility.attributes, p.eligibility.rank_band);
    All(p.components, p.draw, p.cap, p.budget, p.prorate_by_months);
  }

 private:
  template <typename... T>
  void All(const T&... values) {
    text_ += "( ";
    (Put(values), ...);
    text_ += ") ";
  }

  std::string text_;
};

}  // namespace

std::string Dump(const Program& program) {
  Dumper dumper;
  dumper.Put(program);
  return dumper.Take();
}

}  // namespace payfold_testing
