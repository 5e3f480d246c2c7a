#include "tools/files.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tools/report.h"

namespace payfold {

absl::StatusOr<std::string> ReadInput(const std::string& path) {
  std::ostringstream content;
  errno = 0;
  if (path == "-") {
    content << std::cin.rdbuf();
    return content.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (file.is_open()) content << file.rdbuf();
  // An empty file sets failbit of the stream that is written to, and no error.
  if (!file.is_open() || file.bad() || errno == EISDIR) {
    return UsageError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  }
  return content.str();
}

}  // namespace payfold
