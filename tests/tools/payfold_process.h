// The payfold binary, run as a person or a script runs it.

#ifndef TESTS_TOOLS_PAYFOLD_PROCESS_H_
#define TESTS_TOOLS_PAYFOLD_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace payfold_testing {

struct Finished {
  int exit_code = -1;  // 128 and the number of the signal that ended it, if one did.
  std::string out;
  std::string err;

  // The lines of `err`.
  std::vector<std::string> ErrorLines() const;
};

struct ProcessOptions {
  std::string input = {};             // Standard input.
  uint64_t max_file_bytes = 0;        // RLIMIT_FSIZE; 0: none.
  std::string data_environment = {};  // PAYFOLD_DATA; empty: not set.
};

// Runs `payfold ARGUMENTS` and waits for its end.
Finished RunPayfold(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

}  // namespace payfold_testing

#endif  // TESTS_TOOLS_PAYFOLD_PROCESS_H_
