#include "projections/facts/deal_bases.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "projections/facts/credits.h"
#include "tests/projections/facts/deal_scripts.h"

namespace payfold {
namespace {

using ::payfold_testing::Amended;
using ::payfold_testing::Amount;
using ::payfold_testing::BasesText;
using ::payfold_testing::Booked;
using ::payfold_testing::Cancellation;
using ::payfold_testing::Collected;
using ::payfold_testing::Facts;
using ::payfold_testing::Invoiced;
using Mode = Clawback::Mode;
using Lines = std::vector<std::string>;

Deal Resolved(const Lines& payloads) { return ResolveDeal(Facts(payloads), SplitPolicies()); }

std::string Adjusted(const std::string& date, const std::string& to) {
  return Amended("ADJUST", date, Amount(to));
}

std::string Cancellation(const std::string& date, int amount) {
  return payfold_testing::Cancellation(date, absl::StrCat(",", Amount(absl::StrCat(amount))));
}

// A day after every cancellation of these deals.
const CancellationKey kAll = {Date::Max(), "D", 0};

std::string Text(const DealBases& under) {
  return absl::StrCat(BasesText(under.bases), under.cancelled_in_full ? "; gone" : "");
}

TEST(DealBasesTest, NetTakesOffAtTheDateOfTheCancellation) {
  const struct {
    const char* rule;
    Trigger trigger;
    Lines facts;
    const char* want;
  } kCases[] = {
      {"BOOKED: the deal's own",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "130"), Cancellation("2025-03-01", 50)},
       "booked 2025-01-10 100, adjusted 2025-02-01 30, cancelled 2025-03-01 -50"},
      {"in full",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Cancellation("2025-03-01")},
       "booked 2025-01-10 100, cancelled 2025-03-01 -100 in full"},
      {"INVOICED: no amendments, no booking",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "130"), Invoiced("40", "2025-02-01"),
        Invoiced("60", "2025-04-01"), Collected("40", "2025-02-20")},
       "invoiced 2025-02-01 40, invoiced 2025-04-01 60"},
      {"COLLECTED likewise",
       Trigger::kCollected,
       {Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"), Collected("40", "2025-02-20")},
       "collected 2025-02-20 40"},
      {"at most what was invoiced by then",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"), Cancellation("2025-03-01", 60),
        Invoiced("60", "2025-04-01")},
       "invoiced 2025-02-01 40, cancelled 2025-03-01 -40 in full, invoiced 2025-04-01 60"},
      {"and not taken back yet",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"), Cancellation("2025-03-01", 30),
        Cancellation("2025-03-02", 30)},
       "invoiced 2025-02-01 40, cancelled 2025-03-01 -30, cancelled 2025-03-02 -10 in full"},
      {"a cancellation of the deal in full takes all that was invoiced",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Invoiced("120", "2025-02-01"), Cancellation("2025-03-01")},
       "invoiced 2025-02-01 120, cancelled 2025-03-01 -120 in full"},
      {"before any invoice there is nothing to take",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Cancellation("2025-01-20", 10), Invoiced("40", "2025-02-01")},
       "invoiced 2025-02-01 40"},
      {"on one date by position",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"), Cancellation("2025-02-01", 100),
        Invoiced("60", "2025-02-01")},
       "invoiced 2025-02-01 40, cancelled 2025-02-01 -40 in full, invoiced 2025-02-01 60"},
      {"nothing was booked", Trigger::kInvoiced, {Invoiced("40", "2025-02-01")}, ""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(BasesUnder(Resolved(c.facts), c.trigger, Mode::kNet, std::nullopt)), c.want)
        << c.rule;
  }
}

TEST(DealBasesTest, NoneAndReverseLeaveTheMeasuresAlone) {
  const Deal deal = Resolved({Booked("100", "2025-01-10"), Cancellation("2025-01-20", 30),
                              Adjusted("2025-02-01", "130"), Collected("50", "2025-02-10"),
                              Cancellation("2025-03-01")});
  for (Mode mode : {Mode::kNone, Mode::kReverse}) {
    EXPECT_EQ(Text(BasesUnder(deal, Trigger::kBooked, mode, kAll)),
              "booked 2025-01-10 100, adjusted 2025-02-01 30");
    EXPECT_EQ(Text(BasesUnder(deal, Trigger::kCollected, mode, kAll)), "collected 2025-02-10 50");
  }
}

TEST(DealBasesTest, RestateShrinksTheBasesFromTheFirstOn) {
  const struct {
    const char* rule;
    Trigger trigger;
    Lines facts;
    const char* want;
  } kCases[] = {
      {"in their original places",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "130"), Cancellation("2025-03-01", 50)},
       "booked 2025-01-10 50, adjusted 2025-02-01 30"},
      {"then the next",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "130"), Cancellation("2025-03-01", 50),
        Cancellation("2025-03-02", 60)},
       "booked 2025-01-10 0, adjusted 2025-02-01 20"},
      {"but none after the cancellation",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Cancellation("2025-01-20", 100),
        Adjusted("2025-02-01", "130")},
       "booked 2025-01-10 0, adjusted 2025-02-01 30; gone"},
      {"a base that is negative does not shrink",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "40"), Cancellation("2025-03-01", 30)},
       "booked 2025-01-10 70, adjusted 2025-02-01 -60"},
      {"in full leaves nothing anywhere",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Adjusted("2025-02-01", "40"), Cancellation("2025-03-01", 40)},
       "booked 2025-01-10 0, adjusted 2025-02-01 0; gone"},
      {"not even what has fallen below nothing",
       Trigger::kBooked,
       {Booked("100", "2025-01-10"), Cancellation("2025-01-20"), Adjusted("2025-02-01", "40"),
        Cancellation("2025-03-01")},
       "booked 2025-01-10 0, adjusted 2025-02-01 0; gone"},
      {"INVOICED: what was invoiced by then",
       Trigger::kInvoiced,
       {Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"), Invoiced("20", "2025-02-15"),
        Cancellation("2025-03-01", 50), Invoiced("40", "2025-04-01")},
       "invoiced 2025-02-01 0, invoiced 2025-02-15 10, invoiced 2025-04-01 40"},
      {"COLLECTED: in full",
       Trigger::kCollected,
       {Booked("100", "2025-01-10"), Collected("40", "2025-02-01"), Cancellation("2025-03-01"),
        Collected("60", "2025-04-01")},
       "collected 2025-02-01 0, collected 2025-04-01 60; gone"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(BasesUnder(Resolved(c.facts), c.trigger, Mode::kRestate, kAll)), c.want)
        << c.rule;
  }
}

TEST(DealBasesTest, RestateAppliesTheCancellationsUpToOneOfTheLedger) {
  const Deal deal = Resolved({Booked("100", "2025-01-10"), Cancellation("2025-03-01", 10),
                              Cancellation("2025-02-01", 20), Cancellation("2025-03-01")});
  const Date march = Date::Of(2025, 3, 1);
  const struct {
    const char* upto;
    std::optional<CancellationKey> key;
    const char* want;
  } kCases[] = {
      {"none", std::nullopt, "booked 2025-01-10 100"},
      {"another deal's before them", {{Date::Of(2025, 1, 31), "Z", 9}}, "booked 2025-01-10 100"},
      {"the first by date", {{Date::Of(2025, 2, 1), "D", 3}}, "booked 2025-01-10 80"},
      {"another deal's, earlier by id on that date", {{march, "C", 9}}, "booked 2025-01-10 80"},
      {"the second", {{march, "D", 2}}, "booked 2025-01-10 70"},
      {"the third, later in the stream", {{march, "D", 4}}, "booked 2025-01-10 0; gone"},
      {"another deal's, later by id", {{march, "E", 1}}, "booked 2025-01-10 0; gone"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Text(BasesUnder(deal, Trigger::kBooked, Mode::kRestate, c.key)), c.want) << c.upto;
  }
}

std::string PartsText(const Deal& deal) {
  return absl::StrJoin(CancelledParts(deal), ", ", [](std::string* out, const Cancelled& part) {
    absl::StrAppend(out, part.key.date.ToString(), " ", part.amount, "/", part.deal_amount, " @",
                    part.position);
  });
}

TEST(DealBasesTest, PartsAreOfTheDealsAmountOnThatDate) {
  const Deal deal = Resolved({Booked("100", "2025-01-10"), Cancellation("2025-03-01"),
                              Cancellation("2025-01-01", 30), Adjusted("2025-02-01", "150")});
  EXPECT_EQ(PartsText(deal), "2025-01-10 30/100 @3, 2025-03-01 120/150 @2");
  EXPECT_EQ(CancellationsOf(deal), (std::vector<CancellationKey>{{Date::Of(2025, 1, 10), "D", 3},
                                                                 {Date::Of(2025, 3, 1), "D", 2}}));
  EXPECT_TRUE(CancelledParts(Resolved({Cancellation("2025-03-01")})).empty());
  EXPECT_TRUE(CancellationsOf(Resolved({Cancellation("2025-03-01")})).empty());
}

// "ana 34|33, ben 33|33": the parts of each share for each base.
std::string CreditsText(const Deal& deal, Trigger trigger, Mode mode,
                        const Conversion& conversion = nullptr) {
  const DealBases under = BasesUnder(deal, trigger, mode, kAll);
  const auto bases =
      CreditBases(deal, under.bases, trigger, conversion, Rounding::kHalfUp, nullptr);
  if (!bases.ok()) return bases.status().ToString();
  const char* const names[] = {"ana", "ben", "cy"};
  std::vector<std::string> texts;
  for (size_t s = 0; s < deal.shares.size(); ++s) {
    texts.push_back(
        absl::StrCat(names[deal.shares[s].participant], " ",
                     absl::StrJoin(*bases, "|", [s](std::string* out, const BaseCredits& base) {
                       absl::StrAppend(out, base.credits[s]);
                     })));
  }
  return absl::StrJoin(texts, ", ");
}

constexpr char kThirds[] =
    R"("credit_split":{"deal_id":"D","shares":[{"participant_id":"ana","share":"0.333333333"},
    {"participant_id":"ben","share":"0.333333333"},{"participant_id":"cy","share":"0.333333334"}]})";
constexpr char kOverlay[] =
    R"("credit_split":{"deal_id":"D","shares":[{"participant_id":"ana","share":"1"},
    {"participant_id":"cy","share":"0.25","overlay":true}]})";

TEST(CreditBasesTest, EachInvoiceIsAllocatedOnItsOwn) {
  // A third of 200 is 67, 67 and 66; of each 100 it is 33, 33 and 34.
  const Deal deal = Resolved({Booked("200", "2025-01-10"), kThirds, Invoiced("100", "2025-02-01"),
                              Invoiced("100", "2025-03-01")});
  EXPECT_EQ(CreditsText(deal, Trigger::kInvoiced, Mode::kNet), "ana 33|33, ben 33|33, cy 34|34");
}

TEST(CreditBasesTest, ACancellationIsTheDifferenceOfWhatIsNotTakenBack) {
  // 200 → 150: 66|67|67 to 50|50|50.
  const Lines facts = {Booked("200", "2025-01-10"), kThirds, Invoiced("100", "2025-02-01"),
                       Invoiced("100", "2025-03-01"), Cancellation("2025-04-01", 50)};
  EXPECT_EQ(CreditsText(Resolved(facts), Trigger::kInvoiced, Mode::kNet),
            "ana 33|33|-17, ben 33|33|-16, cy 34|34|-17");
  EXPECT_EQ(CreditsText(Resolved(facts), Trigger::kInvoiced, Mode::kRestate),
            "ana 17|33, ben 16|33, cy 17|34");
}

TEST(CreditBasesTest, AnOverlayIsRoundedForEachPayment) {
  EXPECT_EQ(
      CreditsText(Resolved({Booked("100", "2025-01-10"), kOverlay, Collected("10", "2025-02-01"),
                            Collected("10", "2025-03-01"), Cancellation("2025-04-01", 6)}),
                  Trigger::kCollected, Mode::kNet),
      "ana 10|10|-6, cy 3|3|-1");
}

TEST(CreditBasesTest, InFullTakesAllThatIsLeftInPlanCurrency) {
  const Conversion halves_each_month = [](Date d) -> absl::StatusOr<Rational> {
    return Rational::Of(8, int64_t{1} << d.month());
  };
  const Lines facts = {Booked("100", "2025-01-10"), Invoiced("40", "2025-01-20"),
                       Invoiced("60", "2025-02-20"), Cancellation("2025-03-01")};
  EXPECT_EQ(CreditsText(Resolved(facts), Trigger::kInvoiced, Mode::kNet, halves_each_month),
            "ana 160|120|-280");
  EXPECT_EQ(CreditsText(Resolved(facts), Trigger::kBooked, Mode::kNet, halves_each_month),
            "ana 400|-400");
  EXPECT_EQ(CreditsText(Resolved(facts), Trigger::kBooked, Mode::kRestate, halves_each_month),
            "ana 0");
}

// "0 2025-02-01 33 invoiced plain": each cell with its participant.
std::string CellsText(const Deal& deal) {
  const char* const kinds[] = {"booked", "adjusted", "cancelled", "invoiced", "collected"};
  return absl::StrJoin(CreditsOf(7, deal), ", ", [&](std::string* out, const auto& cell) {
    const Credit& credit = cell.second;
    absl::StrAppend(out, cell.first, " ", credit.date.ToString(), " ", credit.amount, " ",
                    kinds[static_cast<int>(credit.kind)], credit.plain ? " plain" : "",
                    credit.is_booking() ? "" : " since " + credit.first_base.ToString());
  });
}

TEST(CreditsOfTest, InvoicesAndPaymentsAreCellsOfTheirOwn) {
  EXPECT_EQ(CellsText(Resolved({Booked("100", "2025-01-10"), Invoiced("40", "2025-02-01"),
                                Invoiced("60", "2025-03-01"), Collected("30", "2025-02-15")})),
            "0 2025-01-10 100 booked plain, "
            "0 2025-02-01 40 invoiced plain since 2025-02-01, "
            "0 2025-03-01 60 invoiced plain since 2025-02-01, "
            "0 2025-02-15 30 collected plain since 2025-02-15");
  EXPECT_EQ(CellsText(Resolved({Booked("100", "2025-01-10"), kOverlay, Adjusted("2025-01-20", "80"),
                                Invoiced("40", "2025-02-01")})),
            "0 2025-01-10 100 booked, 2 2025-01-10 25 booked, "
            "0 2025-01-20 -20 adjusted, 2 2025-01-20 -5 adjusted, "
            "0 2025-02-01 40 invoiced plain since 2025-02-01, "
            "2 2025-02-01 10 invoiced since 2025-02-01");
}

TEST(CreditsOfTest, EveryKindOfCellIsStoredAsItIs) {
  std::vector<Credit> cells;
  for (const auto& [participant, credit] :
       CreditsOf(7, Resolved({Booked("100", "2025-01-10"), Adjusted("2025-01-20", "80"),
                              Invoiced("40", "2025-02-01"), Collected("30", "2025-02-15"),
                              Cancellation("2025-03-01")}))) {
    cells.push_back(credit);
  }
  std::sort(cells.begin(), cells.end());
  const auto decoded = DecodeCredits(EncodeCredits(cells));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, cells);
}

}  // namespace
}  // namespace payfold
