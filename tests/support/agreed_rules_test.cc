// Rules that engine and judge once read differently, each in the smallest company
// that tells: the figures are worked out by hand, and both must come to them.

#include <string>

#include "gtest/gtest.h"
#include "tests/support/naive_script.h"

namespace payfold_testing {
namespace {

// a is there all January, b from the 17th on: 15 of 31 days.
Script PoolOfTwo(const std::string& pool, const std::string& more) {
  Script s;
  s.Person("a").Person("b", "2025-01-17").Incentive("a", 120000).Incentive("b", 120000);
  s.Book("a1", "a", 200, "2025-01-20").Book("b1", "b", 97, "2025-01-20");
  s.Pays("measure {deals {}} payout {pool {" + pool + "}} " + more);
  return s;
}

TEST(PoolTest, AMembersGatesAreHeldAgainstTheirOwnProratedTarget) {
  // 2.00 of a, 0.97 of b: both reach theirs, whoever asks.
  const Script s = PoolOfTwo("amount: '0.10'",
                             "prorate: TARGET gates {target {fixed {value: '2'}} at_least: '1'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

TEST(PoolTest, AMembersGatesAreHeldAgainstTheirOwnGoal) {
  Script s;
  s.Person("a").Person("b").Book("a1", "a", 200, "2025-01-20").Book("b1", "b", 100, "2025-01-20");
  for (const std::string who : {"a", "b"}) {
    s.Say("goal_chosen {plan_id: 'p' component_id: 'c' period: '2025-01' participant_id: '" + who +
          "' goal_id: 'goal_of_" + who + "'}");
  }
  s.Pays(
      "measure {deals {}} payout {pool {amount: '0.10'}} goals {goal_id: 'goal_of_a' target {fixed "
      "{value: '2'}}} goals {goal_id: 'goal_of_b' target {fixed {value: '1'}}} "
      "gates {target {goal {}} at_least: '100%'}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

TEST(PoolTest, TargetIncentivesWeighAsTheyAreProrated) {
  // 100.00 a month; of b round(100.00 × 15 / 31) = 48.39.
  const std::string pool = "amount: '148.39' share: BY_TARGET_INCENTIVE";
  const Script prorated = PoolOfTwo(pool, "prorate: AMOUNTS");
  EXPECT_EQ(prorated.Paid("a", "2025-01-31"), "pool/2025-01 10000");
  EXPECT_EQ(prorated.Paid("b", "2025-01-31"), "pool/2025-01 4839");
  const Script whole = PoolOfTwo(pool, "");
  EXPECT_EQ(whole.Paid("a", "2025-01-31"), "pool/2025-01 7420");
  EXPECT_EQ(whole.Paid("b", "2025-01-31"), "pool/2025-01 7419");
}

TEST(PoolTest, WhatScalesItIsOneTargetForAllAndNotProrated) {
  // 2.97 of 5.94 were sold: half the pool, shared equally.
  const Script s = PoolOfTwo("amount: '0.20' scale: ATTAINMENT",
                             "prorate: TARGET target {fixed {value: '5.94'}}");
  EXPECT_EQ(s.Paid("a", "2025-01-31"), "pool/2025-01 5");
  EXPECT_EQ(s.Paid("b", "2025-01-31"), "pool/2025-01 5");
}

TEST(PoolTest, ThePreviousPeriodThatScalesItIsThatOfTheWholeGroup) {
  // 2.97 in January; 1.00 and 0.485 in February are half of it.
  Script s = PoolOfTwo("amount: '0.20' scale: ATTAINMENT", "target {previous {}}");
  s.Book("a2", "a", 100, "2025-02-03").Adjust("b1", 145, "2025-02-03");
  EXPECT_EQ(s.Paid("a", "2025-02-28"), "pool/2025-02 5");
  EXPECT_EQ(s.Paid("b", "2025-02-28"), "pool/2025-02 5");
}

}  // namespace
}  // namespace payfold_testing
