#include "projections/statements/schedule.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

using Due = Instalment::Due;

Date Day(const char* text) { return *Date::Parse(text); }

// A deal booked on 2025-01-01, with payments.
std::shared_ptr<Deal> DealOf(const std::string& id, int64_t amount,
                             std::vector<std::pair<const char*, int64_t>> payments = {}) {
  auto deal = std::make_shared<Deal>();
  deal->booked = true;
  deal->deal_id = id;
  deal->bases.push_back({Base::Kind::kBooked, Day("2025-01-01"), amount, false, 1});
  for (const auto& [date, cash] : payments) deal->collected.push_back({Day(date), cash, 2});
  return deal;
}

ScheduledLine LineOf(int64_t amount, const char* date) {
  ScheduledLine line;
  line.component_id = std::string("c");
  line.amount = amount;
  line.date = Day(date);
  line.measurement_period = *Calendar().Parse("2025-Q1");
  line.paid_through = Calendar().Containing(PeriodKind::kMonth, line.date).last();
  return line;
}

HeldPart PartOf(int64_t amount, const char* due, const std::string& component = "c") {
  HeldPart part;
  part.component_id = component;
  part.due = Day(due);
  part.part = amount;
  return part;
}

HeldPart PartOf(int64_t amount, std::shared_ptr<const Deal> deal) {
  HeldPart part;
  part.component_id = std::string("c");
  part.deal = std::move(deal);
  part.part = amount;
  return part;
}

std::string WaitingText(const HeldPart& part) {
  return part.deal == nullptr ? part.due.ToString() : part.deal->deal_id;
}

// "50 until 2025-03-31, 30 until D-1".
std::string TextOf(const std::vector<HeldPart>& parts) {
  return absl::StrJoin(parts, ", ", [](std::string* out, const HeldPart& part) {
    absl::StrAppend(out, part.outstanding(), " until ", WaitingText(part));
  });
}

std::string TextOf(const std::vector<HeldMovement>& movements) {
  return absl::StrJoin(movements, ", ", [](std::string* out, const HeldMovement& m) {
    const char* kind = m.kind == HeldMovement::Kind::kHeld    ? "held"
                       : m.kind == HeldMovement::Kind::kTaken ? "taken"
                                                              : "released";
    absl::StrAppend(out, kind, " ", m.amount, " ",
                    m.deal_id.empty() ? m.due.ToString() : m.deal_id);
  });
}

TEST(ScheduleTest, InstalmentsAreDueFromTheDateOfTheLine) {
  const struct {
    Due due;
    int n;
    const char* want;
  } kCases[] = {
      {Due::kBooked, 0, "2025-01-31"},     {Due::kPeriodEnd, 0, "2025-03-31"},
      {Due::kYearEnd, 0, "2025-03-31"},  // of the fiscal year from April
      {Due::kAfterDays, 30, "2025-03-02"}, {Due::kAfterMonths, 1, "2025-02-28"},
  };
  const Calendar calendar(4);
  const Period quarter = *calendar.Parse("2025-Q4");
  for (const auto& c : kCases) {
    EXPECT_EQ(DueDate({Rational(1), c.due, c.n}, Day("2025-01-31"), quarter, calendar)->ToString(),
              c.want);
  }
  EXPECT_FALSE(DueDate({Rational(1), Due::kCollected, 0}, Day("2025-01-31"), quarter, calendar));
}

TEST(ScheduleTest, CashReleasesItsPartOfTheDeal) {
  const auto deal =
      DealOf("D", 1000, {{"2025-01-10", 250}, {"2025-02-10", 255}, {"2025-03-01", 900}});
  const struct {
    const char* day;
    int64_t want;
  } kCases[] = {
      {"2025-01-09", 0},
      {"2025-01-10", 25},
      {"2025-02-28", 51},   // 50.5
      {"2025-03-01", 100},  // more was paid than the deal is worth
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(*CollectedPart(100, *deal, Day(c.day), Rounding::kHalfUp), c.want) << c.day;
  }
  EXPECT_EQ(*CollectedPart(100, *deal, Day("2025-02-28"), Rounding::kHalfEven), 50);
}

TEST(ScheduleTest, AnAdjustmentChangesTheDealFromItsDateOnAndACancellationDoesNot) {
  const auto deal = DealOf("D", 1000, {{"2025-01-10", 500}});
  deal->bases.push_back({Base::Kind::kAdjusted, Day("2025-02-15"), 1000, false, 3});
  deal->bases.push_back({Base::Kind::kCancelled, Day("2025-02-20"), -2000, true, 4});
  EXPECT_EQ(*CollectedPart(100, *deal, Day("2025-02-14"), Rounding::kHalfUp), 50);
  EXPECT_EQ(*CollectedPart(100, *deal, Day("2025-02-28"), Rounding::kHalfUp), 25);
}

TEST(ScheduleTest, NothingIsCollectedOfADealThatIsNotBookedAndNothingIsDueOfOneOfZero) {
  EXPECT_EQ(*CollectedPart(100, Deal(), Day("2025-01-10"), Rounding::kHalfUp), 0);
  EXPECT_EQ(*CollectedPart(100, *DealOf("D", 0), Day("2025-01-10"), Rounding::kHalfUp), 100);
}

TEST(ScheduleTest, WhatIsDueInThePayoutPeriodOfTheLineIsNeverHeld) {
  const std::vector<Instalment> schedule = {{Rational::Of(1, 2), Due::kBooked, 0},
                                            {Rational::Of(1, 4), Due::kAfterDays, 10},
                                            {Rational::Of(1, 4), Due::kPeriodEnd, 0}};
  const struct {
    int64_t amount;
    const char* date;
    const char* want;
  } kCases[] = {
      {1000, "2025-01-05", "250 until 2025-03-31"},
      {1000, "2025-01-25", "250 until 2025-02-04, 250 until 2025-03-31"},
      // 505.5, 252.75 and 252.75: the largest remainders get what is left.
      {1011, "2025-01-25", "253 until 2025-02-04, 253 until 2025-03-31"},
      {1000, "2025-03-05", ""},
      {1000, "2025-04-05", ""},  // the measurement period has ended already
      {1, "2025-01-25", ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(TextOf(*HeldPartsOf(LineOf(c.amount, c.date), schedule, Calendar())), c.want)
        << c.amount << " on " << c.date;
  }
}

TEST(ScheduleTest, CollectedMoneyIsAllocatedOverTheDealsByAttribution) {
  const std::vector<Instalment> schedule = {{Rational::Of(3, 5), Due::kBooked, 0},
                                            {Rational::Of(2, 5), Due::kCollected, 0}};
  ScheduledLine line = LineOf(1000, "2025-01-31");
  line.deals = {{DealOf("A", 100, {{"2025-01-20", 25}}), 900},
                {DealOf("B", 100), 300},
                {DealOf("C", 100), -200}};
  // 400 as 300 and 100; a quarter of A's is collected in January already.
  EXPECT_EQ(TextOf(*HeldPartsOf(line, schedule, Calendar())), "225 until A, 100 until B");
  line.deals.clear();
  EXPECT_EQ(TextOf(*HeldPartsOf(line, schedule, Calendar())), "");
}

TEST(ScheduleTest, NegativeLinesTakeFromWhatIsDueFirst) {
  HeldMoney held;
  held.Hold(PartOf(40, DealOf("D", 100)), nullptr);
  held.Hold(PartOf(30, "2025-06-30"), nullptr);
  held.Hold(PartOf(20, "2025-03-31"), nullptr);
  held.Hold(PartOf(10, "2025-02-28", "other"), nullptr);
  std::vector<HeldMovement> movements;
  EXPECT_EQ(held.Take("c", 60, &movements), 60);
  EXPECT_EQ(TextOf(movements), "taken 20 2025-03-31, taken 30 2025-06-30, taken 10 D");
  EXPECT_EQ(held.Take("c", 60, nullptr), 30);
  EXPECT_EQ(*held.Outstanding(), 10);
}

TEST(ScheduleTest, ReleasesGoOnWithWhatWasNotTaken) {
  HeldMoney held;
  const auto deal = DealOf("D", 100, {{"2025-02-01", 25}, {"2025-03-01", 25}, {"2025-04-01", 50}});
  held.Hold(PartOf(40, deal), nullptr);
  std::vector<HeldMovement> movements;
  ASSERT_TRUE(held.ReleaseThrough(Day("2025-02-28"), &movements).ok());
  EXPECT_EQ(held.Take("c", 15, &movements), 15);  // of 30
  ASSERT_TRUE(held.ReleaseThrough(Day("2025-03-31"), &movements).ok());
  ASSERT_TRUE(held.ReleaseThrough(Day("2025-04-30"), &movements).ok());
  // Half of the 25 that remain are 12.5.
  EXPECT_EQ(TextOf(movements), "released 10 D, taken 15 D, released 3 D, released 12 D");
  EXPECT_TRUE(held.empty());
}

TEST(ScheduleTest, WhatIsReleasedStaysSoWhenTheDealGrows) {
  HeldMoney held;
  const auto deal = DealOf("D", 100, {{"2025-02-01", 50}});
  deal->bases.push_back({Base::Kind::kAdjusted, Day("2025-03-01"), 300, false, 3});
  held.Hold(PartOf(40, deal), nullptr);
  std::vector<HeldMovement> movements;
  ASSERT_TRUE(held.ReleaseThrough(Day("2025-02-28"), &movements).ok());
  ASSERT_TRUE(held.ReleaseThrough(Day("2025-03-31"), &movements).ok());
  EXPECT_EQ(TextOf(movements), "released 20 D");
  EXPECT_EQ(*held.Outstanding(), 20);
}

}  // namespace
}  // namespace payfold
