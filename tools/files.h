// Reading what a command is given.

#ifndef TOOLS_FILES_H_
#define TOOLS_FILES_H_

#include <string>

#include "absl/status/statusor.h"

namespace payfold {

// The whole file, or standard input for "-".
// Errors: UsageError() if it cannot be read.
absl::StatusOr<std::string> ReadInput(const std::string& path);

}  // namespace payfold

#endif  // TOOLS_FILES_H_
