// A directory of a test's own, gone with the object.

#ifndef TESTS_SUPPORT_TEMP_DIR_H_
#define TESTS_SUPPORT_TEMP_DIR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace payfold_testing {

class TempDir {
 public:
  // A new, empty directory below testing::TempDir(). Stops the program if it
  // cannot be made.
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in it.
  std::string Path(absl::string_view name) const;

 private:
  std::string path_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_TEMP_DIR_H_
