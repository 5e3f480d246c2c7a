// payfold tree-head: the signed commitment to all that is in the log.

#ifndef TOOLS_TREE_HEAD_H_
#define TOOLS_TREE_HEAD_H_

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

absl::Status ShowTreeHead(const GlobalOptions& global);

}  // namespace payfold

#endif  // TOOLS_TREE_HEAD_H_
