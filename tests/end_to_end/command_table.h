// Every command of the binary with its options, on the ledger that the demo makes.

#ifndef TESTS_END_TO_END_COMMAND_TABLE_H_
#define TESTS_END_TO_END_COMMAND_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {

struct Command {
  std::vector<std::string> words;
  int local_exit = 0;
  int remote_exit = 0;
  // Why the two answers are not compared; empty: they are.
  std::string differs = {};
  std::string input = {};  // Standard input.
};

// The files that commands read.
class SampleFiles {
 public:
  SampleFiles();

  // A file of tools/samples.
  std::string Sample(absl::string_view name) const;
  // One made here: events.jsonl, bad_events.jsonl, plan.yaml, bad_plan.yaml,
  // deals.csv, deals.yaml, openings.csv, payments.csv.
  std::string Made(absl::string_view name) const { return dir_.Path(name); }

 private:
  TempDir dir_;
};

// In this order: from what writes on, times of recording differ.
std::vector<Command> Commands(const SampleFiles& files);

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_COMMAND_TABLE_H_
