// Which close took opening balances up, and what it left.

#include "projections/statements/openings.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/projections/statements/yen_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "ana DRAW 1x 300 in 2025-01 of p left 100", "… in 2025-01 (open) …".
std::vector<std::string> Openings(Yen* company) {
  std::vector<std::string> texts;
  const auto openings = payfold::ListOpenings(company->View());
  EXPECT_THAT(openings, IsOk());
  for (const v1::OpeningStanding& standing : *openings) {
    texts.push_back(
        absl::StrCat(standing.participant_id(), " ", v1::OpeningBalance::Kind_Name(standing.kind()),
                     " ", standing.count(), "x ", standing.amount().minor_units(), " in ",
                     absl::StrJoin(standing.periods(), ","), standing.posted() ? "" : " (open)",
                     standing.plan_id().empty() ? "" : " of ", standing.plan_id(), " left ",
                     standing.left_minor_units()));
  }
  return texts;
}

TEST(OpeningsTest, ADrawIsRecoveredByOneCloseAfterTheOther) {
  Yen company("draw: {amount: 100, recoverable: true, recovery_rate: 50%}");
  company.Open("DRAW", 300, "2025-01-01").Book("d1", 500, "2025-01-10");
  EXPECT_THAT(Openings(&company), ElementsAre("ana DRAW 1x 300 in 2025-01 (open) of p left 300"));
  company.Close("2025-01");
  // Half of the 400 above the draw.
  EXPECT_THAT(Openings(&company), ElementsAre("ana DRAW 1x 300 in 2025-01 of p left 100"));
  company.Book("d2", 500, "2025-02-10").Close("2025-02");
  EXPECT_THAT(Openings(&company), ElementsAre("ana DRAW 1x 300 in 2025-01 of p left 0"));
}

TEST(OpeningsTest, ADrawThatNoPlanHasStandsByItself) {
  Yen company;
  company.Open("DRAW", 300, "2025-01-01").Book("d1", 500, "2025-01-10").Close("2025-01");
  EXPECT_THAT(Openings(&company), ElementsAre("ana DRAW 1x 300 in 2025-01 left 300"));
}

TEST(OpeningsTest, WhatIsPayableIsCarriedIntoThePeriodAfterItsDay) {
  Yen company;
  company.Open("PAYABLE", 50, "2024-12-31").Open("PAYABLE", -20, "2025-01-31");
  EXPECT_THAT(Openings(&company),
              ElementsAre("ana PAYABLE 2x 30 in 2025-01,2025-02 (open) left 30"));
  company.Book("d1", 500, "2025-01-10").Close("2025-01");
  EXPECT_THAT(Openings(&company),
              ElementsAre("ana PAYABLE 2x 30 in 2025-01,2025-02 (open) left -20"));
  company.Close("2025-02");
  EXPECT_THAT(Openings(&company), ElementsAre("ana PAYABLE 2x 30 in 2025-01,2025-02 left 0"));
}

TEST(OpeningsTest, TheFirstCloseTakesUpWhatIsFromBeforeIt) {
  Yen company;
  company.Open("PAYABLE", 50, "2024-10-31").Open("DRAW", 7, "2024-12-31");
  company.Book("d1", 500, "2025-01-10").Close("2025-01");
  EXPECT_THAT(Openings(&company), ElementsAre("ana PAYABLE 1x 50 in 2025-01 left 0",
                                              "ana DRAW 1x 7 in 2025-01 left 7"));
}

TEST(OpeningsTest, HeldMoneyIsReleasedByTheCashOfItsDeal) {
  Yen company;
  company.Book("old", 1000, "2025-01-10").Open("HELD", 100, "2025-01-01", "old");
  company.Collect("old", 250, "2025-01-20").Close("2025-01");
  EXPECT_THAT(Openings(&company), ElementsAre("ana HELD 1x 100 in 2025-01 left 75"));
  // Known after the close: released in the next one, of January.
  company.Collect("old", 250, "2025-01-25").Close("2025-02");
  EXPECT_THAT(Openings(&company), ElementsAre("ana HELD 1x 100 in 2025-01 left 50"));
}

TEST(OpeningsTest, VoidedOnesAreLeftOut) {
  Yen company;
  company.Open("PAYABLE", 50, "2024-12-31");
  company.Say(absl::StrCat(R"("fact_voided":{"event_id":")", company.events().back().event_id(),
                           R"(","reason":"wrong"})"));
  EXPECT_THAT(Openings(&company), IsEmpty());
}

}  // namespace
}  // namespace payfold_testing
