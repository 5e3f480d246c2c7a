// The end of a message about an unknown name.

#ifndef TOOLS_IMPORT_DID_YOU_MEAN_H_
#define TOOLS_IMPORT_DID_YOU_MEAN_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace payfold {

// "; did you mean \"close_value\"?", or the known names where none is near.
std::string DidYouMean(absl::string_view name, const std::vector<std::string>& known);

}  // namespace payfold

#endif  // TOOLS_IMPORT_DID_YOU_MEAN_H_
