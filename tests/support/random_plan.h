// A random version of a plan that compiles.

#ifndef TESTS_SUPPORT_RANDOM_PLAN_H_
#define TESTS_SUPPORT_RANDOM_PLAN_H_

#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "payfold/v1/plan.pb.h"
#include "tests/support/random_features.h"
#include "tests/support/random_source.h"

namespace payfold_testing {

struct RandomPlanOptions {
  std::string plan_id;
  std::string currency;
  std::vector<std::string> participants;
  payfold::Date first;  // effective from about here on
  int days = 90;
  RandomFeatures features;
  // Components of other plans that this one may depend on, "plan/component".
  std::vector<std::string> earlier;
};

// Roles, teams and territories of participants; products and segments of deals.
// Each with "" for none.
const std::vector<std::string>& Roles();
const std::vector<std::string>& Teams();
const std::vector<std::string>& Territories();
const std::vector<std::string>& Products();
const std::vector<std::string>& Segments();

payfold::v1::Plan RandomPlan(const RandomPlanOptions& options, RandomSource* random);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_PLAN_H_
