#include "tests/support/temp_dir.h"

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"

namespace payfold_testing {

TempDir::TempDir() : path_(absl::StrCat(testing::TempDir(), "payfold_XXXXXX")) {
  CHECK(mkdtemp(path_.data()) != nullptr);
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::Path(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

}  // namespace payfold_testing
