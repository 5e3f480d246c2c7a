// payfold attainment: measures against their targets.

#ifndef TOOLS_ATTAINMENT_H_
#define TOOLS_ATTAINMENT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct AttainmentOptions {
  std::string period;
  std::string participant;  // Empty: everybody.
};

absl::Status ShowAttainment(const GlobalOptions& global, const AttainmentOptions& options);

}  // namespace payfold

#endif  // TOOLS_ATTAINMENT_H_
