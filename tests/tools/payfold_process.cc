#include "tests/tools/payfold_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_split.h"
#include "ledger/base/check.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {
namespace {

void Redirect(const std::string& path, int flags, int to) {
  const int file = open(path.c_str(), flags, 0600);
  CHECK(file >= 0);
  CHECK(dup2(file, to) == to);
}

std::string FileContent(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// In the child: never returns.
[[noreturn]] void Become(std::vector<char*> arguments, const TempDir& dir,
                         const ProcessOptions& options) {
  Redirect(dir.Path("in"), O_RDONLY, STDIN_FILENO);
  Redirect(dir.Path("out"), O_WRONLY | O_CREAT, STDOUT_FILENO);
  Redirect(dir.Path("err"), O_WRONLY | O_CREAT, STDERR_FILENO);
  unsetenv("PAYFOLD_DATA");
  if (!options.data_environment.empty()) {
    setenv("PAYFOLD_DATA", options.data_environment.c_str(), 1);
  }
  if (options.max_file_bytes > 0) {
    // Writes beyond it fail with EFBIG once the signal is ignored.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{options.max_file_bytes, options.max_file_bytes};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  execv(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

std::vector<std::string> Finished::ErrorLines() const {
  return absl::StrSplit(err, '\n', absl::SkipEmpty());
}

Finished RunPayfold(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  const TempDir dir;
  std::ofstream(dir.Path("in"), std::ios::binary) << options.input;
  std::vector<std::string> owned = {PAYFOLD_BINARY};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& argument : owned) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) Become(pointers, dir, options);
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = FileContent(dir.Path("out")),
          .err = FileContent(dir.Path("err"))};
}

}  // namespace payfold_testing
