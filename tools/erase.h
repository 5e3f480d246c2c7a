// payfold erase: makes what is personal of a participant unreadable.

#ifndef TOOLS_ERASE_H_
#define TOOLS_ERASE_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct EraseOptions {
  std::string participant;
  std::string reason;
  bool validate_only = false;
};

absl::Status ErasePerson(const GlobalOptions& global, const EraseOptions& options);

}  // namespace payfold

#endif  // TOOLS_ERASE_H_
