// A replay equals the difference of two ledgers built from nothing, with and without
// its events, over random companies and random events.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "projections/replay/difference.h"
#include "projections/replay/touched.h"
#include "tests/projections/replay/two_ledgers.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_cases.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using payfold::Fork;
using v1::Event;

uint64_t Cases() { return RandomCases(150); }

// A log in a random order, cut in two.
Question RandomQuestion(uint64_t seed) {
  RandomSource random(seed * 31 + 7);
  RandomCompanyOptions options;
  options.features = FeaturesFor(seed, &random);
  Question question;
  question.known = Interleave(seed, RandomCompany(seed, options));
  const auto count = static_cast<size_t>(
      std::min<int64_t>(random.Chance(50) ? random.Int(1, 3) : random.Int(1, 40),
                        static_cast<int64_t>(question.known.size()) - 1));
  question.hypothetical.assign(question.known.end() - static_cast<std::ptrdiff_t>(count),
                               question.known.end());
  question.known.resize(question.known.size() - count);
  return question;
}

bool IsConfigured(const std::vector<Event>& events) {
  return std::any_of(events.begin(), events.end(),
                     [](const Event& event) { return event.has_ledger_configured(); });
}

TEST(RandomReplayTest, AForkIsTheFoldOfTheLogWithTheEvents) {
  const payfold::Date horizon = Horizon(RandomCompanyOptions());
  for (uint64_t seed = 1; seed <= Cases(); ++seed) {
    const Question question = RandomQuestion(seed);
    const Folded known(question.known);
    const absl::StatusOr<Fork> fork = ForkOf(known, question);
    ASSERT_THAT(fork, IsOk()) << "seed " << seed;
    const std::vector<Event> all = question.All();
    const Folded whole(all);
    ASSERT_EQ(EngineLines(fork->view(), horizon), EngineLines(*whole.view, horizon))
        << "seed " << seed;
  }
}

TEST(RandomReplayTest, TheDifferenceIsThatOfTwoLedgers) {
  size_t rows = 0;
  for (uint64_t seed = 1; seed <= Cases(); ++seed) {
    const Question question = RandomQuestion(seed);
    const Folded known(question.known);
    const absl::StatusOr<Fork> fork = ForkOf(known, question);
    ASSERT_THAT(fork, IsOk()) << "seed " << seed;
    const std::vector<Event> all = question.All();
    if (!IsConfigured(all)) continue;
    const Folded whole(all);
    const absl::StatusOr<payfold::Differences> differences = payfold::ComputeDifferences(*fork, {});
    ASSERT_THAT(differences, IsOk()) << "seed " << seed;
    ASSERT_EQ(RowsOf(*differences, *fork), ExpectedRows(*known.view, *whole.view))
        << "seed " << seed;
    rows += differences->rows.size();
  }
  EXPECT_GT(rows, Cases());  // Else the test asks nothing.
}

TEST(RandomReplayTest, ManyWorkersFindTheSameAsOne) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Question question = RandomQuestion(seed);
    if (!IsConfigured(question.known)) continue;
    const Folded known(question.known);
    const absl::StatusOr<Fork> fork = ForkOf(known, question);
    ASSERT_THAT(fork, IsOk());
    const auto one = payfold::ComputeDifferences(*fork, {});
    payfold::CompareOptions options;
    options.workers = 4;
    const auto four = payfold::ComputeDifferences(*fork, options);
    ASSERT_THAT(one, IsOk());
    ASSERT_THAT(four, IsOk());
    EXPECT_EQ(RowsOf(*one, *fork), RowsOf(*four, *fork));
    EXPECT_EQ(one->digest, four->digest);
  }
}

// A plan that pays own deals of a month by rates that come at random.
Event PlainPlan(RandomSource* random, const std::string& start) {
  const auto percent = [random] { return absl::StrCat(random->Int(1, 30), "%"); };
  std::string components;
  for (int i = 0, count = random->Int(1, 2); i < count; ++i) {
    absl::StrAppend(&components, "- component_id: c", i,
                    "\n  period: MONTH\n  measure: {deals: {value: ",
                    i == 0 ? "AMOUNT" : "SHARED_COUNT", "}}\n");
    if (i == 1) {
      absl::StrAppend(&components, "  payout: {per_unit: '", random->Int(1, 90), ".5'}\n");
    } else if (random->Chance(30)) {
      absl::StrAppend(&components, "  payout: {rate: ", percent(), "}\n");
    } else {
      const bool quota = random->Chance(50);
      absl::StrAppend(&components,
                      "  target: ", quota ? "{quota: {metric: sales}}" : "{fixed: '9000'}",
                      "\n  payout: {bands: {basis: ATTAINMENT, mode: ",
                      random->Chance(50) ? "MARGINAL" : "RETROACTIVE",
                      ", bands: [{upto: 60%, rate: ", percent(),
                      "}, {upto: 120%, rate: ", percent(), "}, {rate: ", percent(), "}]}}\n");
    }
  }
  Event event;
  event.set_event_id(absl::StrCat("plain-", random->Int(1, 1 << 30)));
  event.set_source("test");
  event.set_stream("plans/plain");
  const payfold::CompiledPlan compiled = payfold::CompilePlanDocument(
      absl::StrCat("plan_id: plain\ncurrency: USD\neffective: {start: ", start,
                   "}\neligibility: {roles: [ae, se, mgr]}\ncomponents:\n", components),
      event.mutable_plan_published()->mutable_plan());
  EXPECT_TRUE(compiled.program.has_value()) << payfold::ErrorText(compiled.diagnostics);
  return event;
}

// The same plan, other rates; from some day on.
Event WithOtherRates(Event event, const std::string& start, RandomSource* random) {
  event.set_event_id("other-rates");
  event.mutable_plan_published()->mutable_plan()->mutable_effective()->set_start(start);
  for (v1::Component& component :
       *event.mutable_plan_published()->mutable_plan()->mutable_components()) {
    v1::Payout& payout = *component.mutable_payout();
    if (payout.has_rate()) payout.set_rate(absl::StrCat(random->Int(1, 30), "%"));
    if (!payout.has_bands()) continue;
    for (v1::Band& band : *payout.mutable_bands()->mutable_bands()) {
      band.set_rate(absl::StrCat(random->Int(1, 30), "%"));
    }
  }
  return event;
}

TEST(RandomReplayTest, KeptMeasuresPayWhatTheFactsDo) {
  size_t plain = 0, rows = 0;
  for (uint64_t seed = 1; seed <= 2 * Cases(); ++seed) {
    RandomSource random(seed);
    RandomCompanyOptions options;
    options.plans = 0;
    options.foreign_currencies = random.Chance(50);
    options.features.triggers = random.Chance(30);
    Question question{RandomCompany(seed, options), {}};
    for (Event& event : question.known) {
      if (event.has_ledger_configured() && random.Chance(80)) {
        event.mutable_ledger_configured()->set_payout_period(v1::LedgerConfigured::MONTH);
      }
    }
    question.known.push_back(PlainPlan(&random, "2024-10-01"));
    if (random.Chance(30)) {
      question.known.push_back(WithOtherRates(question.known.back(), "2025-01-15", &random));
      question.known.back().set_event_id("second");
    }
    question.known = Interleave(seed, question.known);
    const Event& published = *std::find_if(question.known.begin(), question.known.end(),
                                           [](const Event& e) { return e.has_plan_published(); });
    const char* const starts[] = {"2024-10-01", "2025-01-01", "2025-02-01", "2025-02-10"};
    question.hypothetical.push_back(WithOtherRates(published, starts[random.Int(0, 3)], &random));
    const Folded known(question.known);
    const absl::StatusOr<Fork> fork = ForkOf(known, question);
    ASSERT_THAT(fork, IsOk()) << "seed " << seed;
    payfold::KeptMeasures kept;
    payfold::CompareOptions with;
    with.kept = &kept;
    const auto from_sums = payfold::ComputeDifferences(*fork, with);
    const auto from_facts = payfold::ComputeDifferences(*fork, {});
    ASSERT_THAT(from_sums, IsOk()) << "seed " << seed;
    ASSERT_THAT(from_facts, IsOk()) << "seed " << seed;
    ASSERT_EQ(RowsOf(*from_sums, *fork), RowsOf(*from_facts, *fork)) << "seed " << seed;
    EXPECT_EQ(from_sums->digest, from_facts->digest);
    const auto change = payfold::RateChange::Find(*fork, &kept, 1);
    ASSERT_THAT(change, IsOk());
    if (!change->has_value()) continue;
    ++plain;
    rows += from_sums->rows.size();
  }
  EXPECT_GT(plain, Cases() / 4);  // Else the test asks nothing.
  EXPECT_GT(rows, Cases());
}

TEST(RandomReplayTest, ABaseNoticesNothing) {
  const payfold::Date horizon = Horizon(RandomCompanyOptions());
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Question question = RandomQuestion(seed);
    const Folded known(question.known);
    const std::string before = EngineLines(*known.view, horizon);
    ASSERT_THAT(ForkOf(known, question), IsOk());
    EXPECT_EQ(EngineLines(*known.view, horizon), before) << "seed " << seed;
  }
}

}  // namespace
}  // namespace payfold_testing
