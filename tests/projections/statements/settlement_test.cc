// Payout periods one after the other: draws, held money and what is carried, in
// companies small enough to work out by hand.

#include "projections/statements/settlement.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "ledger/plan/document.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/periods.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::testing::ElementsAre;

// ana, role ae, paid monthly in yen, whose minor unit is the major one.
class Story {
 public:
  explicit Story(const std::string& first_day = "2025-01-01", const std::string& more = "") {
    Say(R"("ledger_configured":{"base_currency":"JPY","payout_period":"MONTH"})");
    State("ACTIVE", first_day, more);
  }

  Story& Say(const std::string& fact) {
    absl::StatusOr<payfold::v1::Event> event = payfold::EventFromJson(absl::StrCat("{", fact, "}"));
    EXPECT_TRUE(event.ok()) << event.status();
    events_.push_back(*event);
    return *this;
  }
  Story& State(const std::string& status, const std::string& from, const std::string& more = "") {
    return Say(absl::StrCat(
        R"("participant_changed":{"participant_id":"ana","role":"ae","effective_from":")", from,
        R"(","status":")", status, "\"", more, "}"));
  }
  // A plan with one component, which pays what is booked; fields of the component,
  // then of the plan.
  Story& Plan(const std::string& component, const std::string& plan,
              const std::string& start = "2025-01-01", const std::string& id = "p") {
    payfold::v1::Event event;
    const payfold::CompiledPlan compiled = payfold::CompilePlanDocument(
        absl::StrCat(
            "plan_id: ", id, "\ncurrency: JPY\neffective: {start: ", start,
            "}\neligibility: {roles: [ae]}\ncomponents:\n- component_id: c\n",
            "  measure: {deals: {}}\n  ",
            component.find("payout") == std::string::npos ? "payout: {rate: 100%}\n  " : "",
            component, "\n", plan, "\n"),
        event.mutable_plan_published()->mutable_plan());
    EXPECT_TRUE(compiled.program.has_value()) << payfold::ErrorText(compiled.diagnostics);
    events_.push_back(event);
    return *this;
  }
  Story& Book(const std::string& deal, int64_t yen, const std::string& date,
              const std::string& owner = "ana") {
    return Say(absl::StrCat(R"("deal_booked":{"deal_id":")", deal, R"(","owner_id":")", owner,
                            R"(","booked_on":")", date, "\",", Amount(yen), "}"));
  }
  // All that is left if `yen` is 0.
  Story& Cancel(const std::string& deal, const std::string& date, int64_t yen = 0) {
    return Say(absl::StrCat(R"("deal_cancelled":{"deal_id":")", deal, R"(","cancelled_on":")", date,
                            "\"", yen == 0 ? "" : ",", yen == 0 ? "" : Amount(yen), "}"));
  }
  Story& Pay(const std::string& deal, int64_t yen, const std::string& date) {
    return Say(absl::StrCat(R"("payment_collected":{"deal_id":")", deal, R"(","date":")", date,
                            "\",", Amount(yen), "}"));
  }
  Story& Open(const std::string& kind, int64_t yen, const std::string& as_of,
              const std::string& deal = "") {
    return Say(absl::StrCat(R"("opening_balance":{"participant_id":"ana","kind":")", kind,
                            R"(","as_of":")", as_of, R"(","deal_id":")", deal, "\",", Amount(yen),
                            "}"));
  }
  Story& Adjust(int64_t yen, const std::string& period) {
    return Say(absl::StrCat(
        R"("adjustment_posted":{"adjustment_id":"x","reason":"r","participant_id":"ana","period":")",
        period, "\",", Amount(yen), "}"));
  }

  // Each period's statement, one a line: "2025-01: p earned 1000, pays 1000".
  std::string Statements(const std::vector<std::string>& periods) {
    Fold();
    std::string text;
    for (const std::string& period : periods) {
      for (const payfold::v1::Statement& statement : StatementsOf(period)) {
        absl::StrAppend(&text, period, ":", TextOf(statement), "\n");
      }
    }
    return text;
  }
  std::vector<std::string> Notes(const std::string& period) {
    Fold();
    const payfold::v1::Statement statement = StatementsOf(period).at(0);
    return {statement.settlement_notes().begin(), statement.settlement_notes().end()};
  }
  std::vector<payfold::v1::Statement> StatementsOf(const std::string& period) {
    auto statements = payfold::GetStatements(company_.View(), "ana", period, false);
    EXPECT_TRUE(statements.ok()) << statements.status();
    return *std::move(statements);
  }
  std::vector<std::string> LineIds() {
    auto lines = payfold::ListLines(company_.View(), {});
    EXPECT_TRUE(lines.ok()) << lines.status();
    std::vector<std::string> ids;
    for (const payfold::v1::Line& line : *lines) ids.push_back(line.line_id());
    return ids;
  }
  std::string FirstOpenPeriod() {
    auto period = payfold::FirstOpenPeriod(company_.View());
    EXPECT_TRUE(period.ok()) << period.status();
    return *period;
  }
  payfold::v1::Balance Balance() {
    Fold();
    auto balances = payfold::ListBalances(company_.View(), "ana");
    EXPECT_TRUE(balances.ok()) << balances.status();
    return balances->at(0);
  }
  void Fold() {
    for (size_t i = 0; i < events_.size(); ++i) events_[i].set_event_id(absl::StrCat("e", i + 1));
    WriteEnvelopes(&events_);
    const absl::Status added = company_.AddAll(events_);
    EXPECT_TRUE(added.ok()) << added;
  }

 private:
  static std::string Amount(int64_t yen) {
    return absl::StrCat(R"("amount":{"currency":"JPY","minor_units":)", yen, "}");
  }
  static void Append(absl::string_view what, int64_t amount, std::string* text) {
    if (amount != 0) absl::StrAppend(text, " ", what, " ", amount);
  }
  static std::string TextOf(const payfold::v1::Statement& statement) {
    std::string text;
    for (const payfold::v1::PlanSettlement& settled : statement.settlements()) {
      absl::StrAppend(&text, " ", settled.plan_id().empty() ? "opening" : settled.plan_id());
      Append("earned", settled.earned_minor_units(), &text);
      Append("top-up", settled.top_up_minor_units(), &text);
      Append("draw-paid", settled.draw_paid_minor_units(), &text);
      Append("deferred", settled.deferred_minor_units(), &text);
      Append("recovery", settled.recovery_minor_units(), &text);
      Append("held", settled.held_minor_units(), &text);
      Append("released", settled.released_minor_units(), &text);
      Append("draw", settled.draw_balance_after_minor_units(), &text);
      Append("waits", settled.held_balance_minor_units(), &text);
      text += ",";
    }
    Append("in", statement.carried_in_minor_units(), &text);
    absl::StrAppend(&text, " pays ", statement.payable_minor_units());
    Append("out", statement.carried_out_minor_units(), &text);
    return text;
  }

  std::vector<payfold::v1::Event> events_;
  FoldedCompany company_;
};

TEST(SettlementTest, ANegativePayableIsCarriedUntilItIsTakenBack) {
  EXPECT_EQ(Story()
                .Plan("", "")
                .Book("D-1", 1000, "2025-01-10")
                .Cancel("D-1", "2025-02-05")
                .Book("D-2", 300, "2025-04-10")
                .Book("D-3", 900, "2025-05-10")
                .Statements({"2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05"}),
            "2024-12: pays 0\n"
            "2025-01: p earned 1000, pays 1000\n"
            "2025-02: p earned -1000, pays 0 out -1000\n"
            "2025-03: in -1000 pays 0 out -1000\n"
            "2025-04: p earned 300, in -1000 pays 0 out -700\n"
            "2025-05: p earned 900, in -700 pays 200\n");
}

TEST(SettlementTest, AdjustmentsJoinWhatIsCarriedEvenWhereNothingIsEarned) {
  EXPECT_EQ(Story()
                .Plan("", "")
                .Adjust(-300, "2024-11")
                .Adjust(120, "2025-01")
                .Book("D-1", 500, "2025-02-10")
                .Statements({"2024-11", "2024-12", "2025-01", "2025-02"}),
            "2024-11: pays 0 out -300\n"
            "2024-12: in -300 pays 0 out -300\n"
            "2025-01: in -300 pays 0 out -180\n"
            "2025-02: p earned 500, in -180 pays 320\n");
}

TEST(SettlementTest, ADrawRunsForItsPeriodsAndRecoveryGoesOn) {
  EXPECT_EQ(Story()
                .Plan("", "draw: {amount: 3000, recoverable: true, periods: 2}")
                .Book("D-1", 1200, "2025-01-10")
                .Book("D-2", 5000, "2025-03-10")
                .Statements({"2025-01", "2025-02", "2025-03", "2025-04"}),
            "2025-01: p earned 1200 top-up 1800 draw 1800, pays 3000\n"
            "2025-02: p top-up 3000 draw 4800, pays 3000\n"
            "2025-03: p earned 5000 recovery 4800, pays 200\n"
            "2025-04: pays 0\n");
}

TEST(SettlementTest, ADrawRunsInPeriodsWithADayInThePlanAndIsProrated) {
  EXPECT_EQ(Story("2025-01-16")
                .State("LEAVE", "2025-02-01")
                .State("ACTIVE", "2025-03-31")
                .Plan("", "draw: {amount: 3100, recoverable: true, prorate: true, periods: 2}")
                .Statements({"2025-01", "2025-02", "2025-03", "2025-04"}),
            "2025-01: p top-up 1600 draw 1600, pays 1600\n"
            "2025-02: p draw 1600, pays 0\n"
            "2025-03: p top-up 100 draw 1700, pays 100\n"
            "2025-04: p draw 1700, pays 0\n");
}

TEST(SettlementTest, PeriodsOfADrawCountThoseUnderVersionsWithoutOne) {
  EXPECT_EQ(Story()
                .Plan("", "")
                .Plan("", "draw: {amount: 100, periods: 2}", "2025-02-01")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: pays 0\n"
            "2025-02: p top-up 100, pays 100\n"
            "2025-03: pays 0\n");
}

TEST(SettlementTest, AVersionWithoutADrawRecoversNothing) {
  EXPECT_EQ(Story()
                .Plan("", "draw: {amount: 100, recoverable: true}")
                .Plan("", "", "2025-02-01")
                .Book("D-1", 70, "2025-02-10")
                .Statements({"2025-01", "2025-02"}),
            "2025-01: p top-up 100 draw 100, pays 100\n"
            "2025-02: p earned 70 draw 100, pays 70\n");
}

TEST(SettlementTest, RecoverAfterCountsFromTheFirstPayoutPeriodInThePlan) {
  Story story("2025-01-20");
  EXPECT_EQ(story.Plan("", "draw: {amount: 1000, recoverable: true, recover_after: {months: 2}}")
                .Book("D-1", 5000, "2025-02-10")
                .Book("D-2", 5000, "2025-03-10")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: p top-up 1000 draw 1000, pays 1000\n"
            "2025-02: p earned 5000 draw 1000, pays 5000\n"
            "2025-03: p earned 5000 recovery 1000, pays 4000\n");
}

TEST(SettlementTest, ADrawFromEarningsWasPaidBeforeAndTakesNegativeEarningsIn) {
  EXPECT_EQ(Story()
                .Plan("", "draw: {amount: 1000, recoverable: true, recover_from: EARNINGS}")
                .Book("D-1", 400, "2025-01-10")
                .Cancel("D-1", "2025-02-05")
                .Book("D-2", 5000, "2025-03-10")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: p earned 400 draw-paid 1000 recovery 400 draw 600, pays 0\n"
            "2025-02: p earned -400 draw-paid 1000 deferred 400 draw 2000, pays 0\n"
            "2025-03: p earned 5000 draw-paid 1000 recovery 3000, pays 2000\n");
}

// [10.draw.earnings-lost]
TEST(SettlementTest, WhatWasTakenFromHeldMoneyDoesNotJoinTheDrawBalance) {
  EXPECT_EQ(Story()
                .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: AFTER_MONTHS(6)}]",
                      "draw: {amount: 200, recoverable: true, recover_from: EARNINGS}")
                .Book("D-1", 1000, "2025-01-10")
                .Cancel("D-1", "2025-02-05", 800)
                .Statements({"2025-01", "2025-02"}),
            "2025-01: p earned 1000 draw-paid 200 recovery 200 held 500 waits 500, pays 300\n"
            "2025-02: p earned -800 draw-paid 200 deferred 300 held -500 draw 500, pays 0\n");
}

// [10.draw.earned]
TEST(SettlementTest, ADrawIsHeldAgainstAllThatIsEarnedHeldOrNotWithoutAdjustments) {
  // Of 699, 350 held: 1 is missing, whatever is adjusted; of 700 nothing.
  for (const int64_t yen : {699, 700}) {
    EXPECT_EQ(Story()
                  .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: YEAR_END}]",
                        "draw: {amount: 700, recoverable: true}")
                  .Book("D-1", yen, "2025-01-10")
                  .Adjust(-200, "2025-01")
                  .Statements({"2025-01"}),
              yen == 700 ? "2025-01: p earned 700 held 350 waits 350, pays 150\n"
                         : "2025-01: p earned 699 top-up 1 held 349 draw 1 waits 349, pays 151\n");
  }
}

// [10.draw.earnings-lost]
TEST(SettlementTest, ADrawFromEarningsThatIsNotRecoverableNeverJoins) {
  EXPECT_EQ(Story()
                .Plan("", "draw: {amount: 1000, recover_from: EARNINGS}")
                .Book("D-1", 400, "2025-01-10")
                .Cancel("D-1", "2025-02-05", 300)
                .Book("D-2", 500, "2025-03-10")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: p earned 400 draw-paid 1000, pays 400\n"
            "2025-02: p earned -300 draw-paid 1000 deferred 300 draw 300, pays 0\n"
            "2025-03: p earned 500 draw-paid 1000 recovery 300, pays 200\n");
}

TEST(SettlementTest, HeldMoneyIsReleasedInThePayoutPeriodOfItsDueDate) {
  EXPECT_EQ(Story()
                .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 30%, due: AFTER_MONTHS(1)}, "
                      "{share: 20%, due: YEAR_END}]",
                      "")
                .Book("D-1", 1000, "2025-01-10")
                .Statements({"2025-01", "2025-02", "2025-03", "2025-12"}),
            "2025-01: p earned 1000 held 500 waits 500, pays 500\n"
            "2025-02: p released 300 waits 200, pays 300\n"
            "2025-03: p waits 200, pays 0\n"
            "2025-12: p released 200, pays 200\n");
}

TEST(SettlementTest, CollectedMoneyFollowsTheCashOfEachDeal) {
  EXPECT_EQ(Story()
                .Plan("schedule: [{share: 60%, due: BOOKED}, {share: 40%, due: COLLECTED}]", "")
                .Book("D-1", 600, "2025-01-10")
                .Book("D-2", 400, "2025-01-11")
                .Pay("D-1", 300, "2025-01-20")
                .Pay("D-1", 300, "2025-02-20")
                .Pay("D-2", 400, "2025-03-05")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: p earned 1000 held 280 waits 280, pays 720\n"
            "2025-02: p released 120 waits 160, pays 120\n"
            "2025-03: p released 160, pays 160\n");
}

TEST(SettlementTest, ANegativeLineTakesHeldMoneyFirstAndTheRestIsPayable) {
  const std::string schedule =
      "schedule: [{share: 50%, due: BOOKED}, {share: 25%, due: AFTER_MONTHS(1)}, "
      "{share: 25%, due: AFTER_MONTHS(3)}]";
  EXPECT_EQ(Story()
                .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 25%, due: AFTER_MONTHS(2)}, "
                      "{share: 25%, due: AFTER_MONTHS(3)}]",
                      "")
                .Book("D-1", 1000, "2025-01-10")
                .Cancel("D-1", "2025-02-10", 400)
                .Statements({"2025-02", "2025-03", "2025-04"}),
            "2025-02: p earned -400 held -400 waits 100, pays 0\n"
            "2025-03: p waits 100, pays 0\n"
            "2025-04: p released 100, pays 100\n");
  EXPECT_EQ(Story()
                .Plan(schedule, "")
                .Book("D-1", 1000, "2025-01-10")
                .Cancel("D-1", "2025-02-10", 400)
                .Statements({"2025-01", "2025-02", "2025-04"}),
            "2025-01: p earned 1000 held 500 waits 500, pays 500\n"
            // What is due on the day of the negative line is no longer outstanding.
            "2025-02: p earned -400 held -250 released 250, pays 100\n"
            "2025-04: pays 0\n");
  EXPECT_EQ(Story()
                .Plan(schedule, "")
                .Book("D-1", 1000, "2025-01-10")
                .Cancel("D-1", "2025-03-10", 700)
                .Statements({"2025-02", "2025-03"}),
            "2025-02: p released 250 waits 250, pays 250\n"
            "2025-03: p earned -700 held -250, pays 0 out -450\n");
}

TEST(SettlementTest, OnOneDateNegativeLinesActBeforePositiveOnes) {
  EXPECT_EQ(Story()
                .Plan("payout: {per_deal: {rate: 100%}}\n  "
                      "schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: AFTER_MONTHS(6)}]",
                      "")
                .Book("D-1", 1000, "2025-01-10")
                .Book("A-2", 800, "2025-02-10")
                .Cancel("D-1", "2025-02-05")
                .Statements({"2025-02"}),
            "2025-02: p earned -200 held -100 waits 400, pays 0 out -100\n");
}

// [10.draw.opening]
TEST(SettlementTest, OpeningBalancesGoWhereTheyBelong) {
  EXPECT_EQ(Story()
                .Plan("", "", "2025-01-01", "a")
                .Plan("", "draw: {amount: 1000, recoverable: true}")
                .Open("DRAW", 500, "2024-12-31")
                .Open("PAYABLE", 70, "2024-12-31")
                .Book("D-1", 1800, "2025-01-10")
                .Statements({"2024-12", "2025-01"}),
            "2024-12: p draw 500, pays 0\n"
            "2025-01: a earned 1800, p earned 1800 recovery 500, in 70 pays 3170\n");
  EXPECT_EQ(Story()
                .Open("DRAW", 500, "2025-01-01")
                .Open("PAYABLE", -70, "2025-01-01")
                .Open("PAYABLE", 100, "2025-01-31")
                .Statements({"2025-01", "2025-02"}),
            "2025-01: opening draw 500, pays 0\n"
            "2025-02: opening draw 500, in 30 pays 30\n");
}

TEST(SettlementTest, AnOpeningHeldWaitsForItsDealAndNegativeLinesLeaveItAlone) {
  EXPECT_EQ(Story()
                .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: YEAR_END}]", "")
                .Open("HELD", 100, "2025-02-15", "D-1")
                .Open("HELD", 10, "2025-03-01", "unknown")
                .Book("D-1", 1000, "2025-01-10", "ben")
                .Pay("D-1", 250, "2025-01-20")
                .Pay("D-1", 750, "2025-03-05")
                .Book("D-2", 400, "2025-01-11")
                .Cancel("D-2", "2025-02-20")
                .Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: p earned 400 held 200 waits 200, pays 200\n"
            "2025-02: p earned -400 held -200, opening released 25 waits 75, pays 0 out -175\n"
            "2025-03: opening released 75 waits 10, in -175 pays 0 out -100\n");
}

// [4.pay-currency]
TEST(SettlementTest, PayableIsGivenInThePayCurrencyAtTheRateOfTheLastDay) {
  Story story("2025-01-01", R"(,"pay_currency":"EUR")");
  story.Plan("", "").Book("D-1", 1001, "2025-01-10").Book("D-2", 50, "2025-03-10");
  for (const auto& [day, rate] : std::vector<std::pair<std::string, std::string>>{
           {"2025-01-01", "0.006"}, {"2025-01-31", "0.0065"}, {"2025-02-01", "0.007"}}) {
    story.Say(absl::StrCat(R"("fx_rate_set":{"base":"JPY","quote":"EUR","effective_from":")", day,
                           R"(","rate":")", rate, "\"}"));
  }
  story.Fold();
  const payfold::v1::Statement january = story.StatementsOf("2025-01").at(0);
  EXPECT_EQ(january.payable_in_pay_currency().currency(), "EUR");
  EXPECT_EQ(january.payable_in_pay_currency().minor_units(), 651);  // 650.65 cents
  EXPECT_EQ(story.StatementsOf("2025-03").at(0).payable_in_pay_currency().minor_units(), 35);
  EXPECT_TRUE(story.StatementsOf("2024-12").at(0).has_payable_in_pay_currency() == false);
}

TEST(SettlementTest, WithoutARateTheStatementSaysSo) {
  Story story("2025-01-01", R"(,"pay_currency":"EUR")");
  story.Plan("", "").Book("D-1", 1001, "2025-01-10").Fold();
  const payfold::v1::Statement january = story.StatementsOf("2025-01").at(0);
  EXPECT_FALSE(january.has_payable_in_pay_currency());
  EXPECT_THAT(january.notes(), ElementsAre(::testing::HasSubstr("no rate from JPY to EUR")));
}

TEST(SettlementTest, BalancesTellWhatWasPaidAndWhatStillStands) {
  const payfold::v1::Balance balance =
      Story()
          .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: YEAR_END}]",
                "draw: {amount: 700, recoverable: true}")
          .Book("D-1", 400, "2025-01-10")
          .Book("D-2", 900, "2025-02-10")
          .Adjust(-1000, "2025-04")
          .Balance();
  // January: 400 + 300 − 200 = 500; February: 900 − 200 − 450 = 250.
  EXPECT_EQ(balance.earned_minor_units(), 1300);
  EXPECT_EQ(balance.payable_minor_units(), 750);
  EXPECT_EQ(balance.held_minor_units(), 650);
  EXPECT_EQ(balance.draw_balance_minor_units(), 100);
  EXPECT_EQ(balance.adjustments_minor_units(), -1000);
  EXPECT_EQ(balance.carried_minor_units(), -1000);
}

// Cash that comes to a leaver's successor after the deal was cancelled.
TEST(SettlementTest, WhatIsTakenBackBeforeTheFirstDayInAPlanStandsOnAStatement) {
  Story story("2025-03-01");
  story.Plan("trigger: COLLECTED\n  clawback: {mode: REVERSE}", "")
      .Book("D-1", 1000, "2025-01-10")
      .Cancel("D-1", "2025-02-05")
      .Pay("D-1", 1000, "2025-03-10");
  EXPECT_EQ(story.Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: pays 0\n"
            "2025-02: p earned -1000, pays 0 out -1000\n"
            "2025-03: p earned 1000, in -1000 pays 0\n");
  EXPECT_EQ(story.LineIds(), (std::vector<std::string>{
                                 "ana/p/c/2025-03/reversed/2025-02~D-1.1",
                                 "ana/p/c/2025-03/rate/2025-03",
                             }));
  EXPECT_EQ(story.FirstOpenPeriod(), "2025-02");
}

// Ben's February is what Ana, who joins in March, is held against.
TEST(SettlementTest, WhatADealOfOthersMovedBeforeTheFirstDayInAPlanStandsOnAStatement) {
  Story story("2025-03-01");
  story
      .Say(
          R"("participant_changed":{"participant_id":"ben","role":"ae","effective_from":"2025-01-01","status":"ACTIVE"})")
      .Plan(
          "target: {population: {stat: MEAN, period: PREVIOUS}}\n  clawback: {mode: RESTATE}\n  "
          "payout: {bands: {basis: ATTAINMENT, mode: RETROACTIVE, "
          "bands: [{upto: 100%, fixed: 0}, {fixed: 70}]}}",
          "")
      .Book("D-1", 1000, "2025-02-10", "ben")
      .Cancel("D-1", "2025-02-20", 600)
      .Book("D-2", 500, "2025-03-10");
  EXPECT_EQ(story.Statements({"2025-01", "2025-02", "2025-03"}),
            "2025-01: pays 0\n"
            "2025-02: p earned 70, pays 70\n"
            "2025-03: pays 0\n");
}

TEST(SettlementTest, EveryItemIsExplained) {
  Story story;
  story
      .Plan("schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: COLLECTED}]",
            "draw: {amount: 3000, recoverable: true, recovery_rate: 50%}")
      .Book("D-1", 1200, "2025-01-10")
      .Book("D-2", 5000, "2025-02-10")
      .Pay("D-1", 1200, "2025-02-11")
      .Cancel("D-2", "2025-03-10");
  EXPECT_THAT(story.Notes("2025-01"),
              ElementsAre("p: draw of 3,000 tops 1,200 up by 1,800; it joins the balance of 0, "
                          "which is then 1,800",
                          "p: 600 of c is held until deal D-1 is collected"));
  EXPECT_THAT(story.StatementsOf("2025-02").at(0).settlement_notes(),
              ElementsAre("p: recovery of 1,000 from 2,000 earned above the draw, at 50%, takes "
                          "the balance from 1,800 to 800",
                          "p: 2,500 of c is held until deal D-2 is collected",
                          "p: 600 of c is released: deal D-1 was collected by that part"));
}

// Over all payout periods what is earned, topped up and brought in is what is paid,
// held and carried, and the balance of draws is what joined it less what was
// recovered.
TEST(SettlementTest, NothingIsLost) {
  RandomFeatures features;
  features.draws = features.schedules = features.clawback = true;
  payfold::PlanSettlement seen;  // so that all of it occurs
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    RandomCompanyOptions options;
    options.features = seed % 4 == 0 ? RandomFeatures::All() : features;
    FoldedCompany company;
    ASSERT_TRUE(company.AddAll(RandomCompany(seed, options)).ok());
    const payfold::FactsView view = company.View();
    const payfold::Reference& reference = view.reference();
    payfold::Evaluator evaluator(view);
    const payfold::StatedMoney stated(reference, payfold::kNobody);
    for (uint32_t who = 0; who < reference.org->size(); ++who) {
      auto settlement = payfold::Settlement::Make(&evaluator, who, stated);
      ASSERT_TRUE(settlement.ok()) << settlement.status();
      if (!settlement->first_day().has_value()) continue;
      std::map<std::string, int64_t> brought_in, paid, draws;
      for (const payfold::Opening* opening : stated.Of(who).openings) {
        (opening->kind == payfold::Opening::Kind::kDraw ? draws : brought_in)[opening->currency] +=
            opening->amount;
      }
      for (const payfold::Period& period :
           payfold::PayoutPeriodsIn(reference, *settlement->first_day(), Horizon(options) + 400)) {
        const auto settled = settlement->Settle(period);
        ASSERT_TRUE(settled.ok()) << settled.status();
        for (const auto& [currency, money] : *settled) {
          brought_in[currency] += money.adjusted;
          paid[currency] += money.payable;
          for (const payfold::PlanSettlement& plan : money.plans) {
            const payfold::DrawOutcome& draw = plan.draw;
            brought_in[currency] += plan.earned + draw.top_up + draw.deferred - draw.recovery;
            draws[currency] += draw.joined - draw.recovery;
            seen.draw.top_up += draw.top_up;
            seen.draw.deferred += draw.deferred;
            seen.draw.recovery += draw.recovery;
            seen.held += plan.held;
            seen.released += plan.released;
            EXPECT_GE(draw.balance, 0);
            EXPECT_GE(plan.held_balance, 0);
            EXPECT_GE(plan.released, 0);
          }
        }
      }
      const auto balances = settlement->Balances();
      ASSERT_TRUE(balances.ok()) << balances.status();
      for (const auto& [currency, standing] : *balances) {
        EXPECT_EQ(brought_in[currency], paid[currency] + standing.held + standing.carried)
            << "seed " << seed << ", " << reference.org->Id(who) << ", " << currency;
        EXPECT_EQ(draws[currency], standing.draw) << "seed " << seed;
      }
    }
  }
  EXPECT_THAT((std::vector<int64_t>{seen.draw.top_up, seen.draw.deferred, seen.draw.recovery,
                                    seen.held, seen.released}),
              ::testing::Each(::testing::Gt(0)));
}

}  // namespace
}  // namespace payfold_testing
