// payfold exceptions: what waits or lacks something.

#ifndef TOOLS_EXCEPTIONS_H_
#define TOOLS_EXCEPTIONS_H_

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

absl::Status ShowExceptions(const GlobalOptions& global);

}  // namespace payfold

#endif  // TOOLS_EXCEPTIONS_H_
