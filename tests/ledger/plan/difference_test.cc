#include "ledger/plan/difference.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::Plan PlanOf(const std::string& text) {
  v1::Plan plan;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &plan));
  return plan;
}

TEST(ComparePlans, ThatSayTheSameDoNotDiffer) {
  const v1::Plan plan = PlanOf(R"(plan_id: "p" components { component_id: "a" })");
  EXPECT_THAT(ComparePlans(plan, plan), IsEmpty());
}

TEST(ComparePlans, AFieldThatChangesHasBothTexts) {
  EXPECT_THAT(
      ComparePlans(PlanOf(R"(plan_id: "p" currency: "USD" effective { start: "2025-01-01" })"),
                   PlanOf(R"(plan_id: "p" currency: "EUR" effective { start: "2025-01-01" })")),
      ElementsAre(PlanFieldDifference{"currency", "USD", "EUR"}));
}

TEST(ComparePlans, ComponentsAreToldByTheirIdWhateverTheirOrder) {
  EXPECT_THAT(
      ComparePlans(
          PlanOf(
              R"(components { component_id: "a" payout { rate: "5%" } } components { component_id: "b" })"),
          PlanOf(
              R"(components { component_id: "b" } components { component_id: "a" payout { rate: "6%" } })")),
      ElementsAre(PlanFieldDifference{"components[a].payout.rate", "5%", "6%"}));
}

TEST(ComparePlans, WhatIsNewHasNoBeforeAndWhatIsGoneNoAfter) {
  EXPECT_THAT(ComparePlans(PlanOf(R"(components { component_id: "old" display_name: "Old" })"),
                           PlanOf(R"(components { component_id: "new" display_name: "New" })")),
              ElementsAre(PlanFieldDifference{"components[new].component_id", "", "new"},
                          PlanFieldDifference{"components[new].display_name", "", "New"},
                          PlanFieldDifference{"components[old].component_id", "old", ""},
                          PlanFieldDifference{"components[old].display_name", "Old", ""}));
}

TEST(ComparePlans, ListsOfTextsAreOneFieldAndMapsAreToldByKey) {
  EXPECT_THAT(
      ComparePlans(
          PlanOf(
              R"(eligibility { roles: "AE" attributes { key: "grade" value { values: "5" } } })"),
          PlanOf(
              R"(eligibility { roles: "AE" roles: "SE" attributes { key: "grade" value { values: "6" } } })")),
      ElementsAre(PlanFieldDifference{"eligibility.roles", "[AE]", "[AE, SE]"},
                  PlanFieldDifference{"eligibility.attributes[grade].values", "[5]", "[6]"}));
}

TEST(ComparePlans, APartThatIsThereAndEmptyDiffersFromNone) {
  EXPECT_THAT(ComparePlans(PlanOf(R"(components { component_id: "a" target {} })"),
                           PlanOf(R"(components { component_id: "a" })")),
              ElementsAre(PlanFieldDifference{"components[a].target", "{}", ""}));
}

}  // namespace
}  // namespace payfold
