// Settlement in words: a sentence for each draw, recovery, held or released part and
// carried amount.

#ifndef PROJECTIONS_STATEMENTS_SETTLEMENT_TEXT_H_
#define PROJECTIONS_STATEMENTS_SETTLEMENT_TEXT_H_

#include <string>
#include <vector>

#include "ledger/money/currency.h"
#include "projections/statements/settlement.h"

namespace payfold {

// In order of plan, then what is carried. Adjustments explain themselves.
std::vector<std::string> SettlementNotes(const CurrencySettlement& settled, Currency currency);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_SETTLEMENT_TEXT_H_
