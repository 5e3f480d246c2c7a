// What one event changes of what others paid, by hand: each case is a replay that must
// find all of it, also far from the event.

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/facts/run_parallel.h"
#include "projections/replay/kept_measures.h"
#include "tests/projections/replay/two_ledgers.h"
#include "tests/support/naive_script.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::Fork;

// The rows of a replay of the last `asked` events of a script, which must be those of
// two ledgers.
std::string RowsOfLast(const Script& script, int asked, payfold::KeptMeasures* kept = nullptr) {
  Question question{script.events(), {}};
  question.hypothetical.assign(question.known.end() - asked, question.known.end());
  question.known.resize(question.known.size() - static_cast<size_t>(asked));
  const Folded known(question.known);
  const Folded whole(question.All());
  const absl::StatusOr<Fork> fork = ForkOf(known, question);
  if (!fork.ok()) return std::string(fork.status().message());
  payfold::CompareOptions options;
  options.kept = kept;
  const absl::StatusOr<payfold::Differences> differences =
      payfold::ComputeDifferences(*fork, options);
  if (!differences.ok()) return std::string(differences.status().message());
  std::string rows = RowsOf(*differences, *fork);
  EXPECT_EQ(rows, ExpectedRows(*known.view, *whole.view));
  return rows;
}

constexpr char kBands[] =
    "period: QUARTER measure {deals {}} "
    "payout {bands {bands {upto: '150' rate: '10%'} bands {rate: '20%'}}} ";

// In the quarter 20% above 150: what February's cancellation takes back depends on
// March's deal.
TEST(ReplayedRulesTest, WhatWasRestatedBeforeALaterDealIsFound) {
  Script s;
  s.Pays(std::string(kBands) + "clawback {mode: RESTATE}");
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Cancel("d1", "2025-02-10");
  s.Book("d2", "a", 20000, "2025-03-10");
  EXPECT_THAT(RowsOfLast(s, 1), testing::HasSubstr("a 2025-02 p/c USD "));
}

// What others are held against reaches back: a's February depends on b's January.
TEST(ReplayedRulesTest, WhatOthersAreHeldAgainstIsFound) {
  Script s;
  s.Pays(
      "measure {deals {}} clawback {mode: RESTATE} payout {fixed: '9'} "
      "gates {target {population {stat: MAX}} at_least: '1'}");
  s.Person("a").Person("b").Book("a1", "a", 10000, "2025-01-10");
  s.Book("b1", "b", 20000, "2025-01-10").Book("a2", "a", 10000, "2025-02-10");
  s.Cancel("b1", "2025-03-10", 15000);
  EXPECT_EQ(RowsOfLast(s, 1), "a 2025-03 p/c USD 0 -> 900");
}

constexpr char kPlan[] =
    "plan_published {plan {plan_id: 'p' currency: 'USD' effective {start: '2025-01-01'} "
    "eligibility {roles: 'ae'} components {component_id: 'c' period: MONTH measure {deals {}} "
    "payout {rate: '5%'}}}}";

// Somebody is assigned to the plan, but no version of it is known yet.
TEST(ReplayedRulesTest, APlanThatIsOnlyAssignedYetIsPublishedByAReplay) {
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Incentive("a", 100'000);
  s.Say(kPlan);
  payfold::KeptMeasures kept;
  EXPECT_EQ(RowsOfLast(s, 1, &kept), "a 2025-01 p/c USD 0 -> 500");
}

TEST(ReplayedRulesTest, APlanThatIsOnlyAssignedByAReplayPaysNothing) {
  Script s;
  s.Person("a").Book("d1", "a", 10000, "2025-01-10").Incentive("a", 100'000);
  payfold::KeptMeasures kept;
  EXPECT_EQ(RowsOfLast(s, 1, &kept), "");
}

// One reads what all keep, a turn after the other, while the others want it.
TEST(ReplayedRulesTest, ReplaysThatShareKeptMeasuresTakeTurns) {
  Script s;
  s.Say(kPlan);
  for (int i = 0; i < 300; ++i) {
    const std::string id = absl::StrCat("p", i);
    s.Person(id);
    for (int deal = 0; deal < 10; ++deal) {
      s.Book(absl::StrCat(id, "-", deal), id, 10000, "2025-01-10");
    }
  }
  Question question{s.events(), {}};
  Script other;
  other.Say(absl::StrReplaceAll(kPlan, {{"5%", "6%"}}));
  question.hypothetical = {other.events().back()};
  question.hypothetical.front().set_event_id("what-if");
  const Folded known(question.known);
  payfold::LimitBackground(1);
  payfold::KeptMeasures kept;
  std::vector<std::string> rows(3);
  std::vector<std::thread> replays;
  for (std::string& found : rows) {
    replays.emplace_back([&] {
      const payfold::Background background;
      const absl::StatusOr<Fork> fork = ForkOf(known, question);
      ASSERT_THAT(fork, IsOk());
      payfold::CompareOptions options;
      options.kept = &kept;
      options.workers = 2;
      const absl::StatusOr<payfold::Differences> differences =
          payfold::ComputeDifferences(*fork, options);
      ASSERT_THAT(differences, IsOk());
      found = RowsOf(*differences, *fork);
    });
  }
  for (std::thread& replay : replays) replay.join();
  payfold::LimitBackground(std::numeric_limits<int>::max());
  EXPECT_THAT(rows[0], testing::HasSubstr("p7 2025-01 p/c USD 5000 -> 6000"));
  EXPECT_THAT(rows, testing::Each(rows[0]));
}

}  // namespace
}  // namespace payfold_testing
