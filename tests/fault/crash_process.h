// A process that appends until it is killed.

#ifndef TESTS_FAULT_CRASH_PROCESS_H_
#define TESTS_FAULT_CRASH_PROCESS_H_

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "ledger/base/check.h"

namespace payfold_testing {

// A program run as PROGRAM DIRECTORY FIRST, and the end of the pipe that it writes to.
class CrashProcess {
 public:
  CrashProcess(std::string program, std::string directory, uint64_t first) {
    int pipe_ends[2];
    CHECK(pipe(pipe_ends) == 0);
    read_end_ = pipe_ends[0];
    posix_spawn_file_actions_t actions;
    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO) == 0);
    CHECK(posix_spawn_file_actions_addclose(&actions, pipe_ends[0]) == 0);
    std::string first_argument = std::to_string(first);
    char* arguments[] = {program.data(), directory.data(), first_argument.data(), nullptr};
    CHECK(posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
  }
  ~CrashProcess() { close(read_end_); }
  CrashProcess(const CrashProcess&) = delete;
  CrashProcess& operator=(const CrashProcess&) = delete;

  // The next number that it acknowledges; 0 at the end.
  uint64_t Read() const {
    uint64_t number = 0;
    return read(read_end_, &number, sizeof(number)) == sizeof(number) ? number : 0;
  }

  // Kills it, waits, and says whether it had to be killed.
  bool Kill() const {
    kill(pid_, SIGKILL);
    int status = 0;
    CHECK(waitpid(pid_, &status, 0) == pid_);
    return WIFSIGNALED(status);
  }

 private:
  pid_t pid_ = 0;
  int read_end_ = -1;
};

}  // namespace payfold_testing

#endif  // TESTS_FAULT_CRASH_PROCESS_H_
