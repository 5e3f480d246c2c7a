// A statement as a page to print or send. Pure.

#ifndef TOOLS_STATEMENT_HTML_H_
#define TOOLS_STATEMENT_HTML_H_

#include <string>

#include "payfold/v1/payout_service.pb.h"

namespace payfold {

// One HTML file that needs no other; a sheet of paper for each currency. Text of the
// ledger is escaped.
std::string StatementHtml(const v1::GetStatementResponse& response);

}  // namespace payfold

#endif  // TOOLS_STATEMENT_HTML_H_
