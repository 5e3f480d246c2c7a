// payfold lines: earning lines.

#ifndef TOOLS_LINES_H_
#define TOOLS_LINES_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct LinesOptions {
  std::string participant, period, plan, component;  // Empty: all.
};

absl::Status ShowLines(const GlobalOptions& global, const LinesOptions& options);

}  // namespace payfold

#endif  // TOOLS_LINES_H_
