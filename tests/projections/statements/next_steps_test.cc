// How far it is to what pays otherwise.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/json_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

constexpr char kOnTheWay[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-01","status":"ACTIVE","role":"ae"}}
{"quota_set":{"metric":"bookings","subject":"ana","period":"2025-01","value":"10000000"}}
{"plan_assigned":{"plan_id":"p","participant_id":"ana","effective_from":"2025-01-01","target_incentive":{"currency":"USD","minor_units":1200000}}}
{"deal_booked":{"deal_id":"D-1","amount":{"currency":"USD","minor_units":8000000},"booked_on":"2025-01-10","owner_id":"ana"}}
{"metric_recorded":{"metric":"calls","participant_id":"ana","occurred_on":"2025-01-10","value":"30"}}
{"goal_chosen":{"plan_id":"p","component_id":"c","participant_id":"ana","period":"2025-01","goal_id":"g"}}
)";

// Deals of 80,000.00 against a quota of 100,000.00, and 30 calls.
std::string Steps(const std::string& component) {
  FoldedCompany company;
  const absl::Status added =
      FoldJson(kOnTheWay,
               absl::StrCat("plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\n",
                            "eligibility: {roles: [ae]}\ncomponents:\n- component_id: c\n",
                            "  measure: {deals: {}}\n  evaluate: period_end\n  ", component),
               &company);
  EXPECT_THAT(added, IsOk());
  const auto answer = payfold::ListAttainments(company.View(), "ana", "2025-01");
  EXPECT_THAT(answer, IsOk());
  if (!answer.ok() || answer->size() != 1) return "?";
  return absl::StrJoin(
      answer->front().next(), "; ", [](std::string* out, const payfold::v1::NextStep& step) {
        absl::StrAppend(out, payfold::v1::NextStep::Kind_Name(step.kind()), " ", step.place(), ": ",
                        step.value(), " to ", step.edge(), ", missing ", step.missing());
      });
}

TEST(NextSteps, EachPayoutHasItsOwn) {
  const struct {
    const char* rule;
    const char* component;
    const char* want;
  } kCases[] = {
      {"a band on the measure",
       "payout: {bands: [{upto: 75000, rate: 5%}, {upto: 90000, rate: 6%}]}",
       "BAND 2: 80,000.00 to 90,000.00, missing 10,000.00"},
      {"the last band", "payout: {bands: [{upto: 75000, rate: 5%}, {rate: 6%}]}", ""},
      {"a band on the attainment",
       "target: {quota: {metric: bookings}}\n  payout: {bands: {basis: attainment, bands: [{upto: "
       "1, multiple: 1}, {multiple: 2}]}}",
       "BAND 1: 80% to 100%, missing 20,000.00"},
      {"a band that another measure chooses",
       "payout: {bands: {mode: retroactive, by: {measure: {metric: {name: calls}}}, bands: [{upto: "
       "50, rate: 1%}, {rate: 2%}]}}",
       "BAND 1: 30 to 50, missing 20"},
      {"a point of a curve",
       "target: {quota: {metric: bookings}}\n  payout: {curve: {points: [{attainment: 50%, "
       "multiple: 0}, {attainment: 100%, multiple: 1}]}}",
       "CURVE_POINT 1: 80% to 100%, missing 20,000.00"},
      {"rows and columns of a matrix",
       "payout: {matrix: {rows: {measure: {deals: {}}, edges: [50000, 100000]}, columns: {measure: "
       "{metric: {name: calls}}, edges: [40]}, cells: [[{fixed: 0}, {fixed: 1}], [{fixed: 2}, "
       "{fixed: 3}], [{fixed: 4}, {fixed: 5}]]}}",
       "MATRIX_ROW 2: 80,000.00 to 100,000.00, missing 20,000.00; MATRIX_COLUMN 1: 30 to 40, "
       "missing 10"},
      {"the chosen goal",
       "goals: [{goal_id: g, target: {fixed: 95000}, amount: 10}]\n  payout: {goals: {}}",
       "GOAL 0: 80,000.00 to 95,000.00, missing 15,000.00"},
      {"a goal that is reached",
       "goals: [{goal_id: g, target: {fixed: 80000}, amount: 10}]\n  payout: {goals: {}}", ""},
      {"a multiplier",
       "payout: {rate: 1%}\n  multipliers: [{measure: {metric: {name: calls}}, bands: [{upto: 20, "
       "multiple: 1}, {upto: 35, multiple: 2}]}]",
       "MULTIPLIER_BAND 1: 30 to 35, missing 5"},
      {"gates that are not open",
       "payout: {rate: 1%}\n  gates: [{measure: {metric: {name: calls}}, at_least: 10}, {measure: "
       "{metric: {name: calls}}, at_most: 25}, {target: {quota: {metric: bookings}}, compare: "
       "VALUE, at_least: 100%}]",
       "GATE 2: 30 to 25, missing -5; GATE 3: 80,000.00 to 100,000.00, missing 20,000.00"},
      {"a gate without data",
       "payout: {rate: 1%}\n  gates: [{measure: {metric: {name: nps, aggregate: NPS}}, at_least: "
       "10}]",
       "GATE 1: undefined to 10, missing "},
      {"an undefined target",
       "target: {quota: {metric: other}}\n  payout: {curve: {points: [{attainment: 50%, multiple: "
       "0}, {attainment: 100%, multiple: 1}]}}",
       "CURVE_POINT 0: 0% to 50%, missing "},
  };
  for (const auto& c : kCases) EXPECT_EQ(Steps(c.component), c.want) << c.rule;
}

}  // namespace
}  // namespace payfold_testing
