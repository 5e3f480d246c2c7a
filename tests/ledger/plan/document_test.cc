#include "ledger/plan/document.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Lines;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A document of one component whose YAML is `yaml`, in the flow style.
std::string WithComponent(const std::string& yaml) { return "components: [" + yaml + "]"; }

v1::Component ReadComponent(const std::string& yaml) {
  const PlanDocument document = ReadPlanDocument(WithComponent(yaml));
  EXPECT_EQ(Lines(document.diagnostics), "") << yaml;
  return document.plan.components_size() == 1 ? document.plan.components(0) : v1::Component();
}

// What ReadPlanDocument says is wrong, without compiling.
std::string Mistakes(const std::string& document) {
  return Lines(ReadPlanDocument(document).diagnostics);
}

TEST(DocumentTest, ShortFormsMeanTheLongOnes) {
  const struct {
    std::string short_form;
    std::string long_form;
  } kForms[] = {
      {"{target: {fixed: 75000}}", "{target: {fixed: {value: '75000'}}}"},
      {"{target: {quota: bookings}}", "{target: {quota: {metric: bookings}}}"},
      {"{target: {previous: 110%}}", "{target: {previous: {factor: 110%}}}"},
      {"{target: goal}", "{target: {goal: {}}}"},
      {"{reward: Points}", "{reward: {points: {}}}"},
      {"{reward: {badge: rookie}}", "{reward: {badge: {badge_id: rookie}}}"},
      {"{payout: goals}", "{payout: {goals: {}}}"},
      {"{payout: {goals: }}", "{payout: {goals: {}}}"},
      {"{cap: 5000}", "{cap: {amount: 5000}}"},
      {"{measure: {metric: calls}}", "{measure: {metric: {name: calls}}}"},
      {"{measure: {attribute: level}}", "{measure: {attribute: {name: level}}}"},
      {"{measure: {earnings: [a, b]}}", "{measure: {earnings: {components: [a, b]}}}"},
      {"{measure: {deals: {value: COUNT_DISTINCT(customer_id)}}}",
       "{measure: {deals: {value: COUNT_DISTINCT, attribute: customer_id}}}"},
      {"{measure: {metric: {name: m, aggregate: count_distinct( room )}}}",
       "{measure: {metric: {name: m, aggregate: COUNT_DISTINCT, dimension: room}}}"},
      {"{target: {population: {stat: RANK(3)}}}",
       "{target: {population: {stat: RANK, argument: 3}}}"},
      {"{target: {population: {stat: PERCENTILE(10)}}}",
       "{target: {population: {stat: PERCENTILE, argument: 10}}}"},
      {"{target: {population: {stat: MEAN_PLUS_SIGMA(2)}}}",
       "{target: {population: {stat: MEAN_PLUS_SIGMA, argument: 2}}}"},
      {"{payout: {pool: {amount: 5, share: BY_ATTRIBUTE(level)}}}",
       "{payout: {pool: {amount: 5, share: BY_ATTRIBUTE, attribute: level}}}"},
      {"{schedule: [{share: 1, due: AFTER_DAYS(30)}]}",
       "{schedule: [{share: 1, due: AFTER_DAYS, n: 30}]}"},
      {"{schedule: [{share: 1, due: AFTER_MONTHS(2)}]}",
       "{schedule: [{share: 1, due: AFTER_MONTHS, n: 2}]}"},
      {"{payout: {bands: [{rate: 5%}]}}", "{payout: {bands: {bands: [{rate: 5%}]}}}"},
      {"{payout: {matrix: {cells: [[{fixed: 1}], [{fixed: 2}]]}}}",
       "{payout: {matrix: {cells: [{cells: [{fixed: 1}]}, {cells: [{fixed: 2}]}]}}}"},
      {"{payout: {rate: 5%, rate_by: {product: {A: 6%, rates: 7%}}}}",
       "{payout: {rate: 5%, rate_by: {product: {rates: {A: 6%, rates: 7%}}}}}"},
      {"{measure: {deals: {where: [{any: [[{attribute: x, any_of: [a]}]]}]}}}",
       "{measure: {deals: {where: [{any: [{all: [{attribute: x, any_of: [a]}]}]}]}}}"},
  };
  for (const auto& form : kForms) {
    const v1::Component got = ReadComponent(form.short_form);
    const v1::Component want = ReadComponent(form.long_form);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(got, want))
        << form.short_form << " is read as " << got.ShortDebugString();
  }
}

TEST(DocumentTest, JsonAndYamlAreTheSame) {
  const PlanDocument yaml =
      ReadPlanDocument("plan_id: a\neligibility:\n  attributes:\n    region: [EMEA, AMER]\n");
  const PlanDocument json = ReadPlanDocument(
      R"({"plan_id": "a", "eligibility": {"attributes": {"region": ["EMEA", "AMER"]}}})");
  EXPECT_EQ(Lines(json.diagnostics), "");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(yaml.plan, json.plan));
}

TEST(DocumentTest, ScalarsAreTakenAsWritten) {
  const PlanDocument document = ReadPlanDocument(
      "plan_id: 007\ncurrency: NO\ndisplay_name: 0.10\neffective: {start: 2025-01-01}\n");
  EXPECT_EQ(Lines(document.diagnostics), "");
  EXPECT_EQ(document.plan.plan_id(), "007");
  EXPECT_EQ(document.plan.currency(), "NO");
  EXPECT_EQ(document.plan.display_name(), "0.10");
  EXPECT_EQ(document.plan.effective().start(), "2025-01-01");
}

TEST(DocumentTest, PlacesAreThoseOfTheValues) {
  const PlanDocument document =
      ReadPlanDocument("plan_id: a\ncomponents:\n  - payout:\n      bands:\n        - rate: 5%\n");
  EXPECT_EQ(document.places.at("plan_id"), std::make_pair(1, 10));
  EXPECT_EQ(document.places.at("components[0].payout"), std::make_pair(3, 5));
  EXPECT_EQ(document.places.at("components[0].payout.bands.bands[0].rate"), std::make_pair(5, 17));
}

TEST(DocumentTest, EachMistakeHasItsLineAndItsRule) {
  const struct {
    std::string document;
    std::string want;
  } kMistakes[] = {
      {"curency: USD", "error 1:1 curency: is not a field: did you mean `currency`?"},
      {"planId: a", "error 1:1 planId: is not a field: did you mean `plan_id`?"},
      {"effective: {zzzzzzz: 1}",
       "error 1:13 effective.zzzzzzz: is not a field: the fields here are start, end"},
      {"plan_id: a\nplan_id: b", "error 2:1 plan_id: is given twice, first at 1:1"},
      {"components: {a: 1}", "error 1:1 components: expected a list, found a mapping"},
      {"effective: [a]", "error 1:1 effective: expected a mapping, found a list"},
      {"effective: 2025", "error 1:12 effective: expected a mapping, found \"2025\""},
      {"plan_id: [a]", "error 1:1 plan_id: expected a value, found a list"},
      {"currency:", "error 1:1 currency: has no value: write a value or leave it out"},
      {"rounding: UP", "error 1:11 rounding: \"UP\" is none of HALF_UP, HALF_EVEN"},
      {"rounding: halfup",
       "error 1:11 rounding: \"halfup\" is none of HALF_UP, HALF_EVEN: did you mean HALF_UP?"},
      {"rounding: ROUNDING_UNSPECIFIED", "error 1:11 rounding: \"ROUNDING_UNSPECIFIED\" is none"},
      {"rounding: HALF_UP(3)", "error 1:11 rounding: \"HALF_UP(3)\": HALF_UP takes nothing"},
      {"eligibility: {attributes: {r: [a], r: [b]}}",
       "error 1:36 eligibility.attributes[r]: is given twice, first at 1:28"},
      {"eligibility: {attributes: {r: a}}",
       "error 1:31 eligibility.attributes[r]: expected a list, found \"a\""},
      {"? [a]\n: b", "error 1:3 : has a list as a key: a key is a name"},
      {"plan_id: !!int 5", "error 1:10 plan_id: has the tag tag:yaml.org,2002:int"},
      {"draw: {recoverable: yes}", "error 1:21 draw.recoverable: expected true or false, found"},
      {"draw: {periods: 1.5}", "error 1:17 draw.periods: expected a whole number, found \"1.5\""},
      {"draw: {periods: 99999999999}", "error 1:17 draw.periods: expected a whole number"},
      {"plan_id: \"a\\0b\"", "error 1:10 plan_id: has a control character"},
      {"\"a\\0b\": 1", "error 1:1 : has the key \"a\\x00\\x62\", with a control character"},
      {WithComponent("{payout: {rate: 1, fixed: 2}}"),
       "error 1:33 components[0].payout.fixed: is given beside `rate`, of which only one"},
      {WithComponent("{measure: {deals: {value: COUNT_DISTINCT(a), attribute: b}}}"),
       "error 1:59 components[0].measure.deals.attribute: is given twice, first at 1:40"},
      {WithComponent("{measure: {deals: {value: COUNT_DISTINCT()}}}"),
       "error 1:40 components[0].measure.deals.value: \"COUNT_DISTINCT()\": name the attribute"},
      {WithComponent("{reward: cash}"),
       "error 1:23 components[0].reward: expected a mapping or one of money, points, found"},
  };
  for (const auto& m : kMistakes) EXPECT_THAT(Mistakes(m.document), StartsWith(m.want));
}

TEST(DocumentTest, WhatIsNoDocumentIsOneMistake) {
  const struct {
    std::string document;
    std::string want;
  } kDocuments[] = {
      {"", "error 1:1 : the document is empty\n"},
      {"# nothing\n", "error 1:1 : the document is empty\n"},
      {"- a", "error 1:1 : a plan is a mapping of fields, as in plan_id: ae-2025; found a list\n"},
      {"a: 1\nb: [1, 2",
       "error 2:1 : not readable as YAML or JSON: end of sequence flow not found\n"},
      {"a: *b", "error 1:4 : not readable as YAML or JSON: the referenced anchor is not defined\n"},
      {"plan_id: a\n---\nplan_id: b",
       "error 3:1 : a second document begins here: a file holds one plan\n"},
      {"{plan_id: a} b", "error 1:14 : a second document begins here: a file holds one plan\n"},
      {"plan_id: a\x04", "error 1:11 : the document has a control character: remove it\n"},
      {"a: b\nc: \xFF", "error 2:4 : the document is not UTF-8: save it as UTF-8\n"},
      {"a: \xED\xA0\x80", "error 1:4 : the document is not UTF-8: save it as UTF-8\n"},
      {"a: \xE2\x82", "error 1:4 : the document is not UTF-8: save it as UTF-8\n"},
      {std::string((1 << 20) + 1, ' '),
       "error 1:1 : the document has 1048577 bytes: at most 1048576 are allowed\n"},
  };
  for (const auto& d : kDocuments) {
    const CompiledPlan compiled = CompilePlanDocument(d.document, nullptr);
    EXPECT_EQ(Lines(compiled.diagnostics), d.want);
    EXPECT_FALSE(compiled.program.has_value());
  }
}

TEST(DocumentTest, ByteOrderMarksAndCarriageReturnsAreNoMistakes) {
  EXPECT_EQ(Mistakes("\xEF\xBB\xBFplan_id: a\r\ncurrency: USD\r\n"), "");
  EXPECT_EQ(Mistakes("display_name: Vertrieb S\xC3\xBC"
                     "d \xF0\x9F\x8E\x89\n"),
            "");
}

TEST(DocumentTest, AliasBombsAreRefused) {
  std::string doc = "components:\n";
  // Each level repeats the one before ten times: a billion conditions.
  doc += "  - measure: {deals: {where: &c0 [{attribute: x, any_of: [y]}]}}\n";
  for (int i = 1; i <= 9; ++i) {
    absl::StrAppend(&doc, "  - measure: {deals: {where: &c", i, " [{any: [");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&doc, j > 0 ? ", " : "", "*c", i - 1);
    doc += "]}]}}\n";
  }
  EXPECT_THAT(Mistakes(doc), HasSubstr("the document has more than 20000 values"));
}

TEST(DocumentTest, EndlessAndLargeDocumentsAreRefused) {
  EXPECT_THAT(Mistakes(WithComponent("{measure: &m {ratio: {numerator: *m}}}")),
              HasSubstr("the document is nested more than 64 deep"));
  EXPECT_THAT(Mistakes(std::string(100'000, '[')), StartsWith("error 1:"));
  EXPECT_THAT(Mistakes("plan_id: " + std::string(5000, 'x')),
              HasSubstr("plan_id: has 5000 bytes: at most 4096 are allowed"));
  EXPECT_THAT(Mistakes(std::string(300, 'x') + ": a"), HasSubstr("has a key of 300 bytes, \"xxx"));
  std::string many;
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&many, "x", i, ": 1\n");
  const PlanDocument document = ReadPlanDocument(many);
  EXPECT_EQ(document.diagnostics.size(), 1001U);
  EXPECT_EQ(document.diagnostics.back().message, "the document has more than 1000 mistakes");
}

// All at once, in the order of the document, each at its place.
TEST(DocumentTest, ManyMistakesAreAllNamed) {
  constexpr char kDocument[] = R"(plan_id: ae 2025
curency: USD
effective: {start: 2025-02-30}
components:
  - component_id: a
    period: FORTNIGHT
    measure: {deals: {value: AMOUNT, where: {attribute: x}}}
    payout: {rate: 5%, fixed: 3}
  - component_id: a
    cap: 5k
    target: goal
    measure: {metric: cold calls}
    payout:
      bands:
        - {upto: 10, rate: 5%}
        - {upto: 5, rat: 4%}
        - {rate: 1e5}
  - measure: {deals: {}}
    payout: {bands: {basis: ATTAINMENT, bands: [{rate: -1%}]}}
draw: {amount: -100}
)";
  const CompiledPlan compiled = CompilePlanDocument(kDocument, nullptr);
  EXPECT_FALSE(compiled.program.has_value());
  std::vector<std::string> lines;
  for (const PlanDiagnostic& d : compiled.diagnostics) {
    lines.push_back(absl::StrCat(d.line, ":", d.column, " ", d.field, ": ", d.message));
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          StartsWith("1:1 currency: is required"),
          StartsWith("1:10 plan_id: \"ae 2025\" is not an identifier"),
          StartsWith("2:1 curency: is not a field: did you mean `currency`?"),
          StartsWith("3:20 effective.start: \"2025-02-30\" is not a date"),
          StartsWith("6:13 components[0].period: \"FORTNIGHT\" is none of DAY, WEEK, HALF_MONTH"),
          StartsWith("7:38 components[0].measure.deals.where: expected a list, found a mapping"),
          StartsWith("8:24 components[0].payout.fixed: is given beside `rate`"),
          StartsWith("9:19 components[1].component_id: \"a\" is the id of an earlier component"),
          StartsWith("10:10 components[1].cap.amount: \"5k\" is not a decimal"),
          StartsWith("11:13 components[1].target.goal: is the chosen goal's, and the component"),
          StartsWith("12:23 components[1].measure.metric.name: \"cold calls\" is not an ident"),
          StartsWith("16:18 components[1].payout.bands.bands[1].upto: 5 is not above 10"),
          StartsWith("16:21 components[1].payout.bands.bands[1].rat: is not a field: did you me"),
          StartsWith("17:18 components[1].payout.bands.bands[2].rate: \"1e5\" is not a decimal"),
          StartsWith("18:5 components[2].component_id: is required"),
          StartsWith("19:29 components[2].payout.bands.basis: ATTAINMENT is measure / target"),
          StartsWith("19:56 components[2].payout.bands.bands[0].rate: -1% is negative"),
          StartsWith("20:16 draw.amount: -100 is below 0")));
}

TEST(DocumentTest, TheMessageIsHandedOutAlsoWhenItDoesNotCompile) {
  v1::Plan plan;
  EXPECT_FALSE(CompilePlanDocument("plan_id: a", &plan).program.has_value());
  EXPECT_EQ(plan.plan_id(), "a");
}

}  // namespace
}  // namespace payfold
