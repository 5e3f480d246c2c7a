// A directory for the time of a command, gone with the object.

#ifndef TOOLS_SCRATCH_DIRECTORY_H_
#define TOOLS_SCRATCH_DIRECTORY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

class ScratchDirectory {
 public:
  // A new, empty directory; `purpose` is part of its name.
  // Errors: kUnavailable if it cannot be made.
  static absl::StatusOr<std::unique_ptr<ScratchDirectory>> Make(absl::string_view purpose);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // The path of `name` in it.
  std::string Path(absl::string_view name) const;

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace payfold

#endif  // TOOLS_SCRATCH_DIRECTORY_H_
