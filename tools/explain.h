// payfold explain and explain-deal: why a line is what it is, why a deal paid.

#ifndef TOOLS_EXPLAIN_H_
#define TOOLS_EXPLAIN_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct ExplainLineOptions {
  std::string line;
};

struct ExplainDealOptions {
  std::string deal;
  std::string participant;
};

absl::Status ShowLineExplanation(const GlobalOptions& global, const ExplainLineOptions& options);
absl::Status ShowDealExplanation(const GlobalOptions& global, const ExplainDealOptions& options);

}  // namespace payfold

#endif  // TOOLS_EXPLAIN_H_
