#include "tests/support/random_plan.h"

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "tests/support/random_plan_parts.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
namespace v1 = ::payfold::v1;

class PlanMaker {
 public:
  PlanMaker(const RandomPlanOptions& options, RandomSource* random)
      : options_(options), random_(*random) {
    parts_.emplace(options.features, options.earlier, random);
  }

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
      // The components that follow may depend on the first.
      if (i == 0) {
        std::vector<std::string> earlier = options_.earlier;
        earlier.emplace_back("c1");
        parts_.emplace(options_.features, earlier, &random_);
      }
    }
    if (HasFeatures(options_.features)) parts_->PlanParts(&plan);
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
    if (HasFeatures(options_.features)) parts_->Surroundings(component);
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
    if (options_.features.payouts && random_.Chance(40) && parts_->OtherPayout(component)) return;
    v1::Payout* payout = component->mutable_payout();
    const int kind = random_.Int(1, 10);
    if (kind == 1) {
      payout->set_fixed(Hundredths(random_.Between(1, 50'000)));
      return;
    }
    MakeMeasure(kind <= 3, component);
    const bool is_money = IsMoneyMeasure(component->measure());
    if (kind <= 3) {
      MakePerDeal(payout->mutable_per_deal());
    } else if (kind <= 5) {
      if (is_money) {
        payout->set_rate(parts_->Rate());
      } else {
        payout->set_per_unit(Hundredths(random_.Between(1, 20'000)));
      }
    } else {
      MakeComponentBands(is_money, component);
    }
  }

  // per_deal takes the participant's own credit alone.
  void MakeMeasure(bool per_deal, v1::Component* component) {
    v1::Measure* measure = component->mutable_measure();
    if (per_deal) {
      parts_->Deals(true, measure->mutable_deals());
      return;
    }
    parts_->Measure(measure);
    if (measure->has_attribute()) return;
    // Where the scope stands makes no difference.
    const bool on_component = random_.Chance(50);
    if (random_.Chance(50)) {
      const v1::Scope scope = parts_->Scope();
      if (on_component) {
        component->set_scope(scope);
      } else {
        measure->set_scope(scope);
      }
    }
  }

  void MakeComponentBands(bool is_money, v1::Component* component) {
    v1::Bands* bands = component->mutable_payout()->mutable_bands();
    const bool has_target = random_.Chance(65);
    if (has_target) {
      if (options_.features.targets && random_.Chance(25)) parts_->Goals(component);
      parts_->Target(is_money, true, *component, component->mutable_target());
      if (random_.Chance(65)) bands->set_basis(v1::Bands::ATTAINMENT);
    }
    bands->set_mode(random_.Pick<v1::Bands::Mode>({v1::Bands::MODE_UNSPECIFIED, v1::Bands::MARGINAL,
                                                   v1::Bands::RETROACTIVE, v1::Bands::RETROACTIVE,
                                                   v1::Bands::INTERPOLATED}));
    bool edges_on_money = is_money;
    bool edges_on_attainment = bands->basis() == v1::Bands::ATTAINMENT;
    if (bands->mode() == v1::Bands::RETROACTIVE && random_.Chance(30)) {
      v1::MeasureAndTarget* by = bands->mutable_by();
      parts_->Measure(by->mutable_measure());
      if (!by->measure().has_attribute()) by->mutable_measure()->set_scope(parts_->Scope());
      edges_on_money = IsMoneyMeasure(by->measure());
      // The component's target holds for `by` only in the same unit.
      const bool needs_target = edges_on_attainment && edges_on_money != is_money;
      if (needs_target || (!edges_on_attainment && random_.Chance(50))) {
        parts_->Target(edges_on_money, false, *component, by->mutable_target());
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
      band->set_rate(parts_->Rate());
    } else {
      band->set_per_unit(Hundredths(random_.Between(1, 20'000)));
    }
    const bool is_marginal = bands.mode() != v1::Bands::RETROACTIVE;
    if (is_marginal && bands.bands_size() > 1 && random_.Chance(20)) band->set_retroactive(true);
  }

  void MakePerDeal(v1::PerDeal* per_deal) {
    if (random_.Chance(50)) {
      per_deal->set_rate(parts_->Rate());
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
  std::optional<RandomParts> parts_;
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
