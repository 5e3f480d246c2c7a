// A statement as rows to be read by people, whatever they are written to. Pure.

#ifndef TOOLS_STATEMENT_PAGE_H_
#define TOOLS_STATEMENT_PAGE_H_

#include <string>
#include <vector>

#include "payfold/v1/payout_service.pb.h"

namespace payfold {

struct StatementRow {
  enum class Kind {
    kTitle,
    kHeading,  // begins a part; may be empty
    kText,
    kItem,    // of a list
    kAmount,  // at the right edge
    kSum,     // with a rule above it
  };
  Kind kind = Kind::kText;
  std::string label;
  std::string amount;
};

struct StatementPage {
  std::vector<StatementRow> rows;
};

// A page for each currency: the lines of each component with their sum, draws, held
// money, carried amounts, adjustments, changes of earlier periods, what is payable,
// balances, rewards, notes; of a posted statement what is known now; disputes.
std::vector<StatementPage> StatementPages(const v1::GetStatementResponse& response);

}  // namespace payfold

#endif  // TOOLS_STATEMENT_PAGE_H_
