// Closes of companies that are small enough to work out by hand: draws that are paid up
// front, and a plan that changes its currency, with what becomes known afterwards.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/projections/statements/yen_company.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::testing::ElementsAre;

void Append(absl::string_view what, int64_t amount, std::string* text) {
  if (amount != 0) absl::StrAppend(text, " ", what, " ", amount);
}

std::string CloseText(const v1::PlanSettlement& settled) {
  std::string text;
  Append("earned", settled.earned_minor_units(), &text);
  Append("top-up", settled.top_up_minor_units(), &text);
  Append("draw-paid", settled.draw_paid_minor_units(), &text);
  Append("deferred", settled.deferred_minor_units(), &text);
  Append("joined", settled.joined_minor_units(), &text);
  Append("recovery", settled.recovery_minor_units(), &text);
  Append("draw", settled.draw_balance_after_minor_units(), &text);
  return text;
}

// "JPY 2025-01 earned 300 recovery 300; earned 5000 recovery 1300; pays 3700".
std::vector<std::string> Posted(const payfold::ComputedClose& close) {
  std::vector<std::string> texts;
  for (const v1::Statement& statement : close.statements) {
    std::vector<std::string> parts;
    for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
      parts.push_back(absl::StrCat(" ", prior.origin_period(), CloseText(prior.difference())));
    }
    for (const v1::PlanSettlement& settled : statement.settlements()) {
      parts.push_back(CloseText(settled));
    }
    std::string pays = absl::StrCat(" pays ", statement.payable_minor_units());
    Append("out", statement.carried_out_minor_units(), &pays);
    parts.push_back(pays);
    if (statement.participant_id() == "ana") {
      texts.push_back(absl::StrCat(statement.currency(), absl::StrJoin(parts, ";")));
    }
  }
  return texts;
}

constexpr char kUpFront[] = "draw: {amount: 1000, recoverable: true, recover_from: EARNINGS}";

TEST(ClosesByHand, ADrawPaidUpFrontIsRecoveredOutOfWhatALateDealBrings) {
  Yen company(kUpFront);
  company.Book("d1", 400, "2025-01-10");
  EXPECT_THAT(
      Posted(company.Close("2025-01")),
      ElementsAre("JPY earned 400 draw-paid 1000 joined 1000 recovery 400 draw 600; pays 0"));
  // January earns 700 now, all of which the draw takes: 300 are owed, not 600.
  company.Book("late", 300, "2025-01-20").Book("d2", 5000, "2025-02-10");
  EXPECT_THAT(Posted(company.Close("2025-02")),
              ElementsAre("JPY 2025-01 earned 300 recovery 300;"
                          " earned 5000 draw-paid 1000 joined 1000 recovery 1300; pays 3700"));
  company.Book("d3", 1500, "2025-03-10");
  EXPECT_THAT(Posted(company.Close("2025-03")),
              ElementsAre("JPY earned 1500 draw-paid 1000 joined 1000 recovery 1000; pays 500"));
}

TEST(ClosesByHand, ACancelledDealGivesBackWhatADrawPaidUpFrontRecoveredOfIt) {
  Yen company(kUpFront);
  company.Book("d1", 400, "2025-01-10").Close("2025-01");
  // January earned nothing: the whole draw is owed, and February recovers it.
  company.Cancel("d1", "2025-01-25").Book("d2", 5000, "2025-02-10");
  EXPECT_THAT(Posted(company.Close("2025-02")),
              ElementsAre("JPY 2025-01 earned -400 recovery -400;"
                          " earned 5000 draw-paid 1000 joined 1000 recovery 2000; pays 3000"));
}

TEST(ClosesByHand, NegativeEarningsOfAClosedPeriodJoinTheBalanceOfADrawPaidUpFront) {
  Yen company(kUpFront);
  company.Book("d1", 400, "2025-01-10").Close("2025-01");
  company.Cancel("d1", "2025-02-05");
  const std::string cancelled = company.events().back().event_id();
  EXPECT_THAT(Posted(company.Close("2025-02")),
              ElementsAre("JPY earned -400 draw-paid 1000 deferred 400 joined 1400 draw 2000; "
                          "pays 0"));
  // The cancellation was wrong: February has nothing to defer.
  company.Say(absl::StrCat(R"("fact_voided":{"event_id":")", cancelled, R"(","reason":"wrong"})"));
  company.Book("d3", 5000, "2025-03-10");
  EXPECT_THAT(Posted(company.Close("2025-03")),
              ElementsAre("JPY 2025-02 earned 400 deferred -400 joined -400;"
                          " earned 5000 draw-paid 1000 joined 1000 recovery 2600; pays 2400"));
}

TEST(ClosesByHand, APlanThatChangesItsCurrencySettlesEachCurrencyByItself) {
  Yen company("draw: {amount: 1000, recoverable: true}");
  company.Book("d1", 400, "2025-01-10");
  EXPECT_THAT(Posted(company.Close("2025-01")),
              ElementsAre("JPY earned 400 top-up 600 joined 600 draw 600; pays 1000"));
  company.PublishIn("EUR", "2025-02-01", "100%").Book("d2", 5'000, "2025-02-10", "EUR");
  // What is owed in yen stays owed in yen.
  EXPECT_THAT(Posted(company.Close("2025-02")),
              ElementsAre("EUR earned 5000; pays 5000", "JPY draw 600; pays 0"));
  // A deal of January is paid in January's currency: the draw need not have been topped up.
  company.Book("late", 300, "2025-01-20").Book("d3", 7'000, "2025-03-10", "EUR");
  EXPECT_THAT(Posted(company.Close("2025-03")),
              ElementsAre("EUR earned 7000; pays 7000",
                          "JPY 2025-01 earned 300 top-up -300 joined -300; draw 300; pays 0"));
}

TEST(ClosesByHand, AChangeOfCurrencyOfAClosedPeriodTakesBackTheOneAndPaysTheOther) {
  Yen company;
  company.Say(R"("fx_rate_set":{"base":"JPY","quote":"EUR","effective_from":"2025-01-01",)"
              R"("rate":"0.00625"})");
  company.Book("d1", 1600, "2025-01-10");
  EXPECT_THAT(Posted(company.Close("2025-01")), ElementsAre("JPY earned 1600; pays 1600"));
  company.PublishIn("EUR", "2025-01-01", "100%");
  EXPECT_THAT(Posted(company.Close("2025-02")),
              ElementsAre("EUR 2025-01 earned 1000; pays 1000",
                          "JPY 2025-01 earned -1600; pays 0 out -1600"));
  EXPECT_THAT(Posted(company.Preview("2025-03")), ElementsAre("JPY pays 0 out -1600"));
}

}  // namespace
}  // namespace payfold_testing
