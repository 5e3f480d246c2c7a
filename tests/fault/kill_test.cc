// A process that appends is killed at random moments, on a real directory.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "tests/fault/crash_harness.h"
#include "tests/fault/crash_process.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {
namespace {

TEST(KillTest, AHundredKillsLoseNothingThatWasAcknowledged) {
  const TempDir dir;
  const auto options = TestOptions(rocksdb::Env::Default(), nullptr, dir.Path("ledger"));
  ASSERT_THAT(payfold::EventLog::Create(options), IsOk());
  std::mt19937_64 random(20250101);
  uint64_t acknowledged = 0;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    const CrashProcess child(CRASH_CHILD, options.directory, acknowledged + 1);
    // Some kills fall into the opening, most into the appending.
    const bool early = random() % 8 == 0;
    if (!early) acknowledged = std::max(acknowledged, child.Read());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    ASSERT_TRUE(child.Kill()) << "the child ended by itself";
    for (uint64_t number = child.Read(); number != 0; number = child.Read()) acknowledged = number;
    const auto log = payfold::EventLog::Open(options);
    ASSERT_THAT(log, IsOk());
    const auto number = CheckCrashLog(**log, acknowledged);
    ASSERT_THAT(number, IsOk());
    acknowledged = *number;
  }
  EXPECT_GT(acknowledged, 100u);
}

}  // namespace
}  // namespace payfold_testing
