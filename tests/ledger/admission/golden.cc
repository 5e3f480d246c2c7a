#include "tests/ledger/admission/golden.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace payfold_testing {

std::string Golden(absl::string_view name, const std::string& now) {
  const std::string path = absl::StrCat(PAYFOLD_GOLDEN_DIR, "/", name);
  if (std::getenv("PAYFOLD_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ostringstream kept;
  kept << std::ifstream(path).rdbuf();
  return kept.str();
}

}  // namespace payfold_testing
