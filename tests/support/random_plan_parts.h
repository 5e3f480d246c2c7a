// Parts of random plans: measures, targets, and what stands around a payout.

#ifndef TESTS_SUPPORT_RANDOM_PLAN_PARTS_H_
#define TESTS_SUPPORT_RANDOM_PLAN_PARTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "payfold/v1/plan.pb.h"
#include "tests/support/random_features.h"
#include "tests/support/random_source.h"

namespace payfold_testing {

// A decimal of `units` hundredths.
std::string Hundredths(int64_t units);
// Whether edges and targets of the measure are money.
bool IsMoneyMeasure(const payfold::v1::Measure& measure);
bool HasFeatures(const RandomFeatures& features);

// Makes parts for one component. `earlier` are the components that it may depend
// on, as measures over earnings name them.
class RandomParts {
 public:
  RandomParts(const RandomFeatures& features, std::vector<std::string> earlier,
              RandomSource* random)
      : features_(features), earlier_(std::move(earlier)), random_(*random) {}

  payfold::v1::Scope Scope();
  std::string Rate();
  std::string Amount(bool is_money);
  void Condition(payfold::v1::Condition* condition);
  void Where(google::protobuf::RepeatedPtrField<payfold::v1::Condition>* where);
  void Deals(bool amount_only, payfold::v1::DealMeasure* deals);
  // Deals, or what the features add.
  void Measure(payfold::v1::Measure* measure);
  // What the component's own measure is held against (`own`), or another one.
  void Target(bool is_money, bool own, const payfold::v1::Component& component,
              payfold::v1::Target* target);

  // Goals to choose from.
  void Goals(payfold::v1::Component* component);
  // A payout that bands and rates do not make. False if there is none to make.
  bool OtherPayout(payfold::v1::Component* component);
  // Gates to schedules, as the features say, around a payout that stands.
  void Surroundings(payfold::v1::Component* component);
  // Draw, cap, budget and rank_band.
  void PlanParts(payfold::v1::Plan* plan);

 private:
  void SetBound(const std::string& bound, payfold::v1::Condition* condition);
  void OtherMeasure(payfold::v1::Measure* measure);
  void Leaf(payfold::v1::Measure* measure);
  void Metric(payfold::v1::MetricMeasure* metric);
  void Population(bool own, const payfold::v1::Component& component,
                  payfold::v1::PopulationTarget* target);
  void Curve(payfold::v1::Component* component);
  void Matrix(payfold::v1::Component* component);
  void Pool(payfold::v1::Component* component);
  void Axis(const payfold::v1::Component& component, int edges, payfold::v1::MatrixAxis* axis);
  void RateBy(payfold::v1::Payout* payout);
  void Gate(payfold::v1::Component* component);
  void Multiplier(payfold::v1::Component* component);
  void Cap(payfold::v1::Component* component);
  void Clawback(payfold::v1::Clawback* clawback);
  void Prorate(payfold::v1::Component* component);
  void Reward(payfold::v1::Reward* reward);
  void Schedule(payfold::v1::Component* component);
  void Draw(payfold::v1::Draw* draw);

  const RandomFeatures features_;
  const std::vector<std::string> earlier_;
  RandomSource& random_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_PLAN_PARTS_H_
