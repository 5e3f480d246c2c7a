#include "tests/end_to_end/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {
namespace {

constexpr std::chrono::minutes kPatience(2);

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// In a new process: never returns. Everything it needs was made before the fork.
[[noreturn]] void Become(const std::vector<char*>& arguments, const char* directory, int out,
                         int err) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (*directory != '\0' && chdir(directory) != 0) _exit(126);
  if (out >= 0) dup2(out, STDOUT_FILENO);
  if (err >= 0) dup2(err, STDERR_FILENO);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

std::vector<char*> Pointers(std::vector<std::string>& owned) {
  std::vector<char*> pointers;
  for (std::string& argument : owned) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int NewFile(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  CHECK(file >= 0);
  return file;
}

// How many of a process's open files have a name that begins so.
size_t CountFiles(pid_t pid, const std::string& begin) {
  size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/fd"))) {
    std::error_code gone;  // It may close meanwhile.
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (!gone && absl::StartsWith(target, begin)) ++count;
  }
  return count;
}

}  // namespace

bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

ServerProcess::ServerProcess(const Options& options) {
  std::vector<std::string> owned = {PAYFOLD_BINARY, "serve",    "--data",
                                    options.data,   "--listen", options.listen};
  owned.insert(owned.end(), options.arguments.begin(), options.arguments.end());
  const std::vector<char*> pointers = Pointers(owned);
  const int out = NewFile(dir_.Path("out"));
  const int err = NewFile(dir_.Path("err"));
  pid_ = fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) Become(pointers, options.working_directory.c_str(), out, err);
  close(out);
  close(err);
  const std::string says = "listening on ";
  CHECK(Eventually([&] {
    const std::string printed = Out();
    const size_t begin = printed.find(says);
    const size_t end = begin == std::string::npos ? begin : printed.find(';', begin);
    if (end != std::string::npos) {
      address_ = printed.substr(begin + says.size(), end - begin - says.size());
      return true;
    }
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    ended_ = true;
    exit_code_ = ExitCode(status);
    return true;
  }));
}

ServerProcess::~ServerProcess() {
  if (ended_) return;
  Signal(SIGKILL);
  Wait();
}

uint16_t ServerProcess::port() const {
  uint32_t number = 0;
  CHECK(absl::SimpleAtoi(address_.substr(address_.rfind(':') + 1), &number));
  return static_cast<uint16_t>(number);
}

void ServerProcess::Signal(int signal) const {
  CHECK(!ended_);
  CHECK(kill(pid_, signal) == 0);
}

int ServerProcess::Wait() {
  if (ended_) return exit_code_;
  int status = 0;
  if (!Eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return -1;
  ended_ = true;
  exit_code_ = ExitCode(status);
  return exit_code_;
}

std::string ServerProcess::Out() const { return Content(dir_.Path("out")); }
std::string ServerProcess::Err() const { return Content(dir_.Path("err")); }

size_t ServerProcess::OpenSockets() const { return CountFiles(pid_, "socket:"); }
size_t ServerProcess::OpenFiles() const { return CountFiles(pid_, ""); }

uint64_t ServerProcess::StatusField(const std::string& name) const {
  std::ifstream file(absl::StrCat("/proc/", pid_, "/status"));
  for (std::string field; file >> field;) {
    uint64_t value = 0;
    if (field == name && file >> value) return value;
  }
  return 0;
}

size_t ServerProcess::Threads() const { return StatusField("Threads:"); }
uint64_t ServerProcess::ResidentBytes() const { return StatusField("VmRSS:") * 1024; }

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> owned = {program};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  const std::vector<char*> pointers = Pointers(owned);
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0);
  pid_ = fork();
  CHECK(pid_ >= 0);
  if (pid_ == 0) Become(pointers, "", ends[1], -1);
  close(ends[1]);
  read_end_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (pid_ != 0) Kill();
  close(read_end_);
}

std::string ChildProcess::ReadLine() const {
  std::string line;
  char next = 0;
  while (read(read_end_, &next, 1) == 1) {
    if (next == '\n') return line;
    line += next;
  }
  return line;
}

bool ChildProcess::Kill() {
  kill(pid_, SIGKILL);
  int status = 0;
  CHECK(waitpid(pid_, &status, 0) == pid_);
  pid_ = 0;
  return WIFSIGNALED(status);
}

}  // namespace payfold_testing
