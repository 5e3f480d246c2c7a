// The journal: every movement of money that was posted, as balanced double entries.
//
//   Journal journal;
//   for (each event, in order of position) {
//     ASSIGN_OR_RETURN(auto entries, journal.Add(event));
//   }
//
// What was posted is all it reads: statements, payments and opening balances. So an
// entry never changes, and a later journal is the earlier one with more at its end.
//
// A positive posting is a debit. Minus the balance of Liabilities:Commissions:P is what
// was posted as payable to P and not paid yet, less what is carried; minus that of
// Liabilities:Held:P what is held; the balance of Assets:Draws:P what P owes of draws.
//
// Source: specification, ledger ("Journal"). Readings: README.md beside it.

#ifndef PROJECTIONS_JOURNAL_JOURNAL_H_
#define PROJECTIONS_JOURNAL_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/period_service.pb.h"

namespace payfold {

// The kinds of events the journal is made from, as KindBit()s.
uint64_t JournalKinds();

class Journal {
 public:
  // The event's entries in order; none for one that moves no money. Events come in
  // order of position, those of other kinds may be left out.
  // Errors: kOutOfRange if an amount does not fit in 64 bits.
  absl::StatusOr<std::vector<v1::JournalEntry>> Add(const v1::Event& event);

 private:
  absl::flat_hash_map<std::string, v1::OpeningBalance> openings_;  // by event id
  absl::flat_hash_set<std::string> voided_;                        // event ids
};

// Empty ones match all.
struct JournalFilter {
  std::string period = "";
  std::string plan_id = "";
  std::string participant_id = "";
};

bool Matches(const JournalFilter& filter, const v1::JournalEntry& entry);

}  // namespace payfold

#endif  // PROJECTIONS_JOURNAL_JOURNAL_H_
