// A statement, as finance hands it out. Pure.

#ifndef TOOLS_STATEMENT_TEXT_H_
#define TOOLS_STATEMENT_TEXT_H_

#include <string>

#include "payfold/v1/payout_service.pb.h"

namespace payfold {

// One page for each currency: the lines of each component with their sum, draws,
// held money, carried amounts, adjustments, what is payable, balances, notes.
std::string StatementText(const v1::GetStatementResponse& response);

}  // namespace payfold

#endif  // TOOLS_STATEMENT_TEXT_H_
