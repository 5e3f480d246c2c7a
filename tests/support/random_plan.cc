#include "tests/support/random_plan.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
namespace v1 = ::payfold::v1;

// A decimal of `units` hundredths.
std::string Hundredths(int64_t units) {
  const int64_t rest = units % 100;
  if (rest == 0) return absl::StrCat(units / 100);
  return absl::StrCat(units / 100, rest < 10 ? ".0" : ".", rest);
}

class PlanMaker {
 public:
  PlanMaker(const RandomPlanOptions& options, RandomSource* random)
      : options_(options), random_(*random) {}

  v1::Plan Make() {
    v1::Plan plan;
    plan.set_plan_id(options_.plan_id);
    plan.set_currency(options_.currency);
    const Date start = options_.first + random_.Int(-20, options_.days * 2 / 3);
    plan.mutable_effective()->set_start(start.ToString());
    if (random_.Chance(25)) {
      plan.mutable_effective()->set_end((start + random_.Int(0, options_.days)).ToString());
    }
    if (random_.Chance(25)) plan.set_rounding(v1::HALF_EVEN);
    if (random_.Chance(75)) MakeEligibility(plan.mutable_eligibility());
    const int count = random_.Int(1, 3);
    for (int i = 0; i < count; ++i) {
      // Of ids that versions share, some come and go.
      MakeComponent(absl::StrCat("c", i == 0 ? 1 : 2 * i + random_.Int(0, 1)),
                    plan.add_components());
    }
    return plan;
  }

 private:
  void AddSome(const std::vector<std::string>& values,
               google::protobuf::RepeatedPtrField<std::string>* list) {
    for (const std::string& value : values) {
      if (!value.empty() && random_.Chance(65)) *list->Add() = value;
    }
  }

  void MakeEligibility(v1::Eligibility* eligibility) {
    if (random_.Chance(50)) AddSome(Roles(), eligibility->mutable_roles());
    if (random_.Chance(30)) AddSome(Teams(), eligibility->mutable_teams());
    if (random_.Chance(15)) AddSome(Territories(), eligibility->mutable_territories());
    if (random_.Chance(25)) AddSome(options_.participants, eligibility->mutable_participants());
    if (random_.Chance(15)) {
      (*eligibility->mutable_attributes())["level"].add_values(std::to_string(random_.Int(1, 2)));
    }
  }

  void MakeComponent(const std::string& id, v1::Component* component) {
    component->set_component_id(id);
    MakePeriod(component);
    MakePayout(component);
    if (random_.Chance(15)) component->set_evaluate(v1::Component::RUNNING);
    if (random_.Chance(15)) component->set_evaluate(v1::Component::PERIOD_END);
    if (random_.Chance(10)) component->set_segment(v1::Component::CONTINUE);
  }

  void MakePeriod(v1::Component* component) {
    if (random_.Chance(45)) return;
    if (random_.Chance(15)) {
      const Date first = random_.Day(options_.first, options_.days / 2);
      const Date last = first + random_.Int(0, options_.days);
      component->set_window(absl::StrCat(first.ToString(), "..", last.ToString()));
      return;
    }
    component->set_period(
        random_.Pick<v1::PeriodKind>({v1::DAY, v1::WEEK, v1::HALF_MONTH, v1::MONTH, v1::MONTH,
                                      v1::QUARTER, v1::QUARTER, v1::HALF, v1::YEAR}));
  }

  void MakePayout(v1::Component* component) {
    v1::Payout* payout = component->mutable_payout();
    const int kind = random_.Int(1, 10);
    if (kind == 1) {
      payout->set_fixed(Hundredths(random_.Between(1, 50'000)));
      return;
    }
    MakeMeasure(kind <= 3, component);
    const bool is_money = IsMoney(component->measure());
    if (kind <= 3) {
      MakePerDeal(payout->mutable_per_deal());
    } else if (kind <= 5) {
      if (is_money) {
        payout->set_rate(Rate());
      } else {
        payout->set_per_unit(Hundredths(random_.Between(1, 20'000)));
      }
    } else {
      MakeComponentBands(is_money, component);
    }
  }

  static bool IsMoney(const v1::Measure& measure) {
    return measure.deals().value() != v1::DealMeasure::COUNT &&
           measure.deals().value() != v1::DealMeasure::SHARED_COUNT;
  }

  std::string Rate() {
    return random_.Chance(50) ? absl::StrCat(Hundredths(random_.Between(1, 3'000)), "%")
                              : absl::StrCat("0.", random_.Between(100'000'000, 199'999'999));
  }

  v1::Scope RandomScope() {
    return random_.Pick<v1::Scope>({v1::OWN, v1::TEAM, v1::TEAM, v1::TERRITORY, v1::REPORTS,
                                    v1::REPORTS_AND_SELF, v1::COMPANY});
  }

  // per_deal takes the participant's own credit alone.
  void MakeMeasure(bool per_deal, v1::Component* component) {
    v1::Measure* measure = component->mutable_measure();
    MakeDealMeasure(per_deal, measure->mutable_deals());
    if (per_deal) return;
    // Where the scope stands makes no difference.
    const bool on_component = random_.Chance(50);
    if (random_.Chance(50)) {
      const v1::Scope scope = RandomScope();
      if (on_component) {
        component->set_scope(scope);
      } else {
        measure->set_scope(scope);
      }
    }
  }

  void MakeDealMeasure(bool amount_only, v1::DealMeasure* deals) {
    if (!amount_only && random_.Chance(60)) {
      deals->set_value(random_.Pick<v1::DealMeasure::Value>(
          {v1::DealMeasure::AMOUNT, v1::DealMeasure::DEAL_AMOUNT, v1::DealMeasure::COUNT,
           v1::DealMeasure::SHARED_COUNT}));
    }
    if (random_.Chance(30)) MakeCondition(deals->add_where());
    if (random_.Chance(10)) MakeCondition(deals->add_where());
    if (random_.Chance(7)) {
      v1::Condition* choice = deals->add_where();
      MakeCondition(choice->add_any()->add_all());
      v1::ConditionList* list = choice->add_any();
      MakeCondition(list->add_all());
      MakeCondition(list->add_all());
    }
  }

  void MakeCondition(v1::Condition* condition) {
    if (random_.Chance(35)) {
      const bool is_amount = random_.Chance(60);
      condition->set_attribute(is_amount ? "amount" : "term_months");
      const std::string bound = is_amount ? Hundredths(random_.Between(0, 500'000))
                                          : absl::StrCat(random_.Int(1, 3) * 12);
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

  void SetBound(const std::string& bound, v1::Condition* condition) {
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

  void MakeTarget(bool is_money, v1::Target* target) {
    if (random_.Chance(35)) {
      target->mutable_fixed()->set_value(is_money ? Hundredths(random_.Between(10'000, 1'000'000))
                                                  : Hundredths(random_.Between(50, 500)));
    } else {
      target->mutable_quota()->set_metric(is_money ? "sales" : "deals");
    }
  }

  void MakeComponentBands(bool is_money, v1::Component* component) {
    v1::Bands* bands = component->mutable_payout()->mutable_bands();
    const bool has_target = random_.Chance(65);
    if (has_target) {
      MakeTarget(is_money, component->mutable_target());
      if (random_.Chance(65)) bands->set_basis(v1::Bands::ATTAINMENT);
    }
    bands->set_mode(random_.Pick<v1::Bands::Mode>({v1::Bands::MODE_UNSPECIFIED, v1::Bands::MARGINAL,
                                                   v1::Bands::RETROACTIVE, v1::Bands::RETROACTIVE,
                                                   v1::Bands::INTERPOLATED}));
    bool edges_on_money = is_money;
    bool edges_on_attainment = bands->basis() == v1::Bands::ATTAINMENT;
    if (bands->mode() == v1::Bands::RETROACTIVE && random_.Chance(30)) {
      v1::MeasureAndTarget* by = bands->mutable_by();
      MakeDealMeasure(false, by->mutable_measure()->mutable_deals());
      by->mutable_measure()->set_scope(RandomScope());
      edges_on_money = IsMoney(by->measure());
      // The component's target holds for `by` only in the same unit.
      const bool needs_target = edges_on_attainment && edges_on_money != is_money;
      if (needs_target || (!edges_on_attainment && random_.Chance(50))) {
        MakeTarget(edges_on_money, by->mutable_target());
        edges_on_attainment = true;
      }
    }
    MakeBands(is_money, edges_on_money, edges_on_attainment, has_target, bands);
    if (has_target) MakeWeights(component);
  }

  void MakeWeights(v1::Component* component) {
    if (random_.Chance(30)) component->set_weight(random_.Chance(50) ? "60%" : "0.35");
    auto& weights = *component->mutable_target_weights();
    if (component->period() == v1::QUARTER && random_.Chance(40)) {
      weights.insert({{"Q1", "20%"}, {"Q2", "0.3"}, {"Q3", "25%"}, {"Q4", "25%"}});
    } else if (component->period() == v1::HALF && random_.Chance(40)) {
      weights.insert({{"H1", "40%"}, {"H2", "60%"}});
    }
  }

  std::string EdgeAfter(bool on_money, bool on_attainment, int64_t* hundredths) {
    if (on_attainment) {
      *hundredths += random_.Between(1, 80);
      return random_.Chance(50) ? absl::StrCat(*hundredths, "%") : Hundredths(*hundredths);
    }
    *hundredths += on_money ? random_.Between(1, 500'000) : random_.Between(1, 4) * 50;
    return Hundredths(*hundredths);
  }

  void MakeBands(bool pays_on_money, bool edges_on_money, bool edges_on_attainment, bool has_target,
                 v1::Bands* bands) {
    if (random_.Chance(35)) bands->set_edges(v1::Bands::UPPER_INCLUSIVE);
    int64_t edge = 0;
    if (random_.Chance(25)) bands->set_from(EdgeAfter(edges_on_money, edges_on_attainment, &edge));
    const int count = random_.Int(1, 4);
    for (int i = 0; i < count; ++i) {
      v1::Band* band = bands->add_bands();
      if (i + 1 < count || random_.Chance(35)) {
        band->set_upto(EdgeAfter(edges_on_money, edges_on_attainment, &edge));
        if (bands->edges() != v1::Bands::UPPER_INCLUSIVE && random_.Chance(20)) {
          band->set_includes_upto(true);
        }
      }
      MakePay(pays_on_money, has_target, *bands, band);
    }
  }

  void MakePay(bool pays_on_money, bool has_target, const v1::Bands& bands, v1::Band* band) {
    if (bands.mode() == v1::Bands::INTERPOLATED || random_.Chance(20)) {
      band->set_fixed(Hundredths(random_.Between(1, 30'000)));
      return;
    }
    if (has_target && random_.Chance(35)) {
      band->set_multiple(random_.Chance(50) ? "150%" : Hundredths(random_.Between(0, 300)));
    } else if (pays_on_money) {
      band->set_rate(Rate());
    } else {
      band->set_per_unit(Hundredths(random_.Between(1, 20'000)));
    }
    const bool is_marginal = bands.mode() != v1::Bands::RETROACTIVE;
    if (is_marginal && bands.bands_size() > 1 && random_.Chance(20)) band->set_retroactive(true);
  }

  void MakePerDeal(v1::PerDeal* per_deal) {
    if (random_.Chance(50)) {
      per_deal->set_rate(Rate());
    } else {
      v1::Bands* bands = per_deal->mutable_bands();
      bands->set_mode(random_.Pick<v1::Bands::Mode>(
          {v1::Bands::MARGINAL, v1::Bands::RETROACTIVE, v1::Bands::INTERPOLATED}));
      MakeBands(true, true, false, false, bands);
    }
    if (random_.Chance(35)) per_deal->set_min_amount(Hundredths(random_.Between(1, 50'000)));
    if (random_.Chance(35)) per_deal->set_cap(Hundredths(random_.Between(1, 60'000)));
  }

  const RandomPlanOptions& options_;
  RandomSource& random_;
};

}  // namespace

const std::vector<std::string>& Roles() {
  static const auto& values = *new std::vector<std::string>{"ae", "se", "mgr"};
  return values;
}
const std::vector<std::string>& Teams() {
  static const auto& values = *new std::vector<std::string>{"red", "blue", ""};
  return values;
}
const std::vector<std::string>& Territories() {
  static const auto& values = *new std::vector<std::string>{"north", "south", ""};
  return values;
}
const std::vector<std::string>& Products() {
  static const auto& values = *new std::vector<std::string>{"alpha", "beta", "gamma", ""};
  return values;
}
const std::vector<std::string>& Segments() {
  static const auto& values = *new std::vector<std::string>{"smb", "large", ""};
  return values;
}

v1::Plan RandomPlan(const RandomPlanOptions& options, RandomSource* random) {
  return PlanMaker(options, random).Make();
}

}  // namespace payfold_testing
