// The parts of random plans that pay or change what is paid.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/support/random_plan_parts.h"

namespace payfold_testing {

namespace v1 = ::payfold::v1;

namespace {

// Whether a line of the component can be attributed to deals.
bool IsAttributable(const v1::Component& component) {
  return component.measure().has_deals() && !component.payout().has_pool() &&
         !component.payout().has_rank() && !component.payout().has_goals();
}

}  // namespace

// --- Payouts

void RandomParts::Goals(v1::Component* component) {
  for (const std::string id : {"g1", "g2"}) {
    v1::Goal* goal = component->add_goals();
    goal->set_goal_id(id);
    if (random_.Chance(40)) Measure(goal->mutable_measure());
    const v1::Measure& measure = goal->has_measure() ? goal->measure() : component->measure();
    v1::Target* target = goal->mutable_target();
    if (random_.Chance(60)) {
      target->mutable_fixed()->set_value(Amount(IsMoneyMeasure(measure)));
    } else {
      target->mutable_previous()->set_factor("1.2");
    }
    goal->set_amount(Hundredths(random_.Between(1, 50'000)));
  }
}

void RandomParts::Curve(v1::Component* component) {
  Target(IsMoneyMeasure(component->measure()), true, *component, component->mutable_target());
  v1::Curve* curve = component->mutable_payout()->mutable_curve();
  int64_t attainment = random_.Int(0, 60);
  for (int i = random_.Int(1, 4); i > 0; --i) {
    v1::CurvePoint* point = curve->add_points();
    point->set_attainment(absl::StrCat(attainment, "%"));
    point->set_multiple(Hundredths(random_.Between(0, 300)));
    // At most two points at one attainment.
    attainment += i % 2 == 0 && random_.Chance(30) ? 0 : random_.Int(1, 70);
  }
  const bool is_a_line =
      curve->points(0).attainment() != curve->points(curve->points_size() - 1).attainment();
  if (is_a_line && random_.Chance(50)) curve->set_beyond(v1::Curve::EXTEND);
}

void RandomParts::Axis(const v1::Component& component, int edges, v1::MatrixAxis* axis) {
  Measure(axis->mutable_measure());
  const bool is_money = IsMoneyMeasure(axis->measure());
  const bool on_attainment = random_.Chance(40);
  if (on_attainment) Target(is_money, false, component, axis->mutable_target());
  int64_t edge = 0;
  for (int i = 0; i < edges; ++i) {
    edge += on_attainment ? random_.Between(1, 80) : is_money ? random_.Between(1, 300'000) : 100;
    axis->add_edges(Hundredths(edge));
  }
}

void RandomParts::Matrix(v1::Component* component) {
  v1::Matrix* matrix = component->mutable_payout()->mutable_matrix();
  const int rows = random_.Int(1, 2);
  const int columns = random_.Int(1, 2);
  Axis(*component, rows, matrix->mutable_rows());
  Axis(*component, columns, matrix->mutable_columns());
  const bool is_money = IsMoneyMeasure(component->measure());
  for (int r = 0; r <= rows; ++r) {
    v1::MatrixRow* row = matrix->add_cells();
    for (int c = 0; c <= columns; ++c) {
      v1::MatrixCell* cell = row->add_cells();
      const int kind = random_.Int(1, is_money ? 3 : 2);
      if (kind == 1) cell->set_fixed(Hundredths(random_.Between(0, 50'000)));
      if (kind == 2) cell->set_multiple(Hundredths(random_.Between(0, 200)));
      if (kind == 3) cell->set_rate(Rate());
    }
  }
}

void RandomParts::Pool(v1::Component* component) {
  v1::Measure* measure = component->mutable_measure();
  measure->Clear();
  component->clear_scope();
  Deals(true, measure->mutable_deals());
  if (random_.Chance(70)) {
    measure->set_scope(
        random_.Pick<v1::Scope>({v1::OWN, v1::TEAM, v1::TERRITORY, v1::REPORTS, v1::COMPANY}));
  }
  v1::Pool* pool = component->mutable_payout()->mutable_pool();
  if (random_.Chance(50)) {
    pool->set_amount(Hundredths(random_.Between(1, 100'000)));
  } else {
    pool->set_rate(Rate());
  }
  if (random_.Chance(35)) {
    pool->set_scale(v1::Pool::ATTAINMENT);
    switch (random_.Int(1, 3)) {
      case 1:
        component->mutable_target()->mutable_fixed()->set_value(Amount(true));
        break;
      case 2:
        component->mutable_target()->mutable_quota()->set_metric("sales");
        break;
      default:
        component->mutable_target()->mutable_previous();
    }
  }
  pool->set_share(static_cast<v1::Pool::Share>(random_.Int(0, 4)));
  if (pool->share() == v1::Pool::BY_ATTRIBUTE) pool->set_attribute("grade");
}

bool RandomParts::OtherPayout(v1::Component* component) {
  if (!features_.payouts) return false;
  Measure(component->mutable_measure());
  if (random_.Chance(30)) component->set_scope(Scope());
  switch (random_.Int(1, 5)) {
    case 1:
      Curve(component);
      break;
    case 2:
      Matrix(component);
      break;
    case 3: {
      v1::Rank* rank = component->mutable_payout()->mutable_rank();
      if (random_.Chance(50)) rank->set_population(Scope());
      for (int i = random_.Int(1, 4); i > 0; --i) rank->add_awards(absl::StrCat(i * 50, ".25"));
      break;
    }
    case 4:
      Pool(component);
      break;
    default:
      Goals(component);
      component->mutable_payout()->mutable_goals();
  }
  return true;
}

void RandomParts::RateBy(v1::Payout* payout) {
  const std::string by =
      random_.Pick<std::string>({"product", "segment", "role", "team", "tenure_months"});
  auto& rates = *(*payout->mutable_rate_by())[by].mutable_rates();
  const std::vector<std::string> keys = by == "product" ? std::vector<std::string>{"alpha", "beta"}
                                        : by == "segment" ? std::vector<std::string>{"smb"}
                                        : by == "role"    ? std::vector<std::string>{"ae", "se"}
                                        : by == "team"    ? std::vector<std::string>{"red"}
                                                          : std::vector<std::string>{"2", "6"};
  for (const std::string& key : keys) {
    rates[key] = payout->has_rate() ? Rate() : Hundredths(random_.Between(1, 20'000));
  }
}

// --- Gates to schedules

void RandomParts::Gate(v1::Component* component) {
  v1::Gate gate;
  bool is_money = IsMoneyMeasure(component->measure());
  if (features_.earnings && random_.Chance(25) &&
      std::find(earlier_.begin(), earlier_.end(), "c1") != earlier_.end()) {
    gate.set_component("c1");
    is_money = true;
  } else if (!component->has_measure() || random_.Chance(50)) {
    Measure(gate.mutable_measure());
    is_money = IsMoneyMeasure(gate.measure());
  }
  bool on_attainment = false;
  if (gate.component().empty() && random_.Chance(40)) {
    Target(is_money, !gate.has_measure(), *component, gate.mutable_target());
    on_attainment = true;
    if (random_.Chance(40)) gate.set_compare(v1::Gate::VALUE);
  }
  const std::string bound = on_attainment ? absl::StrCat(random_.Int(1, 120), "%")
                            : is_money    ? Hundredths(random_.Between(0, 300'000))
                                          : Hundredths(random_.Between(0, 300));
  switch (random_.Int(1, 6)) {
    case 1:
      gate.set_above(bound);
      break;
    case 2:
      gate.set_at_most(bound);
      break;
    case 3:
      gate.set_below(bound);
      break;
    default:
      gate.set_at_least(bound);
  }
  if (random_.Chance(60)) gate.set_otherwise(random_.Chance(30) ? "ZERO" : "50%");
  *component->add_gates() = gate;
}

void RandomParts::Multiplier(v1::Component* component) {
  v1::Multiplier multiplier;
  if (!component->has_measure() || random_.Chance(50)) Measure(multiplier.mutable_measure());
  const bool own = !multiplier.has_measure();
  const bool is_money = IsMoneyMeasure(own ? component->measure() : multiplier.measure());
  const bool on_attainment = random_.Chance(40);
  if (on_attainment) Target(is_money, own, *component, multiplier.mutable_target());
  int64_t edge = 0;
  for (int i = random_.Int(1, 3); i > 0; --i) {
    v1::MultiplierBand* band = multiplier.add_bands();
    edge += on_attainment ? random_.Between(1, 80) : is_money ? random_.Between(1, 300'000) : 100;
    if (i > 1 || random_.Chance(50)) {
      band->set_upto(Hundredths(edge));
      band->set_includes_upto(random_.Chance(30));
    }
    band->set_multiple(Hundredths(random_.Between(0, 250)));
  }
  *component->add_multipliers() = multiplier;
}

void RandomParts::Cap(v1::Component* component) {
  v1::Cap* cap = component->mutable_cap();
  if (component->has_target() && random_.Chance(30)) {
    cap->set_multiple_of_target_incentive(Hundredths(random_.Between(10, 300)));
  } else {
    // Not below the highest floor.
    const int64_t least = component->floor().empty() ? 100 : 10'000;
    cap->set_amount(Hundredths(random_.Between(least, 60'000)));
  }
  if (IsAttributable(*component) && random_.Chance(30)) cap->set_per(v1::Cap::DEAL);
  if (random_.Chance(60)) {
    cap->set_excess(random_.Pick<std::string>({"FORFEIT", "CARRY", "CARRY", "25%"}));
    if (cap->per() == v1::Cap::DEAL && cap->excess() == "CARRY") cap->clear_excess();
  }
}

void RandomParts::Clawback(v1::Clawback* clawback) {
  clawback->set_mode(random_.Pick<v1::Clawback::Mode>({v1::Clawback::NET, v1::Clawback::RESTATE,
                                                       v1::Clawback::REVERSE, v1::Clawback::REVERSE,
                                                       v1::Clawback::NONE}));
  if (clawback->mode() != v1::Clawback::REVERSE) return;
  switch (random_.Int(1, 4)) {
    case 1: {
      int upto = 0;
      for (const std::string percent : {"100%", "0.5"}) {
        v1::ClawbackStep* step = clawback->add_schedule();
        step->set_upto(upto += random_.Int(5, 60));
        step->set_percent(percent);
      }
      break;
    }
    case 2:
      clawback->set_window_days(random_.Int(10, 100));
      clawback->set_linear(random_.Chance(60));
      break;
    case 3:
      clawback->set_window_months(random_.Int(1, 4));
      clawback->set_linear(random_.Chance(60));
      break;
    default:
      break;
  }
}

void RandomParts::Prorate(v1::Component* component) {
  const v1::Payout& payout = component->payout();
  const bool pays_multiples = (component->has_target() && !payout.has_pool()) ||
                              payout.has_matrix() ||
                              payout.pool().share() == v1::Pool::BY_TARGET_INCENTIVE;
  const bool has_gate_target = std::any_of(component->gates().begin(), component->gates().end(),
                                           [](const v1::Gate& gate) { return gate.has_target(); });
  if ((component->has_target() || has_gate_target) && random_.Chance(60)) {
    component->add_prorate(v1::Component::TARGET);
  }
  if ((pays_multiples || payout.has_fixed() || payout.has_bands() || payout.has_goals()) &&
      random_.Chance(60)) {
    component->add_prorate(v1::Component::AMOUNTS);
  }
  const bool on_measure = payout.has_bands() && payout.bands().basis() != v1::Bands::ATTAINMENT &&
                          !payout.bands().by().has_target();
  if (on_measure && random_.Chance(60)) component->add_prorate(v1::Component::BANDS);
}

void RandomParts::Reward(v1::Reward* reward) {
  switch (random_.Int(1, 3)) {
    case 1:
      reward->mutable_points();
      break;
    case 2:
      reward->mutable_badge()->set_badge_id("fast");
      break;
    default:
      reward->mutable_item()->set_name("dinner");
      reward->mutable_item()->set_fair_value("120.50");
  }
}

void RandomParts::Schedule(v1::Component* component) {
  const std::vector<std::vector<std::string>> kShares = {
      {"1"}, {"60%", "40%"}, {"0.5", "0.25", "0.25"}};
  for (const std::string& share : random_.Pick(kShares)) {
    v1::Instalment* part = component->add_schedule();
    part->set_share(share);
    part->set_due(static_cast<v1::Instalment::Due>(random_.Int(1, 6)));
    if (part->due() == v1::Instalment::COLLECTED && !IsAttributable(*component)) {
      part->set_due(v1::Instalment::BOOKED);
    }
    if (part->due() == v1::Instalment::AFTER_DAYS) part->set_n(random_.Int(1, 60));
    if (part->due() == v1::Instalment::AFTER_MONTHS) part->set_n(random_.Int(1, 3));
  }
}

void RandomParts::Surroundings(v1::Component* component) {
  v1::Payout* payout = component->mutable_payout();
  const bool has_flat_rate = payout->has_rate() || payout->has_per_unit();
  if (features_.payouts && has_flat_rate && component->measure().has_deals() &&
      component->measure().deals().value() != v1::DealMeasure::COUNT_DISTINCT &&
      random_.Chance(30)) {
    RateBy(payout);
  }
  if (features_.modifiers) {
    for (int i = random_.Chance(35) ? random_.Int(1, 2) : 0; i > 0; --i) Gate(component);
    for (int i = random_.Chance(25) ? random_.Int(1, 2) : 0; i > 0; --i) Multiplier(component);
    if (random_.Chance(20)) component->set_floor(Hundredths(random_.Between(1, 10'000)));
    if (random_.Chance(30)) Cap(component);
  }
  if (features_.clawback && IsAttributable(*component) && random_.Chance(50)) {
    Clawback(component->mutable_clawback());
  }
  const bool is_over_deals = component->measure().has_deals();
  if (features_.triggers && is_over_deals && random_.Chance(40)) {
    component->set_trigger(random_.Chance(50) ? v1::Component::INVOICED : v1::Component::COLLECTED);
  }
  if (features_.fx && is_over_deals && random_.Chance(45)) {
    component->set_fx(random_.Chance(50) ? v1::FxConversion::PERIOD_END
                                         : v1::FxConversion::PLAN_START);
  }
  if (features_.proration && random_.Chance(45)) Prorate(component);
  if (features_.segments && random_.Chance(40)) component->set_segment(v1::Component::RESTART);
  const bool is_rewarded = features_.rewards && random_.Chance(15);
  if (is_rewarded) Reward(component->mutable_reward());
  if (features_.schedules && !is_rewarded && random_.Chance(40)) Schedule(component);
}

// --- Plans

void RandomParts::Draw(v1::Draw* draw) {
  draw->set_amount(Hundredths(random_.Between(100, 200'000)));
  if (random_.Chance(30)) draw->set_per(random_.Chance(50) ? v1::DAY : v1::WEEK);
  if (draw->per() == v1::DAY) draw->set_amount(Hundredths(random_.Between(1, 2'000)));
  draw->set_recoverable(random_.Chance(70));
  if (random_.Chance(40)) draw->set_recover_from(v1::Draw::EARNINGS);
  if (random_.Chance(40)) draw->set_recovery_rate("50%");
  if (random_.Chance(30)) draw->set_recovery_cap("0.25");
  if (random_.Chance(25)) draw->mutable_recover_after()->set_months(random_.Int(1, 2));
  if (draw->recover_from() != v1::Draw::EARNINGS && draw->recoverable() && random_.Chance(30)) {
    draw->set_max_balance(Hundredths(random_.Between(100, 100'000)));
  }
  if (random_.Chance(30)) draw->set_periods(random_.Int(1, 4));
  draw->set_prorate(random_.Chance(40));
}

void RandomParts::PlanParts(v1::Plan* plan) {
  if (features_.proration && random_.Chance(35)) plan->set_prorate_by(v1::Plan::MONTHS);
  if (features_.plan_cap && random_.Chance(45)) {
    plan->mutable_cap()->set_amount(Hundredths(random_.Between(100, 200'000)));
  }
  if (features_.budget && random_.Chance(45)) {
    plan->mutable_budget()->set_amount(Hundredths(random_.Between(100, 200'000)));
    plan->mutable_budget()->set_period(
        random_.Pick<v1::PeriodKind>({v1::MONTH, v1::QUARTER, v1::YEAR}));
  }
  if (features_.rank_band && random_.Chance(45)) {
    v1::RankBand* band = plan->mutable_eligibility()->mutable_rank_band();
    Leaf(band->mutable_measure());
    band->set_period(random_.Pick<v1::PeriodKind>({v1::WEEK, v1::MONTH, v1::QUARTER}));
    band->set_from_pct(random_.Chance(50) ? "0" : "20");
    band->set_to_pct(random_.Chance(50) ? "100" : "60");
  }
  if (features_.draws && random_.Chance(70)) Draw(plan->mutable_draw());
}

}  // namespace payfold_testing
