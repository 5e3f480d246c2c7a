// The ids of the events that the ledger itself writes. Sources may not use their form:
// who took the id of a close beforehand would keep the period open for ever.

#ifndef LEDGER_ADMISSION_LEDGER_EVENT_ID_H_
#define LEDGER_ADMISSION_LEDGER_EVENT_ID_H_

#include <string>

#include "absl/strings/string_view.h"

namespace payfold {

// "close:2025-01", "statement:2025-01:ana:USD": the same for the same, so that a retry
// adds nothing. A longer one than an id may be becomes "statement.sha256:" and a hash.
// REQUIRES: `kind` is one of those that IsLedgerEventId() knows.
std::string LedgerEventId(absl::string_view kind, absl::string_view about);

// Whether LedgerEventId() could have made the id: of the kinds statement, close, approve,
// payment, replay-approved and replay-committed.
bool IsLedgerEventId(absl::string_view id);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_LEDGER_EVENT_ID_H_
