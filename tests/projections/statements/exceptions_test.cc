// Credits that earn nothing are listed with the reason.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "projections/statements/periods.h"
#include "tests/support/json_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAreArray;

constexpr char kCompany[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-10","status":"ACTIVE","role":"ae"}}
{"participant_changed":{"participant_id":"ben","effective_from":"2025-01-01","status":"ACTIVE","role":"se"}}
{"deal_booked":{"deal_id":"D-1","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-01-09","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-2","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-01-31","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-3","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-4","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"ben"}}
{"deal_booked":{"deal_id":"D-5","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"gil"}}
{"participant_changed":{"participant_id":"cem","effective_from":"2025-01-01","status":"LEAVE","role":"ae"}}
{"deal_booked":{"deal_id":"D-6","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"cem"}}
)";

constexpr char kPlan[] =
    "plan_id: p\ncurrency: USD\neffective: {start: 2025-02-01}\neligibility: {roles: [ae]}\n"
    "components: [{component_id: c, measure: {deals: {}}, payout: {rate: 10%}}]\n";

TEST(Exceptions, CreditsBeforeTheFirstStateTheFirstPlanOrInNoneOrOnLeave) {
  FoldedCompany company;
  ASSERT_THAT(FoldJson(kCompany, kPlan, &company), IsOk());
  const auto exceptions = payfold::ListExceptions(company.View());
  ASSERT_THAT(exceptions, IsOk());
  std::string text;
  for (const payfold::v1::Exception& exception : *exceptions) {
    absl::StrAppend(&text, exception.kind(), " ", exception.message(), "\n");
  }
  EXPECT_EQ(text,
            "NO_PLAN 1 credit of ana earns nothing, of deal D-2 on 2025-01-31: they are in no plan "
            "on that date, their first day in one is 2025-02-01; publish a plan or assign one\n"
            "NO_PLAN 1 credit of ben earns nothing, of deal D-4 on 2025-02-01: they are in no plan "
            "on that date; publish a plan or assign one\n"
            "NO_PLAN 1 credit of cem earns nothing, of deal D-6 on 2025-02-01: they are on leave "
            "on that date, and so in no plan; append a ParticipantChanged if that is wrong\n"
            "NO_STATE 1 credit of ana earns nothing, of deal D-1 on 2025-01-09: no "
            "ParticipantChanged is in effect on that date; append one\n"
            "NO_STATE 1 credit of gil earns nothing, of deal D-5 on 2025-02-01: no "
            "ParticipantChanged is in effect on that date; append one\n");
}

constexpr char kPlanWithoutTargets[] = R"(
plan_id: p
currency: USD
effective: {start: 2025-02-01}
eligibility: {roles: [ae]}
components:
- {component_id: kpi, measure: {deals: {}}, target: {quota: {metric: bookings}}, payout: {bands: {basis: ATTAINMENT, bands: [{rate: 1%}]}}}
- {component_id: race, measure: {metric: {name: demos, aggregate: AVG}}, target: {population: {stat: MEAN, period: PREVIOUS}}, payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, bands: [{upto: 100%, fixed: 0}, {fixed: 5}]}}}
)";

// A list without a column for it says which component and period lacks something.
TEST(Exceptions, NotesOfStatementsAndClosesNameTheirComponent) {
  FoldedCompany company;
  ASSERT_THAT(FoldJson(kCompany, kPlanWithoutTargets, &company), IsOk());
  const std::vector<std::string> lacks = {
      "ana/p/race/2025-02: the measure of the component has no value: there are no facts for it in "
      "the period, or it divides by 0",
      "ana/p/kpi/2025-02: no quota for bookings in 2025-02 is set for ana, the team or \"*\"; "
      "append "
      "a QuotaSet",
      "ana/p/race/2025-02: the statistic has no value: too few people have a measure in its "
      "period"};
  const auto statements = payfold::GetStatements(company.View(), "ana", "2025-02", false);
  ASSERT_THAT(statements, IsOk());
  EXPECT_THAT(statements->at(0).notes(), UnorderedElementsAreArray(lacks));
  const auto close = payfold::ComputeClose(company.View(), "2025-02");
  ASSERT_THAT(close, IsOk());
  EXPECT_THAT(close->closed.exceptions(), IsSupersetOf(lacks));
}

constexpr char kPlanOfGoals[] = R"(
plan_id: p
currency: USD
effective: {start: 2025-02-01}
eligibility: {roles: [ae]}
components: [{component_id: goal, payout: goals, goals: [{goal_id: g, measure: {deals: {}}, target: {fixed: 1}, amount: 5}]}]
)";

TEST(Exceptions, WhoHasChosenNoGoalIsListed) {
  for (const bool chosen : {false, true}) {
    FoldedCompany company;
    const std::string choice =
        R"({"goal_chosen":{"participant_id":"ana","plan_id":"p","component_id":"goal","period":"2025-02","goal_id":"g"}})";
    ASSERT_THAT(FoldJson(absl::StrCat(kCompany, chosen ? choice : ""), kPlanOfGoals, &company),
                IsOk());
    const auto exceptions = payfold::ListExceptions(company.View());
    ASSERT_THAT(exceptions, IsOk());
    std::vector<std::string> undefined;
    for (const payfold::v1::Exception& exception : *exceptions) {
      if (exception.kind() == "UNDEFINED_TARGET") {
        undefined.push_back(absl::StrCat(exception.subject(), ": ", exception.message()));
      }
    }
    if (chosen) {
      EXPECT_THAT(undefined, IsEmpty());
    } else {
      EXPECT_THAT(undefined,
                  ElementsAre("ana/p/goal/2025-02: no goal is chosen for this period; append a "
                              "GoalChosen"));
    }
  }
}

}  // namespace
}  // namespace payfold_testing
