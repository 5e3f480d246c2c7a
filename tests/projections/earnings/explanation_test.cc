// The sentences people read, as text.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/stream_name.h"
#include "ledger/plan/document.h"
#include "projections/queries.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_company.h"

namespace payfold_testing {
namespace {

using Events = std::vector<payfold::v1::Event>;

constexpr char kCompany[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-15","status":"ACTIVE","role":"ae"}}
{"participant_changed":{"participant_id":"ben","effective_from":"2025-01-01","status":"ACTIVE","role":"se"}}
{"quota_set":{"metric":"bookings","subject":"ana","period":"2025-Q1","value":"10000000"}}
{"plan_assigned":{"plan_id":"ae","participant_id":"ana","effective_from":"2025-01-01","target_incentive":{"currency":"USD","minor_units":4000000}}}
{"source":"crm","deal_booked":{"deal_id":"D-1","amount":{"currency":"USD","minor_units":8734500},"booked_on":"2025-02-03","owner_id":"ana","product":"A"}}
{"source":"import","deal_booked":{"deal_id":"D-2","amount":{"currency":"USD","minor_units":100000},"booked_on":"2025-01-10","owner_id":"ana"}}
{"source":"crm","deal_booked":{"deal_id":"D-3","amount":{"currency":"USD","minor_units":1000000},"booked_on":"2025-03-05","owner_id":"ana"}}
{"credit_split":{"deal_id":"D-3","shares":[{"participant_id":"ana","share":"0.6"},{"participant_id":"ben","share":"0.4"}]}}
)";

// The company with one plan of one component for role ae.
Events Company(const std::string& component) {
  Events events;
  for (absl::string_view line : absl::StrSplit(kCompany, '\n', absl::SkipEmpty())) {
    absl::StatusOr<payfold::v1::Event> event = payfold::EventFromJson(line);
    EXPECT_TRUE(event.ok()) << event.status();
    events.push_back(*event);
  }
  payfold::v1::Event plan;
  const payfold::CompiledPlan compiled = payfold::CompilePlanDocument(
      absl::StrCat("plan_id: ae\ncurrency: USD\neffective: {start: 2025-01-01}\n",
                   "eligibility: {roles: [ae]}\ncomponents:\n- component_id: c\n",
                   "  period: quarter\n  ", component),
      plan.mutable_plan_published()->mutable_plan());
  EXPECT_TRUE(compiled.program.has_value()) << payfold::ErrorText(compiled.diagnostics);
  events.push_back(plan);
  for (size_t i = 0; i < events.size(); ++i) events[i].set_event_id(absl::StrCat("e", i + 1));
  WriteEnvelopes(&events);
  return events;
}

// Each line of ana's with its sentence.
std::string Sentences(const std::string& component) {
  FoldedCompany company;
  const absl::Status added = company.AddAll(Company(component));
  EXPECT_TRUE(added.ok()) << added;
  payfold::LineFilter filter;
  filter.participant_id = "ana";
  filter.with_explanations = true;
  const auto lines = payfold::ListLines(company.View(), filter);
  EXPECT_TRUE(lines.ok()) << lines.status();
  std::string text;
  for (const payfold::v1::Line& line : *lines) {
    absl::StrAppend(&text, line.line_id(), ": ", line.explanation().sentence(), "\n");
  }
  return text;
}

std::string WhyNot(const std::string& component, const std::string& deal_id) {
  FoldedCompany company;
  const absl::Status added = company.AddAll(Company(component));
  EXPECT_TRUE(added.ok()) << added;
  const auto answer = payfold::ExplainDeal(company.View(), deal_id, "ana");
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? answer->components(0).reason() : "";
}

TEST(ExplanationTest, ASentenceIsMadeFromWhatWasCalculated) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  payout: {rate: 5%}"),
            "ana/ae/c/2025-Q1/rate/2025-02: 5% × 87,345.00 = 4,367.25\n"
            "ana/ae/c/2025-Q1/rate/2025-03: 5% × 93,345.00 = 4,667.25, less 4,367.25 up to "
            "2025-02-28 = 300.00\n");
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  payout: {bands: [{upto: 75000, rate: 5%}, {rate: 7%}]}"),
            "ana/ae/c/2025-Q1/band1/2025-03: 5% × 75,000.00 (band 1 of 2) = 3,750.00\n"
            "ana/ae/c/2025-Q1/band2/2025-03: 7% × 18,345.00 above 75,000.00 (band 2 of 2) = "
            "1,284.15\n");
  EXPECT_EQ(Sentences("measure: {deals: {value: COUNT}}\n  evaluate: period_end\n"
                      "  payout: {per_unit: 25}"),
            "ana/ae/c/2025-Q1/per_unit/2025-03: 25.00 × 2 = 50.00\n");
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  target: {quota: {metric: bookings}}\n"
                      "  payout: {bands: {basis: attainment, bands: [{multiple: 1}]}}"),
            "ana/ae/c/2025-Q1/band1/2025-03: target incentive 10,000.00 × 1 × 93.345% of target "
            "100,000.00 (band 1 of 1) = 9,334.50\n");
  EXPECT_EQ(Sentences("measure: {deals: {where: [{attribute: product, any_of: [A]}]}}\n"
                      "  payout: {per_deal: {rate: 1%, cap: 500}}"),
            "ana/ae/c/2025-Q1/deal:D-1/2025-02: 1% × credit 87,345.00 of deal D-1, at most 500.00 "
            "= 500.00\n");
}

TEST(ExplanationTest, WhatChoseABandIsSaid) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  target: {quota: {metric: bookings}}\n"
                      "  payout: {bands: {basis: attainment, mode: retroactive, "
                      "bands: [{upto: 0.5, rate: 5%}, {rate: 7%}]}}"),
            "ana/ae/c/2025-Q1/band2/2025-03: 7% × 93,345.00 at 93.35% of target 100,000.00 (band 2 "
            "of 2) = 6,534.15\n");
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  payout: {bands: {mode: retroactive, "
                      "bands: [{upto: 50000, fixed: 10}, {fixed: 20}]}}"),
            "ana/ae/c/2025-Q1/band2/2025-03: fixed 20.00 at 93,345.00 (band 2 of 2) = 20.00\n");
  EXPECT_EQ(
      Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                "  payout: {bands: {mode: retroactive, by: {measure: {deals: {value: COUNT}}},"
                " bands: [{upto: 2, rate: 1%}, {rate: 2%}]}}"),
      "ana/ae/c/2025-Q1/band2/2025-03: 2% × 93,345.00 as the number of own deals is 2 (band 2 "
      "of 2) = 1,866.90\n");
}

TEST(ExplanationTest, WhatLetAFixedAmountThroughIsSaid) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  payout: {fixed: 20}"),
            "ana/ae/c/2025-Q1/fixed/2025-03: fixed 20.00 = 20.00\n");
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  payout: {fixed: 20}\n"
                      "  gates: [{at_least: 50, target: {quota: {metric: bookings}}, compare: "
                      "attainment, otherwise: 0.5}, {measure: {deals: {value: COUNT}}, above: 1}]"),
            "ana/ae/c/2025-Q1/fixed/2025-03: fixed 20.00 as the credited amount of own deals is "
            "93.35% of target 100,000.00 and the number of own deals is 2 × 50% (gate 1 does not "
            "hold) = 10.00\n");
}

// A statistic that no whole cent is.
TEST(ExplanationTest, ATargetIsNotShownAsIfItWereWhole) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  target: {fixed: 30000.005}\n"
                      "  payout: {bands: {basis: attainment, from: 1, bands: [{fixed: 20}]}}"),
            "ana/ae/c/2025-Q1/band1/2025-03: fixed 20.00 at 311.15% of target 30000.005 (band 1 of "
            "1) = 20.00\n");
}

TEST(ExplanationTest, WhatACapCutsAndWhatARewardIsAreSaid) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: period_end\n"
                      "  payout: {rate: 5%}\n  cap: {amount: 4000, excess: carry}"),
            "ana/ae/c/2025-Q1/rate/2025-03: 5% × 93,345.00 = 4,667.25, cut to the component's cap "
            "of 4,000.00 in all = 4,000.00\n");
  EXPECT_EQ(Sentences("measure: {deals: {value: COUNT}}\n  evaluate: period_end\n"
                      "  payout: {per_unit: 25}\n  reward: {points: {}}"),
            "ana/ae/c/2025-Q1/per_unit/2025-03: 25 × 2 = 50 points\n");
}

TEST(ExplanationTest, WhatPaysNoMoreIsSaidWithItsMeasure) {
  EXPECT_EQ(Sentences("measure: {deals: {}}\n  evaluate: running\n"
                      "  payout: {bands: {mode: retroactive, "
                      "bands: [{upto: 90000, fixed: 10}, {fixed: 20}]}}"),
            "ana/ae/c/2025-Q1/band1/2025-01: fixed 10.00 at 0.00 (band 1 of 2) = 10.00\n"
            "ana/ae/c/2025-Q1/band1/2025-03: band 1 no longer pays at 93,345.00 = 0.00, less 10.00 "
            "up to 2025-02-28 = -10.00\n"
            "ana/ae/c/2025-Q1/band2/2025-03: fixed 20.00 at 93,345.00 (band 2 of 2) = 20.00\n");
}

TEST(ExplanationTest, PerDealBandsSayWhichOfThemPay) {
  EXPECT_EQ(Sentences("measure: {deals: {where: [{attribute: product, any_of: [A]}]}}\n"
                      "  payout: {per_deal: {bands: {bands: [{upto: 75000, rate: 5%}, {rate: "
                      "7%}]}}}"),
            "ana/ae/c/2025-Q1/deal:D-1/2025-02: 5% × 75,000.00 (band 1 of 2) + 7% × 12,345.00 "
            "above 75,000.00 (band 2 of 2) of credit 87,345.00 of deal D-1 = 4,614.15\n");
}

TEST(ExplanationTest, OfAMeasureOfPartsTheOneThatCountsADealIsNamed) {
  const std::string ratio =
      "measure: {ratio: {numerator: {deals: {value: COUNT, where: [{attribute: product, any_of: "
      "[A]}]}}, denominator: {deals: {value: COUNT}}}}\n  payout: {per_unit: 100}";
  EXPECT_EQ(WhyNot(ratio, "D-1"),
            "counted in version 1 as the numerator from 2025-02-03 and as the denominator from "
            "2025-02-03");
  EXPECT_EQ(WhyNot(ratio, "D-3"), "counted in version 1 as the denominator from 2025-03-05");
  EXPECT_EQ(WhyNot(ratio, "D-2"),
            "not in the numerator: product is missing, not A; not in the denominator: credit dated "
            "2025-01-10, first day in the plan 2025-01-15");
  EXPECT_EQ(WhyNot("measure: {growth: {of: {deals: {}}, periods_back: 1}}\n"
                   "  payout: {per_unit: 100}",
                   "D-1"),
            "counted in version 1 as what grows from 2025-02-03");
  EXPECT_EQ(WhyNot("measure: {periods: {of: {deals: {}}, period: MONTH, at_least: 1}}\n"
                   "  payout: {per_unit: 100}",
                   "D-1"),
            "counted in version 1 as what each part of the period measures from 2025-02-03");
  EXPECT_EQ(WhyNot("measure: {metric: {name: calls}}\n  payout: {per_unit: 1}", "D-1"),
            "the component measures no deals but the total of own calls");
}

TEST(ExplanationTest, ADealThatDidNothingIsToldWhy) {
  EXPECT_EQ(WhyNot("measure: {deals: {where: [{attribute: source, any_of: [crm]}]}}\n"
                   "  payout: {rate: 5%}",
                   "D-2"),
            "source is import, not crm");
  EXPECT_EQ(WhyNot("measure: {deals: {}}\n  payout: {rate: 5%}", "D-2"),
            "credit dated 2025-01-10, first day in the plan 2025-01-15");
  EXPECT_EQ(WhyNot("measure: {deals: {where: [{attribute: product, none_of: [A]}]}}\n"
                   "  payout: {rate: 5%}",
                   "D-1"),
            "product is A, not anything but A");
  EXPECT_EQ(WhyNot("measure: {deals: {}}\n  payout: {rate: 5%}", "D-1"),
            "counted in version 1 from 2025-02-03");
}

}  // namespace
}  // namespace payfold_testing
