// Clients that are killed in the middle of what they do: the server takes back
// what it gave them and serves the others.

#include <signal.h>

#include <cstdlib>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::Append;
using ::payfold_testing::ChildProcess;
using ::payfold_testing::Deal;
using ::payfold_testing::Dial;
using ::payfold_testing::EventIdsIn;
using ::payfold_testing::Eventually;
using ::payfold_testing::Fill;
using ::payfold_testing::LastPosition;
using ::payfold_testing::MakeLedger;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;

constexpr const char* kPhases[] = {"connected",
                                   "read_begun",
                                   "read_in_the_middle",
                                   "subscribe_begun",
                                   "subscribe_history",
                                   "subscribe_live",
                                   "append_begun",
                                   "append_between",
                                   "append_in_flight",
                                   "append_half_closed",
                                   "append_torn",
                                   "rebuild_begun",
                                   "rebuild_in_the_middle",
                                   "waiting"};

// Enough that no client takes it all in before it is read: 12 MB.
constexpr size_t kDeals = 2'000;
constexpr size_t kPadding = 6'000;

// Threads that gRPC keeps for a while after there was much to do, and memory for
// what the last clients were sent.
constexpr size_t kSpareThreads = 16;
constexpr uint64_t kSpareBytes = uint64_t{128} << 20;

class Vanishing : public testing::Test {
 protected:
  // In one arena memory that was given back is used again; in one for each thread it
  // cannot be told from what is lost.
  static void SetUpTestSuite() { setenv("MALLOC_ARENA_MAX", "1", /*overwrite=*/1); }
  static void TearDownTestSuite() { unsetenv("MALLOC_ARENA_MAX"); }

  Vanishing() : server_({.data = dir_.Path("data")}) {
    MakeLedger(server_.address());
    Fill(server_.address(), "fill", kDeals, kPadding);
    ledgers_ = v1::LedgerService::NewStub(Dial(server_.address()));
    CHECK(LastPosition(*ledgers_) == kDeals + 1);
    sockets_ = server_.OpenSockets();
  }

  // Brings a client of each phase as far as that, all at the same time, and kills them.
  void VanishTogether(const std::vector<std::string>& phases) {
    std::vector<std::unique_ptr<ChildProcess>> clients;
    for (const std::string& phase : phases) {
      const std::string id = absl::StrCat(phase, "-", ++clients_);
      clients.push_back(std::make_unique<ChildProcess>(
          VANISHING_CLIENT, std::vector<std::string>{server_.address(), phase, id}));
      if (phase != "append_between") continue;
      for (int i = 1; i <= 3; ++i) acknowledged_.push_back(absl::StrCat(id, "-", i));
    }
    for (size_t i = 0; i < clients.size(); ++i) {
      EXPECT_EQ(clients[i]->ReadLine(), "ready") << phases[i];
    }
    for (const auto& client : clients) EXPECT_TRUE(client->Kill());
  }

  void ExpectServes() {
    const std::string id = absl::StrCat("after-", ++clients_);
    const grpc::Status status = Append(*ledgers_, {Deal(id)});
    EXPECT_TRUE(status.ok()) << status.error_message();
    acknowledged_.push_back(id);
  }

  void ExpectAllIsGivenBack() {
    EXPECT_TRUE(Eventually([&] { return server_.OpenSockets() <= sockets_; }))
        << server_.OpenSockets() << " sockets, " << sockets_ << " before";
  }

  void ExpectNothingAcknowledgedIsLost() {
    server_.Signal(SIGTERM);
    EXPECT_EQ(server_.Wait(), 0) << server_.Err();
    const std::vector<std::string> ids = EventIdsIn(dir_.Path("data"));
    const std::set<std::string> kept(ids.begin(), ids.end());
    EXPECT_EQ(kept.size(), ids.size()) << "an event is there twice";
    for (const std::string& id : acknowledged_) EXPECT_TRUE(kept.count(id) > 0) << id;
  }

  TempDir dir_;
  ServerProcess server_;
  std::unique_ptr<v1::LedgerService::Stub> ledgers_;
  size_t sockets_ = 0;
  int clients_ = 0;
  std::vector<std::string> acknowledged_;
};

TEST_F(Vanishing, InEachPhaseOfEachStreamTheServerServesOnAndTakesBackWhatItGave) {
  for (const char* phase : kPhases) {
    SCOPED_TRACE(phase);
    VanishTogether({phase});
    ExpectServes();
    ExpectAllIsGivenBack();
  }
  ExpectNothingAcknowledgedIsLost();
}

TEST_F(Vanishing, TwoHundredTimesCostNoMemoryThreadsOrFiles) {
  const std::vector<std::string> phases(std::begin(kPhases), std::end(kPhases));
  constexpr int kRounds = 15;
  size_t threads = 0;
  size_t files = 0;
  uint64_t resident = 0;
  for (int round = 1; round <= kRounds; ++round) {
    VanishTogether(phases);
    ExpectServes();
    ExpectAllIsGivenBack();
    if (round == kRounds / 3) {
      threads = server_.Threads();
      files = server_.OpenFiles();
      resident = server_.ResidentBytes();
    }
  }
  EXPECT_TRUE(Eventually([&] { return server_.Threads() <= threads + kSpareThreads; }))
      << server_.Threads() << " threads, " << threads << " before";
  EXPECT_LE(server_.OpenFiles(), files + 64);
  EXPECT_LE(server_.ResidentBytes(), resident + kSpareBytes);
  ExpectNothingAcknowledgedIsLost();
}

}  // namespace
}  // namespace payfold
