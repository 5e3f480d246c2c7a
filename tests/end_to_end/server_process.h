// `payfold serve` as a process of its own, on a free port of the loopback.

#ifndef TESTS_END_TO_END_SERVER_PROCESS_H_
#define TESTS_END_TO_END_SERVER_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace payfold_testing {

class ServerProcess {
 public:
  struct Options {
    std::string data = {};                    // --data.
    std::string working_directory = {};       // Empty: that of the test.
    std::string listen = "127.0.0.1:0";       // --listen.
    std::vector<std::string> arguments = {};  // More of them.
  };

  // Runs the command and waits until it listens. If it ends instead, `address` is
  // empty and `Wait` says how.
  explicit ServerProcess(const Options& options);
  // Kills it, if it still runs.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // HOST:PORT.
  const std::string& address() const { return address_; }
  uint16_t port() const;

  void Signal(int signal) const;
  // Waits for its end: the exit code, or 128 and the signal that ended it; -1 if
  // it runs on for two minutes.
  int Wait();

  // What it has printed so far.
  std::string Out() const;
  std::string Err() const;

  // Of the running process, now.
  size_t OpenSockets() const;
  size_t OpenFiles() const;
  size_t Threads() const;
  uint64_t ResidentBytes() const;

 private:
  uint64_t StatusField(const std::string& name) const;

  TempDir dir_;
  pid_t pid_ = 0;
  int exit_code_ = -1;
  bool ended_ = false;
  std::string address_;
};

// A program of the tests, its standard output a pipe.
class ChildProcess {
 public:
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~ChildProcess();  // Kills it, if it still runs.
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Waits for the next line that it prints; empty at the end.
  std::string ReadLine() const;
  // SIGKILL, and waits. False if it had ended before.
  bool Kill();

 private:
  pid_t pid_ = 0;
  int read_end_ = -1;
};

// Looks again and again until `holds`, for two minutes at most; whether it did.
bool Eventually(const std::function<bool()>& holds);

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_SERVER_PROCESS_H_
