// payfold tree-head: the signed commitment to all that is in the log.

#ifndef TOOLS_TREE_HEAD_H_
#define TOOLS_TREE_HEAD_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct TreeHeadOptions {
  bool note = false;  // Only the signed note, byte for byte.
  uint64_t size = 0;  // One that was signed before; 0: the whole log.
};

absl::Status ShowTreeHead(const GlobalOptions& global, const TreeHeadOptions& options);

}  // namespace payfold

#endif  // TOOLS_TREE_HEAD_H_
