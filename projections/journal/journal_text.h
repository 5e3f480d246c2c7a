// The journal as text that hledger, ledger and beancount take, and as CSV.
//
//   JournalText text(v1::ExportJournalRequest::HLEDGER);
//   out += text.Begin();
//   for (const v1::JournalEntry& entry : entries) out += *text.Write(entry);
//
// An account or currency is declared just before the entry that first uses it, so that a
// later export begins with the whole of an earlier one.

#ifndef PROJECTIONS_JOURNAL_JOURNAL_TEXT_H_
#define PROJECTIONS_JOURNAL_JOURNAL_TEXT_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "ledger/money/currency.h"
#include "payfold/v1/period_service.pb.h"

namespace payfold {

class JournalText {
 public:
  // REQUIRES: a format of text.
  explicit JournalText(v1::ExportJournalRequest::Format format) : format_(format) {}

  // What stands before the first entry.
  std::string Begin() const;
  // Errors: kDataLoss for a currency this release does not know.
  absl::StatusOr<std::string> Write(const v1::JournalEntry& entry);

 private:
  std::string Declare(const v1::Posting& posting, Currency currency);
  std::string WriteRecords(const v1::JournalEntry& entry, Currency currency) const;
  std::string WriteEntry(const v1::JournalEntry& entry, Currency currency) const;

  const v1::ExportJournalRequest::Format format_;
  absl::flat_hash_set<std::string> declared_;  // accounts and currencies
};

}  // namespace payfold

#endif  // PROJECTIONS_JOURNAL_JOURNAL_TEXT_H_
