// payfold journal: what was posted, for other accounting tools.

#ifndef TOOLS_JOURNAL_H_
#define TOOLS_JOURNAL_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct JournalOptions {
  std::string format = "hledger";  // hledger, ledger, beancount or csv
  std::string period;
  std::string plan;
  std::string participant;
};

// Prints it as it arrives. With --json: a JournalEntry a line.
absl::Status ShowJournal(const GlobalOptions& global, const JournalOptions& options);

}  // namespace payfold

#endif  // TOOLS_JOURNAL_H_
