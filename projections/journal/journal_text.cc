#include "projections/journal/journal_text.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

using Request = v1::ExportJournalRequest;

// Accounts are open from the first day a fact may be dated: entries come in order of
// position, not of date.
constexpr absl::string_view kFirstDay = "1900-01-01";

// An amount of 1,000 as it is written, which says how many digits there are.
std::string SampleAmount(Currency currency) {
  return absl::StrCat(FormatPlainAmount(1'000 * currency.minor_per_major(), currency),
                      currency.digits() == 0 ? "." : "");
}

}  // namespace

std::string JournalText::Begin() const {
  switch (format_) {
    case Request::HLEDGER:
      return "; Payfold's journal; the code of an entry is its position and place\ndecimal-mark "
             ".\n";
    case Request::LEDGER:
    case Request::BEANCOUNT:
      return "; Payfold's journal; the code of an entry is its position and place\n";
    default:
      return "entry_id,date,period,participant,plan,description,account,amount,currency\r\n";
  }
}

absl::StatusOr<std::string> JournalText::Write(const v1::JournalEntry& entry) {
  if (entry.postings().empty()) return std::string();
  const std::string& code = entry.postings(0).amount().currency();
  absl::StatusOr<Currency> currency = Currency::Parse(code);
  if (!currency.ok()) {
    return absl::DataLossError(absl::StrCat("the event at position ", entry.position(),
                                            " has an amount in \"", code,
                                            "\", a currency this release does not know"));
  }
  if (format_ == Request::CSV) return WriteRecords(entry, *currency);
  std::string declarations;
  for (const v1::Posting& posting : entry.postings()) {
    declarations += Declare(posting, *currency);
  }
  return absl::StrCat(declarations, WriteEntry(entry, *currency));
}

std::string JournalText::Declare(const v1::Posting& posting, Currency currency) {
  const std::string& code = posting.amount().currency();
  const bool new_currency = declared_.insert(code).second;
  std::string text;
  switch (format_) {
    case Request::HLEDGER:
      if (new_currency) {
        absl::StrAppend(&text, "\ncommodity ", SampleAmount(currency), " ", code, "\n");
      }
      break;
    case Request::LEDGER:
      if (new_currency) absl::StrAppend(&text, "\ncommodity ", code, "\n");
      break;
    default:
      if (new_currency) absl::StrAppend(&text, "\n", kFirstDay, " commodity ", code, "\n");
  }
  if (!declared_.insert(posting.account()).second) return text;
  if (format_ == Request::BEANCOUNT) {
    return absl::StrCat(text, "\n", kFirstDay, " open ", posting.account(), "\n");
  }
  return absl::StrCat(text, "\naccount ", posting.account(), "\n");
}

std::string JournalText::WriteEntry(const v1::JournalEntry& entry, Currency currency) const {
  std::string text = format_ == Request::BEANCOUNT
                         ? absl::StrCat("\n", entry.date(), " * \"", entry.description(),
                                        "\"\n  entry: \"", entry.entry_id(), "\"\n")
                         : absl::StrCat("\n", entry.date(), " * (", entry.entry_id(), ") ",
                                        entry.description(), "\n");
  for (const v1::Posting& posting : entry.postings()) {
    absl::StrAppend(&text, "    ", posting.account(), "  ",
                    FormatPlainAmount(posting.amount().minor_units(), currency), " ",
                    currency.code(), "\n");
  }
  return text;
}

std::string JournalText::WriteRecords(const v1::JournalEntry& entry, Currency currency) const {
  std::string text;
  for (const v1::Posting& posting : entry.postings()) {
    // Nothing needs quotes: ids, labels and descriptions hold no comma, quote or line end.
    absl::StrAppend(
        &text,
        absl::StrJoin({entry.entry_id(), entry.date(), entry.period(), entry.participant_id(),
                       entry.plan_id(), entry.description(), posting.account(),
                       FormatPlainAmount(posting.amount().minor_units(), currency),
                       std::string(currency.code())},
                      ","),
        "\r\n");
  }
  return text;
}

}  // namespace payfold
