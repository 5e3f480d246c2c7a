// What people read: statements, explanations, errors, progress, moments.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/support/status_matchers.h"
#include "tools/event_lines.h"
#include "tools/explanation_text.h"
#include "tools/moment.h"
#include "tools/output.h"
#include "tools/payments.h"
#include "tools/progress.h"
#include "tools/report.h"
#include "tools/statement_html.h"
#include "tools/statement_text.h"

namespace payfold {
namespace {

using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

TEST(StatementText, ReadsLikeAPageFinanceHandsOut) {
  const auto response = Parse<v1::GetStatementResponse>(R"(
    at { position: 41 plans_position: 41 }
    display_name: "Ana Example"
    statements {
      participant_id: "ana" period: "2025-01" currency: "USD"
      first_day: "2025-01-01" last_day: "2025-01-31"
      lines { line_id: "ana/ae/com/2025-01/rate/2025-01" plan_id: "ae" component_id: "com"
              date: "2025-01-15" amount { currency: "USD" minor_units: 123450 } }
      lines { line_id: "ana/ae/com/2025-01/rate/2025-02" plan_id: "ae" component_id: "com"
              date: "2025-01-20" amount { currency: "USD" minor_units: -450 } }
      components { plan_id: "ae" component_id: "com" display_name: "Commission"
                   earned { currency: "USD" minor_units: 123000 } }
      earned_minor_units: 123000
      adjustments { adjustment_id: "adj-1" position: 40
                    amount { currency: "USD" minor_units: 1000 } }
      payable_minor_units: 124000
      notes: "D-9 waits for its owner."
    })");
  EXPECT_EQ(StatementText(response),
            "STATEMENT  2025-01\n"
            "For        Ana Example (ana)\n"
            "Period     2025-01-01 to 2025-01-31\n"
            "Currency   USD\n"
            "Known      as of position 41\n"
            "\n"
            "Commission (ae/com)\n"
            "  2025-01-15  ana/ae/com/2025-01/rate/2025-01                 1,234.50\n"
            "  2025-01-20  ana/ae/com/2025-01/rate/2025-02                    -4.50\n"
            "                                                              --------\n"
            "                                                              1,230.00\n"
            "\n"
            "Earned                                                        1,230.00\n"
            "Adjustment adj-1 (position 40)                                   10.00\n"
            "                                                              --------\n"
            "PAYABLE IN USD                                                1,240.00\n"
            "\n"
            "Notes\n"
            "  - D-9 waits for its owner.\n");
}

TEST(StatementText, SaysWhenNothingWasEarned) {
  const auto response = Parse<v1::GetStatementResponse>(R"(
    at { position: 2 plans_position: 1 }
    statements { participant_id: "ben" period: "2025-01" currency: "JPY" })");
  const std::string text = StatementText(response);
  EXPECT_THAT(text, HasSubstr("For        ben\n"));
  EXPECT_THAT(text, HasSubstr("as of position 2, plans as of position 1"));
  EXPECT_THAT(text, HasSubstr("Nothing was earned in this period."));
}

TEST(StatementText, SaysWhatChangedOfEarlierPeriodsAndWhy) {
  const auto response = Parse<v1::GetStatementResponse>(R"(
    at { position: 60 plans_position: 60 }
    state: OPEN
    statements {
      participant_id: "ana" period: "2025-03" currency: "USD" payable_minor_units: 2500
      rewards { kind: BADGE name: "starter" units: 2 }
      prior_adjustments {
        origin_period: "2025-01" payable_minor_units: 2500
        difference { plan_id: "ae" earned_minor_units: 3000 held_minor_units: 500 }
        components { plan_id: "ae" component_id: "com"
                     earned { currency: "USD" minor_units: 3000 } }
        cause: "D-9 was booked late." positions: 55 positions: 57
      }
      prior_adjustments_minor_units: 2500
    })");
  const std::string text = StatementText(response);
  for (const char* part :
       {"Change of 2025-01 (ae)", "    earned by com", "Held (ae)", "  - D-9 was booked late.\n",
        "  - positions 55, 57\n", "  in all: 2 × badge starter\n"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, testing::Not(HasSubstr("as it was posted")));
}

constexpr char kPosted[] = R"(
    at { position: 60 plans_position: 60 }
    display_name: "<Ana> & \"Co\""
    state: APPROVED
    statements { participant_id: "ana" period: "2025-01" currency: "USD"
                 earned_minor_units: 10000 payable_minor_units: 10000 }
    now { participant_id: "ana" period: "2025-01" currency: "USD" earned_minor_units: 13000 }
    differences { origin_period: "2025-01" payable_minor_units: 3000
                  difference { plan_id: "ae" earned_minor_units: 3000 } }
    disputes { dispute_id: "Q-1" line_id: "L" text: "<script>" opened_position: 50 }
    disputes { dispute_id: "Q-2" text: "and?" opened_position: 51 resolved_position: 52
               outcome: "paid" adjustment_id: "A-1" })";

TEST(StatementText, ShowsAPostedStatementBesideWhatIsKnownNow) {
  const std::string text = StatementText(Parse<v1::GetStatementResponse>(kPosted));
  for (const char* part :
       {"APPROVED: the statement is as it was posted", "Earned, posted", "Earned, now",
        "What the next close adjusts", "  - Q-1 of L (position 50): <script> - open\n",
        "  - Q-2 of the statement (position 51): and? - resolved at position 52: paid, "
        "adjustment A-1\n"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(StatementHtml, IsOneFileWhoseTextIsEscaped) {
  const std::string html = StatementHtml(Parse<v1::GetStatementResponse>(kPosted));
  EXPECT_THAT(html, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(html, HasSubstr("&lt;Ana&gt; &amp; &quot;Co&quot; (ana)"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(html, HasSubstr("@media print"));
  for (const char* other : {"<script", "<Ana>", "http://", "https://", "src="}) {
    EXPECT_THAT(html, testing::Not(HasSubstr(other)));
  }
}

TEST(Money, IsReadExactlyInTheDigitsOfItsCurrency) {
  const struct {
    std::string amount;
    std::string currency;
    int64_t minor;
  } kCases[] = {{"12.34", "USD", 1234},
                {"12", "USD", 1200},
                {"-0.5", "USD", -50},
                {"12", "JPY", 12},
                {"1.234", "KWD", 1234}};
  for (const auto& c : kCases) {
    const auto money = ParseMoney(c.amount, c.currency);
    ASSERT_TRUE(money.ok()) << c.amount << ": " << money.status();
    EXPECT_EQ(money->minor_units(), c.minor) << c.amount;
    EXPECT_EQ(money->currency(), c.currency);
  }
  for (const auto& [amount, currency] :
       std::vector<std::pair<std::string, std::string>>{{"1.234", "USD"},
                                                        {"0.5", "JPY"},
                                                        {"1,000", "USD"},
                                                        {"", "USD"},
                                                        {"1", "XYZ"},
                                                        {"99999999999999", "USD"}}) {
    EXPECT_THAT(ParseMoney(amount, currency), StatusIs(absl::StatusCode::kInvalidArgument))
        << amount << " " << currency;
  }
}

TEST(ExplanationText, GoesFromTheSentenceDownToThePositions) {
  const auto response = Parse<v1::ExplainLineResponse>(R"(
    at { position: 9 plans_position: 9 }
    line {
      line_id: "L" plan_id: "ae" payout_period: "2025-01" date: "2025-01-15" plan_version: 2
      amount { currency: "USD" minor_units: 10000 }
      explanation {
        sentence: "10% of 1,000.00."
        measure: "credited amount of own deals" measure_to_date: "1000"
        steps { text: "10% × 1,000.00" exact: "100" }
        amount_to_date_minor_units: 10000
        attributions { deal_id: "D-1" minor_units: 9999 credit_minor_units: 100000
                       positions: 3 positions: 5 }
        unattributed_minor_units: 1
        positions: 1 positions: 2
        rounding: "HALF_UP"
      }
    })");
  const std::string text = LineExplanationText(response);
  for (const char* part :
       {"Line L: USD 100.00\n", "by version 2 of plan ae", "10% of 1,000.00.",
        "measure             credited amount of own deals\n", "1. 10% × 1,000.00 = 100\n",
        "D-1               99.99    1,000.00  3, 5\n", "(no deal)          0.01\n",
        "Other facts: positions 1, 2\n"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ExplanationText, SaysWhyADealWasLeftOut) {
  const auto response = Parse<v1::ExplainDealResponse>(R"(
    at { position: 9 plans_position: 9 }
    facts: "booked on 2025-01-15 for USD 1,000.00" positions: 3
    components { plan_id: "ae" component_id: "com" reason: "product is not one of A, B" })");
  const std::string text = DealExplanationText("D-1", "ana", response);
  EXPECT_THAT(text, HasSubstr("position 3: booked on 2025-01-15"));
  EXPECT_THAT(text, HasSubstr("ae/com: left out; product is not one of A, B\n"));
}

TEST(Json, MapEntriesAreInOrderOfKey) {
  v1::SplitPolicySet policy;
  for (const char* role : {"sdr", "ae", "vp", "se", "csm", "mgr"}) {
    policy.mutable_role_shares()->insert({role, "1"});
  }
  const std::string json = JsonText(policy);
  size_t last = 0;
  for (const char* role : {"\"ae\"", "\"csm\"", "\"mgr\"", "\"sdr\"", "\"se\"", "\"vp\""}) {
    const size_t found = json.find(role, last);
    ASSERT_NE(found, std::string::npos) << role << " in " << json;
    last = found;
  }
}

TEST(Report, GivesALineForEachViolationAndCountsTheRest) {
  EXPECT_THAT(ErrorLines(WithViolations(absl::InvalidArgumentError("bad"), "X",
                                        {{"a", "is bad"}, {"b", "is\nworse"}})),
              ElementsAre("a: is bad", "b: is worse"));
  std::vector<FieldViolation> many(200, {"field", std::string(100, 'x')});
  const std::vector<std::string> lines =
      ErrorLines(WithViolations(absl::InvalidArgumentError("bad"), "X", many));
  EXPECT_THAT(lines.back(), HasSubstr(" more"));
  EXPECT_THAT(ErrorLines(absl::NotFoundError("one\nline")), ElementsAre("one line"));
}

TEST(Report, GivesTheDocumentedExitCodes) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kDone);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("x")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("x")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(UsageError("x")), ExitCode::kBadUsage);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("x")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(WithReason(absl::NotFoundError("x"), kReasonLedgerNotFound)),
            ExitCode::kUnreachable);
}

TEST(Progress, ShowsHowFarItIs) {
  EXPECT_EQ(ProgressText("appending", 4'500, 10'000),
            "appending  [#########...........]   45%  4,500 of 10,000");
  EXPECT_EQ(ProgressText("x", 0, 0), "x  [####################]  100%  0 of 0");
  EXPECT_EQ(ProgressText("x", 9, 3), "x  [####################]  100%  3 of 3");
}

TEST(Output, AmountsHaveThousandsForPeopleOnly) {
  EXPECT_EQ(AmountText(123'456'700, "USD", OutputFormat::kTable), "1,234,567.00");
  EXPECT_EQ(AmountText(123'456'700, "USD", OutputFormat::kCsv), "1234567.00");
  EXPECT_EQ(AmountText(-5, "JPY", OutputFormat::kTable), "-5");
  EXPECT_EQ(AmountText(5, "", OutputFormat::kTable), "5");
}

constexpr int64_t kNoon = 1'741'176'000;  // 2025-03-05T12:00:00Z

TEST(Moment, IsAPositionADateOrATime) {
  const absl::Time now = absl::FromUnixSeconds(kNoon);
  EXPECT_EQ(ParseMoment("41", "--as-of", now)->position(), 41U);
  EXPECT_EQ(ParseMoment("2025-03-05T11:00:00+01:00", "--as-of", now)->recorded_at().seconds(),
            kNoon - 7'200);
}

TEST(Moment, ADateIsItsWholeDayAndTodayIsUntilNow) {
  const absl::Time now = absl::FromUnixSeconds(kNoon);
  EXPECT_EQ(ParseMoment("2025-03-04", "--as-of", now)->recorded_at().seconds(), kNoon - 43'200 - 1);
  EXPECT_EQ(ParseMoment("2025-03-05", "--as-of", now)->recorded_at().seconds(), kNoon);
  EXPECT_GT(ParseMoment("2025-03-06", "--as-of", now)->recorded_at().seconds(), kNoon);
}

TEST(Moment, AnythingElseIsBadUsage) {
  for (const char* text :
       {"", "yesterday", "2025-02-30", "-1", "99999999999999999999", "2025-03-05T25:00:00Z"}) {
    const auto moment = ParseMoment(text, "--as-of", absl::FromUnixSeconds(kNoon));
    EXPECT_THAT(moment, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--as-of"))) << text;
    EXPECT_EQ(ExitCodeOf(moment.status()), ExitCode::kBadUsage) << text;
  }
}

constexpr char kEvent[] =
    R"({"event_id": "e1", "source": "crm", "deal_cancelled": {"deal_id": "D", )"
    R"("cancelled_on": "2025-01-01"}})";

TEST(EventLines, NumberLinesAndPassOverBlankOnes) {
  const std::string text = absl::StrCat("\xEF\xBB\xBF", kEvent, "\r\n\n  \nnonsense\n", kEvent);
  EventLines lines(text);
  EventBatch batch;
  ASSERT_TRUE(lines.Next(&batch));
  EXPECT_THAT(batch.lines, ElementsAre(1, 5));
  ASSERT_EQ(batch.bad.size(), 1U);
  EXPECT_EQ(batch.bad[0].line, 4U);
  EXPECT_EQ(lines.bytes_read(), text.size());
  EXPECT_FALSE(lines.Next(&batch));
}

TEST(EventLines, CutBatchesAtTheLimitOfEvents) {
  std::string text;
  for (int i = 0; i < 10'001; ++i) absl::StrAppend(&text, kEvent, "\n");
  EventLines lines(text);
  EventBatch batch;
  ASSERT_TRUE(lines.Next(&batch));
  EXPECT_EQ(batch.events.size(), 10'000U);
  ASSERT_TRUE(lines.Next(&batch));
  EXPECT_THAT(batch.lines, ElementsAre(10'001));
}

TEST(EventLines, CutBatchesAtTheLimitOfBytes) {
  const std::string text =
      absl::StrCat(R"({"event_id": "e", "source": "s", "participant_erased": {"reason": ")",
                   std::string(1'500'000, 'x'), "\"}}\n");
  const std::string all = absl::StrCat(text, text, text);
  EventLines lines(all);
  EventBatch batch;
  ASSERT_TRUE(lines.Next(&batch));
  EXPECT_THAT(batch.lines, ElementsAre(1, 2));
  ASSERT_TRUE(lines.Next(&batch));
  EXPECT_THAT(batch.lines, ElementsAre(3));
}

TEST(EventLines, FindTheLineOfAViolation) {
  EventBatch batch;
  batch.lines = {3, 7};
  const BadLine line = LineOfViolation(batch, "events[1].deal_booked.booked_on", "is no date");
  EXPECT_EQ(line.line, 7U);
  EXPECT_EQ(line.message, "deal_booked.booked_on: is no date");
  EXPECT_EQ(LineOfViolation(batch, "events", "are too many").line, 3U);
}

}  // namespace
}  // namespace payfold
