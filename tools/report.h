// How commands end: what went wrong, a readable line each on standard error, and
// the exit code.

#ifndef TOOLS_REPORT_H_
#define TOOLS_REPORT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace payfold {

enum class ExitCode {
  kDone = 0,
  kRefused = 1,      // By the ledger, or for what was to be given to it.
  kBadUsage = 2,     // Options or arguments that make no sense; files that cannot be read.
  kUnreachable = 3,  // No such ledger, in use by another process, or its disk fails.
};

// An error in how the command was called.
absl::Status UsageError(absl::string_view message);

ExitCode ExitCodeOf(const absl::Status& status);

// The lines a person reads about an error, without line ends: a line for each
// field violation (and one that says how many more there are), else the message.
std::vector<std::string> ErrorLines(const absl::Status& status);

// Writes them to standard error, each after "payfold: ".
void PrintError(const absl::Status& status);
void PrintErrorLine(absl::string_view line);

}  // namespace payfold

#endif  // TOOLS_REPORT_H_
