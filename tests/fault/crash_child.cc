// crash_child DIRECTORY FIRST: opens the ledger and appends batch FIRST, FIRST + 1,
// … for ever, writing the number of each one acknowledged to its standard output,
// 8 bytes each. Ends by being killed; by itself only on an error.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ledger/log/event_log.h"
#include "tests/fault/crash_harness.h"
#include "tests/ledger/log/test_log.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto options = payfold_testing::TestOptions(rocksdb::Env::Default(), nullptr, argv[1]);
  const auto log = payfold::EventLog::Open(options);
  if (!log.ok()) {
    std::fprintf(stderr, "%s\n", log.status().ToString().c_str());
    return 1;
  }
  for (uint64_t number = std::strtoull(argv[2], nullptr, 10);; ++number) {
    const absl::Status status = payfold_testing::AppendCrashBatch(**log, number);
    if (!status.ok()) {
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      return 1;
    }
    if (write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) return 1;
  }
}
