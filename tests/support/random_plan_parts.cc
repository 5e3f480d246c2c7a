#include "tests/support/random_plan_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace payfold_testing {

namespace v1 = ::payfold::v1;

std::string Hundredths(int64_t units) {
  const int64_t rest = units % 100;
  if (rest == 0) return absl::StrCat(units / 100);
  return absl::StrCat(units / 100, rest < 10 ? ".0" : ".", rest);
}

bool IsMoneyMeasure(const v1::Measure& measure) {
  switch (measure.kind_case()) {
    case v1::Measure::kDeals:
      return measure.deals().value() <= v1::DealMeasure::DEAL_AMOUNT;
    case v1::Measure::kMetric:
      return measure.metric().unit() == v1::MetricMeasure::MONEY;
    case v1::Measure::kSum:
      return std::all_of(measure.sum().measures().begin(), measure.sum().measures().end(),
                         IsMoneyMeasure);
    case v1::Measure::kEarnings:
      return true;
    default:
      return false;
  }
}

bool HasFeatures(const RandomFeatures& f) {
  return f.measures || f.metrics || f.targets || f.payouts || f.modifiers || f.clawback ||
         f.triggers || f.fx || f.proration || f.segments || f.rewards || f.earnings || f.plan_cap ||
         f.budget || f.rank_band || f.draws || f.schedules;
}

std::string RandomParts::Rate() {
  return random_.Chance(50) ? absl::StrCat(Hundredths(random_.Between(1, 3'000)), "%")
                            : absl::StrCat("0.", random_.Between(100'000'000, 199'999'999));
}

std::string RandomParts::Amount(bool is_money) {
  return is_money ? Hundredths(random_.Between(10'000, 1'000'000))
                  : Hundredths(random_.Between(50, 500));
}

v1::Scope RandomParts::Scope() {
  return random_.Pick<v1::Scope>(
      {v1::OWN, v1::TEAM, v1::TEAM, v1::TERRITORY, v1::REPORTS, v1::REPORTS_AND_SELF, v1::COMPANY});
}

void RandomParts::SetBound(const std::string& bound, v1::Condition* condition) {
  switch (random_.Int(1, 4)) {
    case 1:
      condition->set_at_least(bound);
      break;
    case 2:
      condition->set_above(bound);
      break;
    case 3:
      condition->set_at_most(bound);
      break;
    default:
      condition->set_below(bound);
  }
}

void RandomParts::Condition(v1::Condition* condition) {
  if (random_.Chance(35)) {
    const bool is_amount = random_.Chance(60);
    condition->set_attribute(is_amount ? "amount" : "term_months");
    const std::string bound =
        is_amount ? Hundredths(random_.Between(0, 500'000)) : absl::StrCat(random_.Int(1, 3) * 12);
    SetBound(bound, condition);
    return;
  }
  const struct {
    std::string attribute;
    std::vector<std::string> values;
  } kTexts[] = {{"product", {"alpha", "beta"}},
                {"segment", {"smb"}},
                {"territory", {"north"}},
                {"channel", {"direct", "partner"}},
                {"customer_id", {"k1", "k2"}},
                {"currency", {"USD", "JPY"}},
                {"source", {"crm"}},
                {"kind", {"new"}},
                {"term_months", {"12", "24"}}};
  const auto& text = kTexts[random_.Int(0, 8)];
  condition->set_attribute(text.attribute);
  const bool any = random_.Chance(50);
  for (const std::string& value : text.values) {
    if (any) {
      condition->add_any_of(value);
    } else {
      condition->add_none_of(value);
    }
  }
}

void RandomParts::Where(google::protobuf::RepeatedPtrField<v1::Condition>* where) {
  if (random_.Chance(30)) Condition(where->Add());
  if (random_.Chance(10)) Condition(where->Add());
  if (random_.Chance(7)) {
    v1::Condition* choice = where->Add();
    Condition(choice->add_any()->add_all());
    v1::ConditionList* list = choice->add_any();
    Condition(list->add_all());
    Condition(list->add_all());
  }
}

// --- Measures

void RandomParts::Deals(bool amount_only, v1::DealMeasure* deals) {
  if (!amount_only && random_.Chance(60)) {
    deals->set_value(random_.Pick<v1::DealMeasure::Value>(
        {v1::DealMeasure::AMOUNT, v1::DealMeasure::DEAL_AMOUNT, v1::DealMeasure::COUNT,
         v1::DealMeasure::SHARED_COUNT}));
  }
  if (!amount_only && features_.measures && random_.Chance(15)) {
    deals->set_value(v1::DealMeasure::COUNT_DISTINCT);
    deals->set_attribute(
        random_.Pick<std::string>({"customer_id", "product", "channel", "currency"}));
  }
  Where(deals->mutable_where());
}

void RandomParts::Metric(v1::MetricMeasure* metric) {
  metric->set_name(random_.Pick<std::string>({"calls", "score", "spend"}));
  if (metric->name() == "score") {
    metric->set_aggregate(random_.Pick<v1::MetricMeasure::Aggregate>(
        {v1::MetricMeasure::NPS, v1::MetricMeasure::AVG, v1::MetricMeasure::MIN,
         v1::MetricMeasure::MAX, v1::MetricMeasure::LAST}));
  } else if (metric->name() == "spend") {
    metric->set_unit(v1::MetricMeasure::MONEY);
    if (random_.Chance(40)) {
      metric->set_aggregate(random_.Chance(50) ? v1::MetricMeasure::AVG : v1::MetricMeasure::LAST);
    }
  } else if (random_.Chance(50)) {
    metric->set_aggregate(random_.Pick<v1::MetricMeasure::Aggregate>(
        {v1::MetricMeasure::SUM, v1::MetricMeasure::COUNT, v1::MetricMeasure::COUNT_DISTINCT}));
    if (metric->aggregate() == v1::MetricMeasure::COUNT_DISTINCT) metric->set_dimension("kind");
  }
  if (random_.Chance(25)) {
    v1::Condition* condition = metric->add_where();
    condition->set_attribute(random_.Chance(70) ? "kind" : "source");
    condition->add_none_of(random_.Chance(50) ? "a" : "crm");
  }
}

// A measure without parts, of any scope.
void RandomParts::Leaf(v1::Measure* measure) {
  if (features_.metrics && random_.Chance(40)) {
    Metric(measure->mutable_metric());
  } else {
    Deals(false, measure->mutable_deals());
  }
  if (random_.Chance(30)) measure->set_scope(Scope());
}

void RandomParts::OtherMeasure(v1::Measure* measure) {
  if (features_.earnings && !earlier_.empty() && random_.Chance(30)) {
    measure->mutable_earnings()->add_components(random_.Pick(earlier_));
    if (random_.Chance(50)) measure->set_scope(Scope());
    return;
  }
  if (!features_.measures || random_.Chance(25)) {
    Leaf(measure);
    return;
  }
  switch (random_.Int(1, 5)) {
    case 1:
      Leaf(measure->mutable_ratio()->mutable_numerator());
      Leaf(measure->mutable_ratio()->mutable_denominator());
      break;
    case 2:
      Leaf(measure->mutable_growth()->mutable_of());
      measure->mutable_growth()->set_periods_back(random_.Int(1, 2));
      break;
    case 3:
      Leaf(measure->mutable_sum()->add_measures());
      Leaf(measure->mutable_sum()->add_measures());
      if (random_.Chance(60)) {
        measure->mutable_sum()->add_weights("70%");
        measure->mutable_sum()->add_weights(random_.Chance(70) ? "0.3" : "-1");
      }
      break;
    case 4: {
      v1::PeriodsMeasure* periods = measure->mutable_periods();
      Leaf(periods->mutable_of());
      periods->set_period(random_.Pick<v1::PeriodKind>({v1::DAY, v1::WEEK, v1::MONTH}));
      periods->set_at_least(IsMoneyMeasure(periods->of()) ? Hundredths(random_.Between(1, 200'000))
                                                          : absl::StrCat(random_.Int(1, 3)));
      periods->set_share(random_.Chance(40));
      break;
    }
    default:
      measure->mutable_attribute()->set_name("grade");
      return;
  }
  if (random_.Chance(30)) measure->set_scope(Scope());
}

void RandomParts::Measure(v1::Measure* measure) {
  const bool has_others = features_.measures || features_.metrics || features_.earnings;
  if (has_others && random_.Chance(45)) {
    OtherMeasure(measure);
  } else {
    Deals(false, measure->mutable_deals());
  }
}

// --- Targets

void RandomParts::Population(bool own, const v1::Component& component,
                             v1::PopulationTarget* target) {
  target->set_stat(static_cast<v1::PopulationTarget::Stat>(random_.Int(1, 6)));
  switch (target->stat()) {
    case v1::PopulationTarget::RANK:
      target->set_argument(absl::StrCat(random_.Int(1, 4)));
      break;
    case v1::PopulationTarget::PERCENTILE:
      target->set_argument(random_.Pick<std::string>({"10", "25", "50", "100"}));
      break;
    case v1::PopulationTarget::MEAN_PLUS_SIGMA:
      target->set_argument(random_.Chance(50) ? "2" : "0.5");
      break;
    default:
      break;
  }
  if (random_.Chance(40)) target->set_period(v1::PopulationTarget::CURRENT);
  if (random_.Chance(30)) target->set_scope(Scope());
  if (random_.Chance(40)) target->set_factor(random_.Chance(50) ? "110%" : "0.5");
  const bool can_be_of_attainment = own && component.has_target() && component.has_measure();
  if (can_be_of_attainment && random_.Chance(40)) {
    target->set_of(v1::PopulationTarget::ATTAINMENT);
  }
}

void RandomParts::Target(bool is_money, bool own, const v1::Component& component,
                         v1::Target* target) {
  if (features_.targets && random_.Chance(55)) {
    const bool goals_suit =
        own && !component.goals().empty() &&
        std::all_of(component.goals().begin(), component.goals().end(), [&](const v1::Goal& goal) {
          return !goal.has_measure() || IsMoneyMeasure(goal.measure()) == is_money;
        });
    switch (random_.Int(1, goals_suit ? 4 : 3)) {
      case 1: {
        v1::FixedTarget* fixed = target->mutable_fixed();
        fixed->set_by(random_.Pick<std::string>({"tenure_months", "role", "territory", "level"}));
        const std::vector<std::string> keys =
            fixed->by() == "tenure_months" ? std::vector<std::string>{"0", "3", "12"}
            : fixed->by() == "role"        ? std::vector<std::string>{"ae", "mgr", "*"}
            : fixed->by() == "territory"   ? std::vector<std::string>{"north", "*"}
                                           : std::vector<std::string>{"1", "2"};
        for (const std::string& key : keys) (*fixed->mutable_table())[key] = Amount(is_money);
        return;
      }
      case 2:
        target->mutable_previous();
        if (random_.Chance(50)) target->mutable_previous()->set_factor("120%");
        return;
      case 3:
        Population(own && target != &component.target(), component, target->mutable_population());
        return;
      default:
        target->mutable_goal();
        return;
    }
  }
  if (random_.Chance(35)) {
    target->mutable_fixed()->set_value(Amount(is_money));
  } else {
    target->mutable_quota()->set_metric(is_money ? "sales" : "deals");
  }
}

}  // namespace payfold_testing
