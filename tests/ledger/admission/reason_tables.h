// The tables of what admission refuses: rules of one event, and rules against
// the ledger's state. Every Reason has a row in one of them or in kReasonsOfBatches.

#ifndef TESTS_LEDGER_ADMISSION_REASON_TABLES_H_
#define TESTS_LEDGER_ADMISSION_REASON_TABLES_H_

#include <string>
#include <vector>

#include "ledger/admission/violation.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// An event that breaks one rule.
struct RuleRow {
  payfold::Reason reason;
  std::string field;  // Without "events[0]."
  payfold::v1::Event event;
};
std::vector<RuleRow> RuleRows();

// A batch that is refused after another one was appended.
struct StateRow {
  payfold::Reason reason;
  std::string field;                       // Of the whole path.
  std::vector<payfold::v1::Event> before;  // Appended one by one, as the ledger may.
  std::vector<payfold::v1::Event> batch;
};
std::vector<StateRow> StateRows();

// Tried in ValidateTest and LedgerTest: they concern the batch as a whole, or one that
// the ledger alone writes.
inline constexpr payfold::Reason kReasonsOfBatches[] = {
    payfold::Reason::kBatchEmpty, payfold::Reason::kBatchTooManyEvents,
    payfold::Reason::kBatchTooLarge, payfold::Reason::kCloseOvertaken};

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_ADMISSION_REASON_TABLES_H_
