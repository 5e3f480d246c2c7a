#include "projections/facts/plan_history.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ledger/plan/compile.h"

namespace payfold {
namespace {

// A version of a plan for some dates; its number is its place.
std::shared_ptr<const PublishedVersion> Version(uint32_t number, uint64_t position,
                                                const std::string& start,
                                                const std::string& end = "") {
  v1::Plan plan;
  plan.set_plan_id("p");
  plan.set_currency("USD");
  plan.mutable_effective()->set_start(start);
  plan.mutable_effective()->set_end(end);
  v1::Component* component = plan.add_components();
  component->set_component_id("c");
  component->mutable_payout()->set_fixed("1");
  CompiledPlan compiled = CompilePlan(plan);
  EXPECT_TRUE(compiled.program.has_value()) << ErrorText(compiled.diagnostics);
  return std::make_shared<const PublishedVersion>(
      PublishedVersion{position, number, plan, *compiled.program});
}

// "v1 2025-01-01..2025-01-31, v2 2025-02-01..".
std::string RunsText(const PlanHistory& history) {
  return absl::StrJoin(history.runs(), ", ", [](std::string* out, const VersionRun& run) {
    absl::StrAppend(out, "v", run.version->version, " ", run.first.ToString(), "..",
                    run.last == Date::Max() ? "" : run.last.ToString());
  });
}

TEST(PlanHistoryTest, TheHighestPositionHoldsOnEachDate) {
  PlanHistory history;
  history.AddVersion(Version(1, 10, "2025-01-01"));
  EXPECT_EQ(RunsText(history), "v1 2025-01-01..");
  history.AddVersion(Version(2, 20, "2025-04-01"));
  EXPECT_EQ(RunsText(history), "v1 2025-01-01..2025-03-31, v2 2025-04-01..");
}

TEST(PlanHistoryTest, ABackDatedVersionSupersedesForItsDatesOnly) {
  PlanHistory history;
  history.AddVersion(Version(1, 10, "2025-01-01"));
  history.AddVersion(Version(2, 20, "2025-02-01", "2025-02-28"));
  EXPECT_EQ(RunsText(history),
            "v1 2025-01-01..2025-01-31, v2 2025-02-01..2025-02-28, v1 2025-03-01..");
}

TEST(PlanHistoryTest, ARetirementEndsTheVersionsPublishedBeforeIt) {
  PlanHistory history;
  history.AddVersion(Version(1, 10, "2025-01-01"));
  history.AddRetirement({20, *Date::Parse("2025-03-31")});
  EXPECT_EQ(RunsText(history), "v1 2025-01-01..2025-03-31");
  history.AddVersion(Version(2, 30, "2025-06-01"));
  EXPECT_EQ(RunsText(history), "v1 2025-01-01..2025-03-31, v2 2025-06-01..");
}

TEST(PlanHistoryTest, OfSeveralRetirementsTheLastByPositionHolds) {
  PlanHistory history;
  history.AddVersion(Version(1, 10, "2025-01-01"));
  history.AddRetirement({20, *Date::Parse("2025-03-31")});
  history.AddRetirement({30, *Date::Parse("2025-06-30")});
  EXPECT_EQ(RunsText(history), "v1 2025-01-01..2025-06-30");
}

TEST(PlanHistoryTest, AnAssignmentThatIsOverIsNotInEffect) {
  PlanHistory history;
  Assignment assignment;
  assignment.position = 5;
  assignment.from = *Date::Parse("2025-01-01");
  assignment.to = *Date::Parse("2025-01-31");
  history.AddAssignment(3, assignment);
  EXPECT_EQ(history.AssignmentOn(3, *Date::Parse("2024-12-31")), nullptr);
  EXPECT_NE(history.AssignmentOn(3, *Date::Parse("2025-01-31")), nullptr);
  EXPECT_EQ(history.AssignmentOn(3, *Date::Parse("2025-02-01")), nullptr);
  EXPECT_EQ(history.AssignmentOn(4, *Date::Parse("2025-01-31")), nullptr);
}

}  // namespace
}  // namespace payfold
