// The engine against the judge, and its properties, over random companies.

#include "tests/support/random_company.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/support/folded_company.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/random_cases.h"

namespace payfold_testing {
namespace {

using Events = std::vector<payfold::v1::Event>;

std::string Engine(const Events& events, const RandomCompanyOptions& options) {
  FoldedCompany company;
  const absl::Status added = company.AddAll(events);
  if (!added.ok()) return added.ToString();
  return EngineLines(company.View(), Horizon(options));
}

std::string Judge(const Events& events, const RandomCompanyOptions& options) {
  return ToText(NaiveLines(events, Horizon(options)));
}

// A log that shrinking has made one that no ledger would hold differs in nothing.
bool Differ(const Events& events, const RandomCompanyOptions& options) {
  const std::string lines = Engine(events, options);
  return !absl::StartsWith(lines, "DATA_LOSS") && lines != Judge(events, options);
}

struct FeatureCase {
  const char* name;
  RandomFeatures features;
  bool is_mixed = false;  // others for each seed

  RandomFeatures Of(uint64_t seed) const {
    return is_mixed ? RandomFeatures::Some(seed * 0x9E3779B97F4A7C15 >> 40) : features;
  }
};

// Each group of features alone, all of them together, and any mixture.
std::vector<FeatureCase> FeatureCases() {
  return {{"Basics", {}},
          {"Measures", {.measures = true}},
          {"Metrics", {.measures = true, .metrics = true}},
          {"Targets", {.metrics = true, .targets = true}},
          {"Payouts", {.payouts = true}},
          {"Modifiers", {.modifiers = true}},
          {"Clawback", {.clawback = true}},
          {"Triggers", {.triggers = true}},
          {"Fx", {.fx = true}},
          {"Proration", {.targets = true, .payouts = true, .proration = true}},
          {"Segments", {.targets = true, .segments = true}},
          {"Rewards", {.payouts = true, .rewards = true}},
          {"Earnings", {.earnings = true}},
          {"PlanCap", {.plan_cap = true}},
          {"Budget", {.budget = true}},
          {"RankBand", {.rank_band = true}},
          {"All", RandomFeatures::All()},
          {"Mixed", {}, true}};
}

class FeatureTest : public testing::TestWithParam<FeatureCase> {};

TEST_P(FeatureTest, EngineAndJudgeAgreeToTheMinorUnit) {
  RandomCompanyOptions options;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + RandomCases(60); ++seed) {
    options.features = GetParam().Of(seed);
    const Events events = RandomCompany(seed, options);
    if (!Differ(events, options)) continue;
    const Events small = Shrink(events, [&](const Events& some) { return Differ(some, options); });
    ADD_FAILURE() << "seed " << seed << ", shrunk to:\n"
                  << ToJsonLines(small) << "engine:\n"
                  << Engine(small, options) << "judge:\n"
                  << Judge(small, options);
    return;
  }
}

// [14.order]
TEST_P(FeatureTest, AnyOrderThatKeepsEachStreamGivesTheSameLines) {
  RandomCompanyOptions options;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + RandomCases(20); ++seed) {
    options.features = GetParam().Of(seed);
    const Events events = RandomCompany(seed, options);
    const std::string lines = Engine(events, options);
    for (uint64_t order = 0; order < 3; ++order) {
      ASSERT_EQ(Engine(Interleave(seed * 10 + order, events), options), lines) << "seed " << seed;
    }
  }
}

TEST_P(FeatureTest, FoldingEventByEventEqualsAFullFoldAfterEveryEvent) {
  RandomCompanyOptions options;
  options.deals = 8;
  options.participants = 4;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + RandomCases(3); ++seed) {
    options.features = GetParam().Of(seed);
    FoldedCompany live;
    Events prefix;
    for (const payfold::v1::Event& event : RandomCompany(seed, options)) {
      prefix.push_back(event);
      ASSERT_TRUE(live.Add(event, true).ok());
      ASSERT_EQ(EngineLines(live.View(), Horizon(options)), Engine(prefix, options))
          << "seed " << seed << ", position " << event.position();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Language, FeatureTest, testing::ValuesIn(FeatureCases()),
                         [](const auto& of) { return std::string(of.param.name); });

// One version of each plan, for ever; pools of 100.01, evaluated when the period ends.
Events WithPlainPools(const Events& events) {
  Events result;
  std::set<std::string> seen;
  for (const payfold::v1::Event& event : events) {
    const bool is_plan = event.has_plan_published();
    const bool is_first = !is_plan || seen.insert(event.plan_published().plan().plan_id()).second;
    if (event.has_plan_retired() || !is_first) continue;
    result.push_back(event);
    if (!is_plan) continue;
    payfold::v1::Plan* plan = result.back().mutable_plan_published()->mutable_plan();
    plan->mutable_effective()->clear_end();
    for (payfold::v1::Component& component : *plan->mutable_components()) {
      if (!component.payout().has_pool()) continue;
      component.mutable_payout()->mutable_pool()->clear_scale();
      component.mutable_payout()->mutable_pool()->set_amount("100.01");
      component.mutable_measure()->set_scope(payfold::v1::COMPANY);
      component.clear_evaluate();
      component.clear_segment();
      component.clear_multipliers();
      component.clear_floor();
      component.clear_cap();
      for (payfold::v1::Gate& gate : *component.mutable_gates()) gate.clear_otherwise();
    }
  }
  return result;
}

TEST(RandomCompanyTest, APoolsPartsAddUpToThePool) {
  RandomCompanyOptions options;
  options.features = {.targets = true, .payouts = true, .modifiers = true, .proration = true};
  int pools = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + RandomCases(100); ++seed) {
    // Of a line, PARTICIPANT/PLAN/COMPONENT/PERIOD/ELEMENT/PAYOUT DATE AMOUNT VERSION.
    std::map<std::string, int64_t> sums;
    const std::string lines = Engine(WithPlainPools(RandomCompany(seed, options)), options);
    for (absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipEmpty())) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      const std::vector<std::string> names = absl::StrSplit(words[0], '/');
      if (names[4] != "pool") continue;
      int64_t amount = 0;
      ASSERT_TRUE(absl::SimpleAtoi(words[2], &amount));
      sums[absl::StrCat(names[1], "/", names[2], "/", names[3])] += amount;
    }
    for (const auto& [pool, sum] : sums) EXPECT_EQ(sum, 10001) << "seed " << seed << ", " << pool;
    pools += static_cast<int>(sums.size());
  }
  EXPECT_GT(pools, 0);
}

}  // namespace
}  // namespace payfold_testing
