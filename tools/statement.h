// payfold statement: what a participant is owed for a payout period.

#ifndef TOOLS_STATEMENT_H_
#define TOOLS_STATEMENT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct StatementOptions {
  std::string participant;
  std::string period;
  bool with_explanations = false;
  bool html = false;  // a page to print; instead of text
};

absl::Status ShowStatement(const GlobalOptions& global, const StatementOptions& options);

}  // namespace payfold

#endif  // TOOLS_STATEMENT_H_
