#include "projections/facts/last_days.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/admission/stream_name.h"
#include "projections/facts/fold.h"
#include "projections/facts/resolve_deal.h"
#include "tests/projections/facts/deal_scripts.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"

namespace payfold {
namespace {

using ::payfold_testing::Amended;
using ::payfold_testing::Amount;
using ::payfold_testing::Booked;
using ::payfold_testing::Collected;
using ::payfold_testing::Facts;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::RandomSource;

std::string Text(const std::vector<DayStep>& steps) {
  std::string text;
  for (const DayStep& step : steps) {
    absl::StrAppend(&text, "@", step.position, " ",
                    step.day == Date::Min() ? "-" : step.day.ToString(), "; ");
  }
  return text;
}

DealFacts WithVoid(DealFacts deal, uint64_t target, uint64_t position) {
  deal.facts.push_back(VoidOf(target, position));
  return deal;
}

TEST(LastDaysTest, ADealGoesAsFarAsItsLatestFact) {
  const DealFacts deal =
      Facts({Booked("100", "2025-03-10"), Collected("5", "2025-02-01"),
             Collected("5", "2025-04-01"), Amended("RESTATE", "2025-03-12", Amount("90")),
             Amended("RESTATE", "2025-03-11", R"("booked_on":"2025-05-01")"),
             Amended("RESTATE", "2025-03-13", R"("booked_on":"2025-01-01")")});
  EXPECT_EQ(Text(LastDaysOf(deal)), "@1 2025-03-10; @3 2025-04-01; @5 2025-05-01; @6 2025-04-01; ");
  EXPECT_EQ(Text(LastDaysOf(WithVoid(deal, 3, 7))),
            "@1 2025-03-10; @3 2025-04-01; @5 2025-05-01; @6 2025-04-01; @7 2025-03-13; ");
  EXPECT_EQ(Text(LastDaysOf({})), "");
}

TEST(LastDaysTest, AFactVoidedBeforeItArrivedNeverShows) {
  const DealFacts deal = Facts({Booked("100", "2025-03-10"), Collected("5", "2025-04-01")});
  DealFacts voided = deal;
  voided.facts[1].position = 9;
  EXPECT_EQ(Text(LastDaysOf(WithVoid(voided, 9, 4))), "@1 2025-03-10; ");
  EXPECT_EQ(Text(LastDaysOf(WithVoid(deal, 1, 5))), "@1 2025-03-10; @2 2025-04-01; ");
  EXPECT_EQ(Text(LastDaysOf(WithVoid(Facts({Booked("100", "2025-03-10")}), 1, 5))),
            "@1 2025-03-10; @5 -; ");
}

// From the deal as it is settled.
Date LastDayOfSettled(const DealFacts& deal) {
  std::set<uint64_t> voided;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kVoid) voided.insert(fact.target);
  }
  const Deal settled = ResolveDeal(deal, SplitPolicies());
  Date last = settled.booked ? settled.booked_on : Date::Min();
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kVoid || fact.kind == DealFact::Kind::kSplit ||
        fact.kind == DealFact::Kind::kPipeline || fact.kind == DealFact::Kind::kBooked ||
        voided.count(fact.position) != 0) {
      continue;
    }
    last = std::max(last, fact.date);
  }
  return last;
}

TEST(LastDaysTest, AgreesWithTheSettledDealAfterEveryFact) {
  RandomSource random(7);
  const Numbering nobody = [](absl::string_view) { return kNobody; };
  int steps = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    std::map<std::string, DealFacts> deals;
    for (const v1::Event& event : RandomCompany(seed, {})) {
      if (!IsDealKind(KindOf(event))) continue;
      DealFacts& deal = deals[event.stream()];
      deal.facts.push_back(*DealFactOf(event, nobody));
      if (random.Chance(20)) {
        const auto at = static_cast<size_t>(random.Int(0, static_cast<int>(deal.facts.size()) - 1));
        const uint64_t target = deal.facts[at].position;
        deal.facts.push_back(VoidOf(target, event.position()));
      }
      const std::vector<DayStep> days = LastDaysOf(deal);
      ASSERT_EQ(days.empty() ? Date::Min() : days.back().day, LastDayOfSettled(deal)) << seed;
      steps += static_cast<int>(days.size());
    }
  }
  EXPECT_GT(steps, 2000);
}

TEST(LatestDaysTest, AreThoseOfAllAtEveryPosition) {
  RandomSource random(3);
  for (int round = 0; round < 200; ++round) {
    constexpr int kPositions = 40;
    std::vector<std::multiset<Date>> naive(kPositions + 2);
    LatestDays parts[3];
    for (int i = random.Int(0, 30); i > 0; --i) {
      const auto from = static_cast<uint64_t>(random.Int(1, kPositions));
      const bool stays = random.Chance(50);
      const auto until =
          stays ? kPositions + 2 : static_cast<uint64_t>(random.Int(1, kPositions + 1));
      const Date day = Date::Of(2025, 1, 1) + static_cast<int32_t>(random.Int(0, 9));
      LatestDays& part = parts[random.Int(0, 2)];
      if (stays) {
        part.Add(from, day);
      } else {
        part.Add(from, until, day);
      }
      for (uint64_t p = from; p < until; ++p) naive[p].insert(day);
    }
    LatestDays all;
    for (const LatestDays& part : parts) all.AddAll(part);
    std::vector<DayStep> want;
    for (uint64_t p = 1; p <= kPositions + 1; ++p) {
      const Date day = naive[p].empty() ? Date::Min() : *naive[p].rbegin();
      if (day != (want.empty() ? Date::Min() : want.back().day)) want.push_back({p, day});
    }
    ASSERT_EQ(Text(all.Steps()), Text(want)) << "round " << round;
  }
}

TEST(KnownFactsTest, AreTheFirstOfTheDeal) {
  DealFacts deal = Facts({Booked("100", "2025-03-10"), Collected("5", "2025-04-01")});
  deal.facts[1].position = 9;
  deal.facts.push_back(VoidOf(9, 4));  // It waited for its fact.
  deal.facts.push_back(VoidOf(1, 12));
  std::string encoded;
  AppendDealId("D", &encoded);
  std::vector<std::string> whole = {""};
  for (const DealFact& fact : deal.facts) {
    AppendDealFact(fact, &encoded);
    whole.push_back(encoded);
  }
  EXPECT_EQ(*KnownFacts(encoded, 0), whole[0]);
  EXPECT_EQ(*KnownFacts(encoded, 1), whole[1]);
  EXPECT_EQ(*KnownFacts(encoded, 8), whole[1]);
  EXPECT_EQ(*KnownFacts(encoded, 9), whole[3]);
  EXPECT_EQ(*KnownFacts(encoded, 11), whole[3]);
  EXPECT_EQ(*KnownFacts(encoded, 12), whole[4]);
  EXPECT_EQ(*KnownFacts("", 12), "");
  EXPECT_TRUE(absl::IsDataLoss(KnownFacts(encoded.substr(0, encoded.size() - 1), 12).status()));
}

}  // namespace
}  // namespace payfold
