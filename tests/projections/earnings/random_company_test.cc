// The engine against the judge, and its properties, over random companies.

#include "tests/support/random_company.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/folded_company.h"
#include "tests/support/naive_evaluator.h"

namespace payfold_testing {
namespace {

using Events = std::vector<payfold::v1::Event>;

// More with PAYFOLD_RANDOM_CASES; from another seed with PAYFOLD_RANDOM_SEED.
uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

uint64_t Cases(uint64_t otherwise) { return FromEnvironment("PAYFOLD_RANDOM_CASES", otherwise); }
uint64_t FirstSeed() { return FromEnvironment("PAYFOLD_RANDOM_SEED", 1); }

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
};

// Each group of features alone, and all of them together.
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
          {"All", RandomFeatures::All()}};
}

class FeatureTest : public testing::TestWithParam<FeatureCase> {};

TEST_P(FeatureTest, EngineAndJudgeAgreeToTheMinorUnit) {
  RandomCompanyOptions options;
  options.features = GetParam().features;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Cases(60); ++seed) {
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

INSTANTIATE_TEST_SUITE_P(Language, FeatureTest, testing::ValuesIn(FeatureCases()),
                         [](const auto& of) { return std::string(of.param.name); });

TEST(RandomCompanyTest, AnyOrderThatKeepsEachStreamGivesTheSameLines) {
  const RandomCompanyOptions options;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Cases(100); ++seed) {
    const Events events = RandomCompany(seed, options);
    const std::string lines = Engine(events, options);
    for (uint64_t order = 0; order < 3; ++order) {
      ASSERT_EQ(Engine(Interleave(seed * 10 + order, events), options), lines) << "seed " << seed;
    }
  }
}

TEST(RandomCompanyTest, FoldingEventByEventEqualsAFullFoldAfterEveryEvent) {
  RandomCompanyOptions options;
  options.deals = 8;
  options.participants = 4;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + Cases(15); ++seed) {
    const Events events = RandomCompany(seed, options);
    FoldedCompany live;
    Events prefix;
    for (const payfold::v1::Event& event : events) {
      prefix.push_back(event);
      ASSERT_TRUE(live.Add(event, true).ok());
      ASSERT_EQ(EngineLines(live.View(), Horizon(options)), Engine(prefix, options))
          << "seed " << seed << ", position " << event.position();
    }
  }
}

}  // namespace
}  // namespace payfold_testing
