// A subscription that is cut off again and again, over TCP, while others append.

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::Append;
using ::payfold_testing::Deal;
using ::payfold_testing::Dial;
using ::payfold_testing::Fill;
using ::payfold_testing::LastPosition;
using ::payfold_testing::MakeLedger;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;

constexpr int kCuts = 1'000;
// Connections that the cuts take turns on; on each, some calls are cut off while others run.
constexpr int kConnections = 4;

// Reads a subscription after `last` until `messages` have come, cuts it off, and
// reads what was on its way. The position of the last event read.
uint64_t ReadAndCut(v1::LedgerService::Stub& stub, uint64_t last, int messages) {
  v1::SubscribeRequest request;
  request.set_after_position(last);
  request.set_heartbeat_millis(100);
  const auto context = payfold_testing::Soon();
  const auto reader = stub.Subscribe(context.get(), request);
  v1::SubscribeResponse response;
  while (reader->Read(&response)) {
    for (const v1::StoredEvent& event : response.events()) {
      EXPECT_EQ(event.event().position(), last + 1);
      last = event.event().position();
    }
    EXPECT_GE(response.position(), last);
    EXPECT_GE(response.head(), response.position());
    if (--messages <= 0) context->TryCancel();
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  return last;
}

TEST(SubscriptionCut, AThousandCutsLoseAndRepeatNothing) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const TempDir dir;
  const ServerProcess server({.data = dir.Path("data")});
  MakeLedger(server.address());
  Fill(server.address(), "history", 2'000);

  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::thread writer([&] {
    const auto stub = v1::LedgerService::NewStub(Dial(server.address()));
    for (int i = 0; !stop; ++i) {
      std::vector<v1::Event> batch;
      for (int j = 0; j <= i % 7; ++j) batch.push_back(Deal(absl::StrCat("live-", i, "-", j)));
      if (!Append(*stub, batch).ok()) ++refused;
    }
  });

  std::vector<std::unique_ptr<v1::LedgerService::Stub>> stubs;
  for (int i = 0; i < kConnections; ++i) {
    stubs.push_back(v1::LedgerService::NewStub(Dial(server.address())));
  }
  uint64_t last = 0;
  for (int cut = 0; cut < kCuts; ++cut) {
    // Most cuts fall near the live end; now and then the reader begins again.
    if (random() % 100 == 0) last = last / 2;
    const int messages = static_cast<int>(random() % 4);
    last = ReadAndCut(*stubs[random() % kConnections], last, messages);
    if (testing::Test::HasFailure()) break;
  }
  stop = true;
  writer.join();
  EXPECT_EQ(refused, 0);

  // What is left comes to the end, and no further.
  const uint64_t end = LastPosition(*stubs[0]);
  EXPECT_GT(end, 2'001u);
  v1::SubscribeRequest request;
  request.set_after_position(last);
  const auto context = payfold_testing::Soon();
  const auto reader = stubs[0]->Subscribe(context.get(), request);
  v1::SubscribeResponse response;
  while (response.mark() != v1::SubscribeResponse::CAUGHT_UP && reader->Read(&response)) {
    for (const v1::StoredEvent& event : response.events()) {
      EXPECT_EQ(event.event().position(), ++last);
    }
  }
  EXPECT_EQ(last, end);
  context->TryCancel();
}

}  // namespace
}  // namespace payfold
