#include "tools/import/did_you_mean.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/plan/shorthand.h"

namespace payfold {

std::string DidYouMean(absl::string_view name, const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, known);
  if (!nearest.empty()) return absl::StrCat("; did you mean \"", nearest, "\"?");
  return absl::StrCat("; known are ", absl::StrJoin(known, ", "));
}

}  // namespace payfold
