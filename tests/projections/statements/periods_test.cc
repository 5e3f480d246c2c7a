#include "projections/statements/periods.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/projections/statements/yen_company.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::payfold::ComputedClose;
using ::payfold::Date;
using ::payfold::FactsView;
using ::payfold::Period;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "2025-01 earned 100 held 50 pays 50".
std::string TextOf(const v1::PriorPeriodAdjustment& prior) {
  std::string text = prior.origin_period();
  const auto append = [&](absl::string_view what, int64_t amount) {
    if (amount != 0) absl::StrAppend(&text, " ", what, " ", amount);
  };
  append("earned", prior.difference().earned_minor_units());
  append("top-up", prior.difference().top_up_minor_units());
  append("recovery", prior.difference().recovery_minor_units());
  append("held", prior.difference().held_minor_units());
  append("released", prior.difference().released_minor_units());
  append("opening", prior.opening_minor_units());
  for (const auto& adjustment : prior.adjustments()) {
    append("adjusted", adjustment.amount().minor_units());
  }
  return absl::StrCat(text, " pays ", prior.payable_minor_units());
}

std::vector<std::string> TextsOf(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const auto& prior : statement.prior_adjustments()) texts.push_back(TextOf(prior));
  return texts;
}

TEST(PeriodsTest, ALateDealIsPaidInTheNextCloseAndTheStatementBeforeStaysAsItWas) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10").Close("2025-01");
  const std::vector<v1::Statement> january = company.PostedOf("ana", "2025-01");
  company.Book("late", 300, "2025-01-20").Book("d2", 500, "2025-02-03");
  const ComputedClose february = company.Close("2025-02");
  ASSERT_EQ(february.statements.size(), 1U);
  EXPECT_THAT(TextsOf(february.statements[0]), ElementsAre("2025-01 earned 300 pays 300"));
  EXPECT_EQ(february.statements[0].payable_minor_units(), 800);
  EXPECT_THAT(february.statements[0].prior_adjustments(0).cause(),
              HasSubstr("deal_booked of deals/late"));
  ASSERT_EQ(january.size(), 1U);
  EXPECT_EQ(company.PostedOf("ana", "2025-01")[0].SerializeAsString(),
            january[0].SerializeAsString());
}

TEST(PeriodsTest, ACloseEndsWithTheErrorOfWhoWaitsForIt) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10");
  int asked = 0;
  const auto close = payfold::ComputeClose(company.View(), "2025-01", 1, [&asked] {
    return ++asked < 2 ? absl::OkStatus() : absl::CancelledError("nobody waits");
  });
  EXPECT_THAT(close, StatusIs(absl::StatusCode::kCancelled, HasSubstr("nobody waits")));
  EXPECT_EQ(asked, 2);
}

TEST(PeriodsTest, WhatIsChangedBackBeforeTheCloseAppearsAsNothing) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10").Close("2025-01");
  company.Publish("50%");
  EXPECT_THAT(TextsOf(company.Preview("2025-02").statements.at(0)),
              ElementsAre("2025-01 earned -500 pays -500"));
  company.Publish("100%");
  EXPECT_EQ(company.Preview("2025-02").statements.size(), 0U);
}

TEST(PeriodsTest, AChangeNamesTheFactsThatMadeIt) {
  struct Case {
    std::string fact, cause;
  };
  const Case cases[] = {
      {R"("credit_split":{"deal_id":"d1","shares":[{"participant_id":"bob","share":"1"}]})",
       "credit_split of deals/d1"},
      {R"("fact_voided":{"event_id":"d1-booked","reason":"wrong"})", "fact_voided of deals/d1"},
      {R"("deal_amended":{"deal_id":"d1","amended_on":"2025-02-02","mode":"RESTATE",)"
       R"("booked_on":"2025-02-10"})",
       "deal_amended of deals/d1"},
      {R"("participant_changed":{"participant_id":"ana","effective_from":"2025-01-01",)"
       R"("status":"ACTIVE","role":"sdr"})",
       "participant_changed of participants/ana"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.cause);
    Yen company;
    v1::Event booked;
    booked.set_event_id("d1-booked");
    booked.mutable_deal_booked()->set_deal_id("d1");
    booked.mutable_deal_booked()->set_owner_id("ana");
    booked.mutable_deal_booked()->set_booked_on("2025-01-10");
    booked.mutable_deal_booked()->mutable_amount()->set_currency("JPY");
    booked.mutable_deal_booked()->mutable_amount()->set_minor_units(1000);
    company.Add(booked).Close("2025-01");
    company.Say(test.fact);
    const v1::Statement statement = company.Statements("ana", "2025-02").at(0);
    ASSERT_THAT(TextsOf(statement), ElementsAre("2025-01 earned -1000 pays -1000"));
    EXPECT_THAT(statement.prior_adjustments(0).cause(), HasSubstr(test.cause));
    EXPECT_EQ(statement.carried_out_minor_units(), -1000 + statement.earned_minor_units());
  }
}

TEST(PeriodsTest, ThePeriodsBeforeTheFirstCloseStandOnItAsPriorAdjustments) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10").Book("d2", 500, "2025-03-10");
  company.Say(absl::StrCat(R"("opening_balance":{"participant_id":"ana","kind":"PAYABLE",)",
                           R"("as_of":"2025-01-31",)", MoneyOf(70), "}"));
  company.Say(absl::StrCat(R"("adjustment_posted":{"adjustment_id":"x","reason":"r",)",
                           R"("participant_id":"ana","period":"2025-01",)", MoneyOf(-30), "}"));
  EXPECT_THAT(TextsOf(company.Statements("ana", "2025-03").at(0)), IsEmpty());
  const v1::Statement march = company.Close("2025-03").statements.at(0);
  EXPECT_THAT(TextsOf(march),
              ElementsAre("2025-01 adjusted -30 pays -30", "2025-01 earned 1000 pays 1000",
                          "2025-02 opening 70 pays 70"));
  EXPECT_EQ(march.payable_minor_units(), 1540);
  EXPECT_EQ(payfold::GetPeriod(company.View(), "2025-02")->state(), v1::CLOSED);
  EXPECT_EQ(payfold::GetPeriod(company.View(), "2025-04")->state(), v1::OPEN);
}

TEST(PeriodsTest, DrawsAndHeldMoneyOfClosedPeriodsAreSettledAgain) {
  Yen draws("draw: {amount: 1000, recoverable: true}");
  draws.Close("2025-01");
  draws.Book("late", 400, "2025-01-20");
  EXPECT_THAT(TextsOf(draws.Close("2025-02").statements.at(0)),
              ElementsAre("2025-01 earned 400 top-up -400 pays 0"));
  Yen held("", "schedule: [{share: 50%, due: BOOKED}, {share: 50%, due: AFTER_MONTHS(1)}]");
  held.Book("d1", 1000, "2025-01-10").Close("2025-01");
  held.Close("2025-02");
  held.Book("late", 200, "2025-01-20");
  EXPECT_THAT(TextsOf(held.Close("2025-03").statements.at(0)),
              ElementsAre("2025-01 earned 200 held 100 pays 100", "2025-02 released 100 pays 100"));
}

TEST(PeriodsTest, PeriodsCloseInOrderAndOnce) {
  using ::absl::StatusCode;
  Yen company;
  EXPECT_EQ(*payfold::FirstOpenPeriod(company.View()), "2025-01");
  company.Book("d1", 1000, "2025-01-10").Close("2025-01");
  EXPECT_EQ(*payfold::FirstOpenPeriod(company.View()), "2025-02");
  EXPECT_THAT(payfold::ComputeClose(company.View(), "2025-03"),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("2025-02 is open")));
  EXPECT_THAT(payfold::ComputeClose(company.View(), "2025-01"),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("is closed")));
  EXPECT_THAT(payfold::PostedStatements(company.View(), "ana", "2025-02"),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("is open")));
  EXPECT_THAT(payfold::FirstOpenPeriod(ClosingCompany().View()),
              StatusIs(StatusCode::kFailedPrecondition, HasSubstr("nothing could be closed")));
}

TEST(PeriodsTest, APeriodIsClosedApprovedAndPaid) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10").Close("2025-01");
  const auto state = [&] { return *payfold::GetPeriod(company.View(), "2025-01"); };
  EXPECT_EQ(state().state(), v1::CLOSED);
  EXPECT_EQ(state().statements(), 1);
  EXPECT_EQ(state().closed_by(), "finance");
  company.Say(R"("period_approved":{"period":"2025-01"})");
  EXPECT_EQ(state().state(), v1::APPROVED);
  const auto pay = [&](const std::string& reference, int64_t yen) {
    company.Say(absl::StrCat(R"("payment_recorded":{"period":"2025-01","participant_id":"ana",)",
                             R"("paid_on":"2025-02-05","reference":")", reference, "\",",
                             MoneyOf(yen), "}"));
  };
  pay("r1", 400);
  EXPECT_EQ(state().state(), v1::APPROVED);
  pay("r2", 600);
  EXPECT_EQ(state().state(), v1::PAID);
  const v1::Balance balance = payfold::ListBalances(company.View(), "ana")->at(0);
  EXPECT_EQ(balance.posted_minor_units(), 1000);
  EXPECT_EQ(balance.paid_minor_units(), 1000);
  EXPECT_EQ(balance.payable_minor_units(), 1000);
}

TEST(PeriodsTest, AStatementIsAnsweredAsPostedWithWhatIsDifferentNow) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10").Close("2025-01");
  company.Book("late", 300, "2025-01-20");
  company.Say(R"("dispute_opened":{"dispute_id":"q1","participant_id":"ana","period":"2025-01",)"
              R"("text":"why"})");
  const auto answer = payfold::GetStatementAnswer(company.View(), "ana", "2025-01", false);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->state(), v1::CLOSED);
  EXPECT_EQ(answer->statements(0).payable_minor_units(), 1000);
  EXPECT_EQ(answer->now(0).payable_minor_units(), 1300);
  ASSERT_EQ(answer->differences_size(), 1);
  EXPECT_EQ(answer->differences(0).payable_minor_units(), 300);
  ASSERT_EQ(answer->disputes_size(), 1);
  EXPECT_EQ(answer->disputes(0).resolved_position(), 0U);
  EXPECT_EQ(payfold::ListBalances(company.View(), "ana")->at(0).prior_adjustments_minor_units(),
            300);
}

TEST(PeriodsTest, ExceptionsThatTouchThePeriodAreNamedAndRecorded) {
  Yen company;
  company.Say(R"("deal_booked":{"deal_id":"eur","owner_id":"ana","booked_on":"2025-01-10",)"
              R"("amount":{"currency":"EUR","minor_units":100}})");
  company.Book("d1", 1000, "2025-02-10");
  const ComputedClose january = company.Close("2025-01");
  EXPECT_EQ(january.exceptions.size(), 1U);
  EXPECT_EQ(january.closed.exceptions_size(), 1);
  EXPECT_EQ(company.Close("2025-02").exceptions.size(), 0U);
}

TEST(PeriodsTest, ACheckNamesTheStatementAndTheFieldThatDiffer) {
  Yen company;
  company.Book("d1", 1000, "2025-01-10");
  const uint64_t folded = company.events().size();
  const ComputedClose close = company.Close("2025-01");
  company.Book("late", 300, "2025-01-20");
  std::vector<v1::Statement> posted = company.PostedOf("", "2025-01");
  const auto check = [&](const v1::PeriodClosed& closed) {
    auto difference = payfold::CheckClose(company.ViewAt(folded), posted, closed);
    EXPECT_THAT(difference, IsOk());
    return *std::move(difference);
  };
  EXPECT_FALSE(check(close.closed).has_value());
  v1::PeriodClosed edited = close.closed;
  edited.mutable_totals(0)->set_minor_units(999);
  EXPECT_EQ(check(edited)->statement, posted.size());
  posted[0].set_payable_minor_units(999);
  EXPECT_EQ(check(close.closed)->statement, 0U);
  EXPECT_THAT(check(close.closed)->text,
              ::testing::AllOf(HasSubstr("\"ana\""), HasSubstr("payable_minor_units")));
}

TEST(PeriodsTest, WeeksAndTwoWeeksCloseLikeMonths) {
  for (const auto& [kind, first, second] :
       {std::tuple("WEEK", "2025-W03", "2025-W04"),
        std::tuple("TWO_WEEKS", "2025-01-06..2025-01-19", "2025-01-20..2025-02-02")}) {
    SCOPED_TRACE(kind);
    Yen company("", "", kind);
    company.Book("d1", 1000, "2025-01-14").Close(first);
    company.Book("late", 200, "2025-01-15");
    EXPECT_THAT(TextsOf(company.Close(second).statements.at(0)),
                ElementsAre(absl::StrCat(first, " earned 200 pays 200")));
  }
}

// Everything that must hold of random companies closed at random moments.
class RandomCloseTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  static std::vector<v1::Event> Events() {
    RandomCompanyOptions options;
    options.participants = 4;
    options.deals = 10;
    options.features = RandomFeatures::All();
    return RandomCompany(GetParam(), options);
  }

  void CloseAndCheck(const std::string& period) {
    const FactsView view = company_.View();
    const uint64_t folded = company_.events().size();
    const bool is_first = !view.reference().closes->any();
    const ComputedClose close = company_.Preview(period, /*workers=*/3);
    if (!is_first) {
      for (const v1::Statement& statement : close.statements) ExpectShown(statement);
    }
    company_.Close(period);
    closes_.emplace_back(folded, close);
    for (const v1::Statement& statement : close.statements) {
      const auto key = std::pair(statement.participant_id(), statement.currency());
      money_[key] += statement.payable_minor_units() + statement.carried_out_minor_units() -
                     std::exchange(carried_[key], statement.carried_out_minor_units());
      for (const v1::PriorPeriodAdjustment& prior : statement.prior_adjustments()) {
        EXPECT_THAT(prior.cause(), ::testing::Not(IsEmpty()));
      }
    }
    MoneyByPerson posted = money_;
    std::erase_if(posted, [](const auto& entry) { return entry.second == 0; });
    const Period days = *payfold::ParsePeriod(company_.View(), period);
    EXPECT_EQ(posted, FoldedMoney(company_.View(), days));
    ExpectNoDifferences();
  }

  // What is shown of an open period is what its close posts; but who is in no plan yet
  // has no lines to note anything of.
  void ExpectShown(v1::Statement statement) {
    for (v1::Statement& shown :
         company_.Statements(statement.participant_id(), statement.period())) {
      if (shown.currency() != statement.currency()) continue;
      if (statement.lines().empty() && statement.settlements().empty()) shown.clear_notes();
      if (statement.lines().empty() && statement.settlements().empty()) statement.clear_notes();
      EXPECT_EQ(shown.DebugString(), statement.DebugString());
    }
  }

  // What was posted is all that the fold says.
  void ExpectNoDifferences() {
    const FactsView view = company_.View();
    for (const auto& [folded, close] : closes_) {
      for (const v1::Statement& statement : close.statements) {
        std::vector<std::string> texts;
        const auto differences =
            payfold::DifferencesOfPeriod(view, statement.participant_id(), close.closed.period());
        ASSERT_THAT(differences.status(), IsOk());
        for (const v1::PriorPeriodAdjustment& difference : *differences) {
          texts.push_back(TextOf(difference));
        }
        EXPECT_THAT(texts, IsEmpty());
      }
    }
  }

  ClosingCompany company_;
  std::vector<std::pair<uint64_t, ComputedClose>> closes_;
  MoneyByPerson money_, carried_;
};

TEST_P(RandomCloseTest, EveryCloseAddsUpToTheFoldAndStaysAsItIs) {
  RandomSource random(GetParam());
  const std::vector<v1::Event> events = Events();
  constexpr int kCloses = 4;
  int closed = 0;
  const auto close_next = [&] {
    auto period = payfold::FirstOpenPeriod(company_.View());
    if (closed == 0 && random.Chance(50)) {
      period = company_.View().reference().calendar().Label(
          company_.View().reference().PayoutPeriodOf(Date::Of(2025, 2, 1)));
    }
    ASSERT_THAT(period, IsOk());
    CloseAndCheck(*period);
    ++closed;
  };
  for (size_t i = 0; i < events.size(); ++i) {
    company_.Add(events[i]);
    if (i > events.size() / 2 && random.Chance(10) && closed < kCloses) close_next();
  }
  while (closed < kCloses) close_next();
  for (const auto& [folded, close] : closes_) {
    const auto difference = payfold::CheckClose(
        company_.ViewAt(folded), company_.PostedOf("", close.closed.period()), close.closed);
    ASSERT_THAT(difference, IsOk());
    EXPECT_EQ(difference->has_value() ? (*difference)->text : "", "");
  }
}

INSTANTIATE_TEST_SUITE_P(Random, RandomCloseTest, ::testing::Range<uint64_t>(1, 41));

}  // namespace
}  // namespace payfold_testing
