// payfold demo: a small company, told step by step.

#ifndef TOOLS_DEMO_H_
#define TOOLS_DEMO_H_

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

// Makes a ledger (in a temporary directory without --data) and tells its story.
absl::Status RunDemo(const GlobalOptions& global);

}  // namespace payfold

#endif  // TOOLS_DEMO_H_
