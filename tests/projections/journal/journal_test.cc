#include "projections/journal/journal.h"

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "projections/journal/account_name.h"
#include "tests/projections/journal/posted_story.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::Journal;
using payfold::v1::Event;
using payfold::v1::JournalEntry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The event in the text form of protobuf, at that position.
Event EventOf(const std::string& text, uint64_t position = 9) {
  Event event;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &event)) << text;
  event.set_position(position);
  return event;
}

// A statement of ana for 2025-01 in yen.
Event Statement(const std::string& fields) {
  return EventOf(
      absl::StrCat("statement_posted { statement { participant_id: 'ana' "
                   "period: '2025-01' last_day: '2025-01-31' currency: 'JPY' ",
                   fields, "} }"));
}
std::string Settlement(const std::string& fields) {
  return absl::StrCat("settlements { plan_id: 'ae' ", fields, "}");
}
std::string Change(const std::string& fields) {
  return absl::StrCat("prior_adjustments { origin_period: '2024-12' difference { plan_id: 'ae' ",
                      fields, "} }");
}

// "Assets:Draws:Ana 5, Liabilities:Commissions:Ana -5" for each entry.
std::vector<std::string> Postings(const std::vector<JournalEntry>& entries) {
  std::vector<std::string> rows;
  for (const JournalEntry& entry : entries) {
    rows.push_back(absl::StrJoin(entry.postings(), ", ", [](std::string* out, const auto& posting) {
      absl::StrAppend(out, posting.account(), " ", posting.amount().minor_units());
    }));
  }
  return rows;
}
std::vector<std::string> PostingsOf(const Event& event) { return Postings(JournalOf({event})); }

TEST(Journal, EachRowOfTheTableIsAnEntryAndNegativeAmountsSwapSides) {
  const struct {
    std::string what;
    std::string fields;
    std::string row;
  } kRows[] = {
      {"close", "earned_minor_units: 70",
       "Expenses:Commissions:Ae 70, Liabilities:Commissions:Ana -70"},
      {"clawback", "earned_minor_units: -70",
       "Expenses:Commissions:Ae -70, Liabilities:Commissions:Ana 70"},
      {"all held", "earned_minor_units: 70 held_minor_units: 70",
       "Expenses:Commissions:Ae 70, Liabilities:Held:Ana -70"},
      {"taken from held", "earned_minor_units: -70 held_minor_units: -70",
       "Expenses:Commissions:Ae -70, Liabilities:Held:Ana 70"},
      {"release", "released_minor_units: 30",
       "Liabilities:Held:Ana 30, Liabilities:Commissions:Ana -30"},
      {"recoverable draw, topped up", "top_up_minor_units: 50 joined_minor_units: 50",
       "Assets:Draws:Ana 50, Liabilities:Commissions:Ana -50"},
      {"draw that is not recoverable", "top_up_minor_units: 50",
       "Expenses:Commissions:Ae 50, Liabilities:Commissions:Ana -50"},
      {"draw of which a part joins", "top_up_minor_units: 50 joined_minor_units: 20",
       "Assets:Draws:Ana 20, Expenses:Commissions:Ae 30, Liabilities:Commissions:Ana -50"},
      {"draw paid up front", "draw_paid_minor_units: 50 joined_minor_units: 50",
       "Assets:Draws:Ana 50, Assets:Cash:JPY -50"},
      {"given up front", "draw_paid_minor_units: 50",
       "Expenses:Commissions:Ae 50, Assets:Cash:JPY -50"},
      {"negative earnings deferred", "deferred_minor_units: 40 joined_minor_units: 40",
       "Assets:Draws:Ana 40, Liabilities:Commissions:Ana -40"},
      {"recovery", "recovery_minor_units: 25",
       "Liabilities:Commissions:Ana 25, Assets:Draws:Ana -25"},
  };
  for (const auto& row : kRows) {
    EXPECT_THAT(PostingsOf(Statement(Settlement(row.fields))), ElementsAre(row.row)) << row.what;
    EXPECT_THAT(PostingsOf(Statement(Change(row.fields))), ElementsAre(row.row)) << row.what;
  }
}

TEST(Journal, AStatementIsAnEntryForEachKindOfMovement) {
  const std::vector<JournalEntry> entries = JournalOf({Statement(absl::StrCat(
      Settlement("earned_minor_units: 100 held_minor_units: 40 released_minor_units: 10 "
                 "recovery_minor_units: 5"),
      "carried_in_minor_units: -30 carried_out_minor_units: 0 payable_minor_units: 35 ",
      "adjustments { adjustment_id: 'A-1' amount { currency: 'JPY' minor_units: 7 } }"
      "adjustments { adjustment_id: 'A-2' amount { currency: 'JPY' minor_units: -8 }"
      "              plan_id: 'ae' }"))});
  EXPECT_THAT(Postings(entries),
              ElementsAre("Expenses:Commissions:Ae 60, Liabilities:Commissions:Ana -60",
                          "Expenses:Commissions:Ae 40, Liabilities:Held:Ana -40",
                          "Liabilities:Held:Ana 10, Liabilities:Commissions:Ana -10",
                          "Liabilities:Commissions:Ana 5, Assets:Draws:Ana -5",
                          "Expenses:Adjustments 7, Liabilities:Commissions:Ana -7",
                          "Expenses:Commissions:Ae -8, Liabilities:Commissions:Ana 8"));
  EXPECT_EQ(entries[1].entry_id(), "9/2");
  EXPECT_EQ(entries[1].date(), "2025-01-31");
  EXPECT_EQ(entries[1].period(), "2025-01");
  EXPECT_EQ(entries[1].participant_id(), "ana");
  EXPECT_EQ(entries[1].plan_id(), "ae");
  EXPECT_EQ(entries[1].position(), 9);
  EXPECT_EQ(entries[1].description(), "Statement 2025-01 of ana: ae held");
  EXPECT_EQ(entries[4].description(), "Statement 2025-01 of ana: adjustment A-1");
  EXPECT_EQ(entries[4].plan_id(), "");
}

TEST(Journal, OpeningsBeforeTheFirstCloseMoveNothingASecondTime) {
  EXPECT_THAT(PostingsOf(Statement("prior_adjustments { origin_period: '2024-12' "
                                   "opening_minor_units: 90 payable_minor_units: 97 "
                                   "adjustments { adjustment_id: 'A-1' amount { currency: 'JPY' "
                                   "minor_units: 7 } } }")),
              ElementsAre("Expenses:Adjustments 7, Liabilities:Commissions:Ana -7"));
}

TEST(Journal, APaymentMovesCash) {
  const std::vector<JournalEntry> entries = JournalOf(
      {EventOf("payment_recorded { period: '2025-01' participant_id: 'ana' reference: 'P-1' "
               "paid_on: '2025-02-05' amount { currency: 'JPY' minor_units: 60 } }")});
  EXPECT_THAT(Postings(entries),
              ElementsAre("Liabilities:Commissions:Ana 60, Assets:Cash:JPY -60"));
  EXPECT_EQ(entries[0].date(), "2025-02-05");
  EXPECT_EQ(entries[0].description(), "Payment P-1 to ana for 2025-01");
}

Event Opening(const std::string& kind, const std::string& id, uint64_t position) {
  return EventOf(
      absl::StrCat("event_id: '", id, "' opening_balance { participant_id: 'ana' kind: ", kind,
                   " as_of: '2024-12-31' amount { currency: 'JPY' minor_units: 11 } }"),
      position);
}
Event VoidOf(const std::string& id, uint64_t position) {
  return EventOf(absl::StrCat("fact_voided { event_id: '", id, "' }"), position);
}

TEST(Journal, AnOpeningBalanceStandsOnTheSideOfItsAccount) {
  EXPECT_THAT(PostingsOf(Opening("PAYABLE", "o", 1)),
              ElementsAre("Equity:Opening 11, Liabilities:Commissions:Ana -11"));
  EXPECT_THAT(PostingsOf(Opening("HELD", "o", 1)),
              ElementsAre("Equity:Opening 11, Liabilities:Held:Ana -11"));
  EXPECT_THAT(PostingsOf(Opening("DRAW", "o", 1)),
              ElementsAre("Assets:Draws:Ana 11, Equity:Opening -11"));
}

TEST(Journal, AVoidedOpeningIsTakenBackOnce) {
  EXPECT_THAT(Postings(JournalOf({Opening("HELD", "o", 1), VoidOf("o", 2), VoidOf("o", 3)})),
              ElementsAre("Equity:Opening 11, Liabilities:Held:Ana -11",
                          "Equity:Opening -11, Liabilities:Held:Ana 11"));
}

TEST(Journal, AnOpeningThatWasVoidedBeforehandIsNone) {
  EXPECT_THAT(Postings(JournalOf({VoidOf("o", 1), Opening("HELD", "o", 2)})), IsEmpty());
}

TEST(Journal, OtherFactsMoveNoMoney) {
  EXPECT_THAT(PostingsOf(EventOf("deal_booked { deal_id: 'd' }")), IsEmpty());
  EXPECT_THAT(PostingsOf(Statement(Settlement(""))), IsEmpty());
}

TEST(Journal, AnAmountThatDoesNotFitIsRefused) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  Journal journal;
  EXPECT_THAT(journal.Add(Statement(
                  Settlement(absl::StrCat("earned_minor_units: ", most, " held_minor_units: -1")))),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("position 9")));
}

TEST(Journal, AFilterKeepsWholeEntries) {
  PostedStory story(3, {"ana", "ben"}, {"ae", "se"}, {"USD"});
  const std::vector<JournalEntry> entries = JournalOf(story.Tell(6));
  const struct {
    payfold::JournalFilter filter;
    std::string (*field)(const JournalEntry&);
    std::string value;
  } kCases[] = {
      {{.period = "2024-03"}, [](const JournalEntry& e) { return e.period(); }, "2024-03"},
      {{.plan_id = "se"}, [](const JournalEntry& e) { return e.plan_id(); }, "se"},
      {{.participant_id = "ben"}, [](const JournalEntry& e) { return e.participant_id(); }, "ben"},
  };
  for (const auto& c : kCases) {
    int kept = 0;
    for (const JournalEntry& entry : entries) {
      EXPECT_EQ(Matches(c.filter, entry), c.field(entry) == c.value) << entry.DebugString();
      kept += Matches(c.filter, entry) ? 1 : 0;
    }
    EXPECT_GT(kept, 0);
    EXPECT_LT(kept, static_cast<int>(entries.size()));
  }
}

// Whatever numbers were posted.
TEST(Journal, DebitsEqualCreditsAndAccountsAreWhatIsOwed) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    PostedStory story(seed, {"ana", "ben"}, {"ae", "se"}, {"USD", "JPY"});
    const std::vector<JournalEntry> entries = JournalOf(story.Tell(8));
    std::set<std::string> ids;
    for (const JournalEntry& entry : entries) {
      int64_t sum = 0;
      for (const auto& posting : entry.postings()) sum += posting.amount().minor_units();
      ASSERT_EQ(sum, 0) << entry.DebugString();
      ASSERT_TRUE(ids.insert(entry.entry_id()).second) << entry.entry_id();
    }
    AccountBalances sums = SumsOf(entries);
    for (const auto& [who, standing] : story.standings()) {
      const auto& [participant, currency] = who;
      const auto balance = [&](const std::string& account) { return sums[{account, currency}]; };
      ASSERT_EQ(balance(payfold::CommissionLiability(participant)),
                -(standing.payable + standing.carried + standing.opened - standing.paid));
      ASSERT_EQ(balance(payfold::HeldLiability(participant)), -standing.held);
      ASSERT_EQ(balance(payfold::DrawAsset(participant)), standing.draws);
    }
  }
}

}  // namespace
}  // namespace payfold_testing
