// Servers that are ended while many append and follow.

#include <signal.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/load.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::EventIdsIn;
using ::payfold_testing::Eventually;
using ::payfold_testing::Load;
using ::payfold_testing::MakeLedger;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;
using ::testing::EndsWith;

constexpr int kKills = 8;

// So much of a load that all kinds of it run.
void AwaitBatches(const Load& load, uint64_t batches) {
  const uint64_t before = load.count();
  EXPECT_TRUE(Eventually([&] { return load.count() >= before + batches; }));
}

TEST(Signal, SigtermUnderLoadDrainsAndLosesNothingThatWasAcknowledged) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const TempDir dir;
    Load load;
    ServerProcess server({.data = dir.Path("data")});
    MakeLedger(server.address());
    load.Start(server.address());
    AwaitBatches(load, 1'000);
    server.Signal(signal);
    EXPECT_EQ(server.Wait(), 0);
    load.AwaitEnd();
    EXPECT_EQ(server.Err(), "");
    EXPECT_THAT(server.Out(),
                EndsWith("stopping: no new calls, those that run may end\nstopped\n"));
    load.ExpectKept(EventIdsIn(dir.Path("data")));
  }
}

TEST(Signal, ASecondSigtermChangesNothing) {
  const TempDir dir;
  Load load;
  ServerProcess server({.data = dir.Path("data")});
  MakeLedger(server.address());
  load.Start(server.address());
  AwaitBatches(load, 100);
  server.Signal(SIGTERM);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
  load.AwaitEnd();
  load.ExpectKept(EventIdsIn(dir.Path("data")));
}

TEST(Signal, SigkillAgainAndAgainOverTheSameDataLosesNothingThatWasAcknowledged) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const TempDir dir;
  Load load;
  for (int kill = 0; kill < kKills; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    {
      ServerProcess server({.data = dir.Path("data")});
      ASSERT_NE(server.address(), "") << server.Err();
      if (kill == 0) MakeLedger(server.address());
      load.Start(server.address());
      AwaitBatches(load, 1 + random() % 300);
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 50));
      server.Signal(SIGKILL);
      EXPECT_EQ(server.Wait(), 128 + SIGKILL);
    }
    load.AwaitEnd();
    load.ExpectKept(EventIdsIn(dir.Path("data")));
  }
}

}  // namespace
}  // namespace payfold
