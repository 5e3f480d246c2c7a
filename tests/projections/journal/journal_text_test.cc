#include "projections/journal/journal_text.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/journal/journal.h"
#include "tests/projections/journal/posted_story.h"
#include "tests/support/accounting_tools.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::v1::JournalEntry;
using Request = payfold::v1::ExportJournalRequest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr Request::Format kTools[] = {Request::HLEDGER, Request::LEDGER, Request::BEANCOUNT};

// 128 characters, all of which must be written in another way.
std::string LongId() {
  std::string id = "Z";
  while (id.size() < 128) id += "~@:._-.-"[id.size() % 8];
  return id;
}

std::vector<JournalEntry> StrangeJournal() {
  PostedStory story(11, {"ana", "Ana", "a.n@x:y", "a-", "a--d", "17", LongId()},
                    {"ae-2025", "AE-2025", "p~q_r"}, {"USD", "JPY", "KWD"});
  return JournalOf(story.Tell(5));
}

TEST(JournalText, HledgerLedgerAndBeancountTakeItWithTheSameBalances) {
  const std::vector<JournalEntry> entries = StrangeJournal();
  for (const Request::Format tool : kTools) {
    EXPECT_THAT(Judge(tool, TextOf(tool, entries)), IsOkAndHolds(SumsOf(entries)))
        << Request::Format_Name(tool);
  }
}

TEST(JournalText, APartOfItIsAJournalToo) {
  const std::vector<JournalEntry> entries = StrangeJournal();
  for (const payfold::JournalFilter& filter :
       {payfold::JournalFilter{.plan_id = "p~q_r"}, payfold::JournalFilter{.participant_id = "Ana"},
        payfold::JournalFilter{.period = "2024-02"}}) {
    std::vector<JournalEntry> kept;
    for (const JournalEntry& entry : entries) {
      if (Matches(filter, entry)) kept.push_back(entry);
    }
    for (const Request::Format tool : kTools) {
      EXPECT_THAT(Judge(tool, TextOf(tool, kept)), IsOkAndHolds(SumsOf(kept)))
          << Request::Format_Name(tool);
    }
  }
}

// That the judges can say no.
TEST(JournalText, TheToolsRefuseWhatDoesNotBalance) {
  std::vector<JournalEntry> entries = StrangeJournal();
  payfold::v1::Money& amount = *entries.back().mutable_postings(0)->mutable_amount();
  amount.set_minor_units(amount.minor_units() + 1);
  for (const Request::Format tool : kTools) {
    EXPECT_THAT(Judge(tool, TextOf(tool, entries)),
                StatusIs(absl::StatusCode::kFailedPrecondition, Not(IsEmpty())))
        << Request::Format_Name(tool);
  }
}

TEST(JournalText, ALaterExportBeginsWithTheEarlierOne) {
  PostedStory story(5, {"ana", "ben"}, {"ae"}, {"USD", "KWD"});
  const std::vector<payfold::v1::Event> events = story.Tell(6);
  const std::vector<payfold::v1::Event> earlier(events.begin(), events.begin() + 9);
  for (const Request::Format format :
       {Request::HLEDGER, Request::LEDGER, Request::BEANCOUNT, Request::CSV}) {
    EXPECT_THAT(TextOf(format, JournalOf(events)), StartsWith(TextOf(format, JournalOf(earlier))))
        << Request::Format_Name(format);
  }
}

JournalEntry Entry(const std::string& currency, int64_t amount) {
  JournalEntry entry;
  entry.set_entry_id("41/2");
  entry.set_date("2025-01-31");
  entry.set_description("Statement 2025-01 of ana: ae held");
  entry.set_period("2025-01");
  entry.set_participant_id("ana");
  entry.set_plan_id("ae");
  for (const int sign : {1, -1}) {
    payfold::v1::Posting& posting = *entry.add_postings();
    posting.set_account(sign > 0 ? "Expenses:Commissions:Ae" : "Liabilities:Held:Ana");
    posting.mutable_amount()->set_currency(currency);
    posting.mutable_amount()->set_minor_units(sign * amount);
  }
  return entry;
}

TEST(JournalText, AmountsHaveTheDigitsOfTheirCurrency) {
  EXPECT_THAT(TextOf(Request::LEDGER, {Entry("USD", 123456)}), HasSubstr(" -1234.56 USD\n"));
  EXPECT_THAT(TextOf(Request::LEDGER, {Entry("JPY", 123456)}), HasSubstr(" -123456 JPY\n"));
  EXPECT_THAT(TextOf(Request::LEDGER, {Entry("KWD", 5)}), HasSubstr(" -0.005 KWD\n"));
}

TEST(JournalText, CsvHasARecordForEachPosting) {
  EXPECT_EQ(TextOf(Request::CSV, {Entry("USD", 50)}),
            "entry_id,date,period,participant,plan,description,account,amount,currency\r\n"
            "41/2,2025-01-31,2025-01,ana,ae,Statement 2025-01 of ana: ae held,"
            "Expenses:Commissions:Ae,0.50,USD\r\n"
            "41/2,2025-01-31,2025-01,ana,ae,Statement 2025-01 of ana: ae held,"
            "Liabilities:Held:Ana,-0.50,USD\r\n");
}

TEST(JournalText, ACurrencyNobodyKnowsIsDamage) {
  payfold::JournalText text(Request::CSV);
  EXPECT_THAT(text.Write(Entry("XYZ", 1)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("\"XYZ\"")));
}

}  // namespace
}  // namespace payfold_testing
