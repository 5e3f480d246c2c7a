#include "tools/scratch_directory.h"

#include <stdlib.h>

#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace payfold {

absl::StatusOr<std::unique_ptr<ScratchDirectory>> ScratchDirectory::Make(
    absl::string_view purpose) {
  const std::string name = absl::StrCat("payfold-", purpose, "-XXXXXX");
  std::string path = (std::filesystem::temp_directory_path() / name).string();
  if (mkdtemp(path.data()) == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot make a directory like ", path));
  }
  return std::unique_ptr<ScratchDirectory>(new ScratchDirectory(std::move(path)));
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchDirectory::Path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

}  // namespace payfold
