#include "services/client/follower.h"

#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/client/cutting_proxy.h"
#include "tests/services/client/remote_server.h"
#include "tests/services/client/scripted_server.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::BatchOf;
using ::payfold_testing::CuttingProxy;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::RemoteServer;
using ::payfold_testing::ScriptedServer;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;

constexpr auto kAppendMethod = &v1::LedgerService::Stub::Append;

// Appends deals `first` to `first + count` in one batch.
void AppendDeals(Client* client, int first, int count) {
  std::vector<v1::Event> events;
  for (int i = first; i < first + count; ++i) events.push_back(DealOfAna(absl::StrCat("D-", i)));
  ASSERT_THAT(client->Call(kAppendMethod, BatchOf(events)), IsOk());
}

// The positions of what comes until there are `count`.
std::vector<uint64_t> Take(Follower* follower, size_t count) {
  std::vector<uint64_t> positions;
  while (positions.size() < count) {
    const auto message = follower->Next();
    if (!message.ok()) {
      ADD_FAILURE() << message.status();
      break;
    }
    for (const v1::StoredEvent& event : message->events()) {
      positions.push_back(event.event().position());
    }
  }
  return positions;
}

// Reads on until a message has that mark.
void Await(Follower* follower, v1::SubscribeResponse::Mark mark) {
  while (true) {
    const auto message = follower->Next();
    ASSERT_THAT(message, IsOk());
    if (message->mark() == mark) return;
  }
}

TEST(Follower, GivesHistoryThenWhatIsAppended) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  AppendDeals(client.get(), 0, 2);
  v1::SubscribeRequest request;
  request.set_after_position(1);
  request.set_heartbeat_millis(100);
  Follower follower(client.get(), request);
  EXPECT_FALSE(follower.caught_up());
  EXPECT_THAT(Take(&follower, 2), ElementsAre(2, 3));
  Await(&follower, v1::SubscribeResponse::HEARTBEAT);
  EXPECT_TRUE(follower.caught_up());
  AppendDeals(client.get(), 2, 1);
  EXPECT_THAT(Take(&follower, 1), ElementsAre(4));
  EXPECT_EQ(follower.position(), 4U);
}

TEST(Follower, ResumesWhenTheServerIsBack) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  Follower follower(client.get(), {});
  Await(&follower, v1::SubscribeResponse::CAUGHT_UP);
  for (int i = 0; i < 3; ++i) {
    server.Stop();
    server.Start();
    AppendDeals(client.get(), 10 * i, 2);
    const uint64_t position = follower.position();
    EXPECT_THAT(Take(&follower, 2), ElementsAre(position + 1, position + 2));
  }
}

TEST(Follower, CutAtRandomItGivesEveryEventOnceAndInOrder) {
  RemoteServer server;
  CuttingProxy proxy(server.port(), 20251125, 150'000);
  const std::unique_ptr<Client> writing = server.Connect();
  const std::unique_ptr<Client> following = RemoteServer::ConnectTo(proxy.address());
  constexpr int kBatches = 1'500;
  std::thread writer([&] {
    for (int i = 0; i < kBatches; ++i) {
      AppendDeals(writing.get(), 3 * i, 3);
      absl::SleepFor(absl::Milliseconds(1));
    }
  });
  Follower follower(following.get(), {});
  uint64_t seen = 0;
  for (const uint64_t position : Take(&follower, 1 + 3 * kBatches)) EXPECT_EQ(position, ++seen);
  writer.join();
  EXPECT_GT(proxy.cuts(), 5);
}

TEST(Follower, SubscribesAgainAtOnceWhenItWasTooSlow) {
  ScriptedServer server;
  server.OnSubscribe(
      [](const v1::SubscribeRequest& request, ScriptedServer::SubscriptionOf* writer) {
        EXPECT_EQ(request.after_position(), 0U);
        v1::SubscribeResponse message;
        message.set_position(7);
        message.set_mark(v1::SubscribeResponse::CAUGHT_UP);
        writer->Write(message);
        message.set_position(8);
        message.set_mark(v1::SubscribeResponse::FELL_BEHIND);
        writer->Write(message);
        return WithReason(absl::ResourceExhaustedError("slow"), kReasonSubscriberTooSlow);
      });
  server.OnSubscribe(
      [](const v1::SubscribeRequest& request, ScriptedServer::SubscriptionOf* writer) {
        v1::SubscribeResponse message;
        message.set_position(request.after_position() + 1);
        writer->Write(message);
        return absl::ResourceExhaustedError("of another kind");
      });
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(server.address());
  Follower follower(client.get(), {});
  ASSERT_THAT(follower.Next(), IsOk());
  EXPECT_TRUE(follower.caught_up());
  ASSERT_THAT(follower.Next(), IsOk());
  EXPECT_FALSE(follower.caught_up());
  ASSERT_THAT(follower.Next(), IsOk());
  EXPECT_EQ(follower.position(), 9U);
  EXPECT_THAT(follower.Next(), StatusIs(absl::StatusCode::kResourceExhausted, "of another kind"));
}

TEST(Follower, SaysThatTheServerStaysAwayAndGoesOnWhenAsked) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect(absl::Milliseconds(300));
  Follower follower(client.get(), {});
  Await(&follower, v1::SubscribeResponse::CAUGHT_UP);
  server.Stop();
  EXPECT_THAT(follower.Next(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_FALSE(follower.caught_up());
  server.Start();
  Await(&follower, v1::SubscribeResponse::CAUGHT_UP);
  EXPECT_EQ(follower.position(), 1U);
}

TEST(Follower, APositionBeyondTheEndIsAnError) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  v1::SubscribeRequest request;
  request.set_after_position(100);
  Follower follower(client.get(), request);
  EXPECT_THAT(follower.Next(), StatusIs(absl::StatusCode::kOutOfRange));
}

TEST(Follower, IsStoppedWhileItWaitsForEventsAndForTheServer) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  for (const bool away : {false, true}) {
    Follower follower(client.get(), {});
    Await(&follower, v1::SubscribeResponse::CAUGHT_UP);
    if (away) server.Stop();
    std::thread stopper([&follower] {
      absl::SleepFor(absl::Milliseconds(100));
      follower.Stop();
    });
    EXPECT_THAT(follower.Next(), StatusIs(absl::StatusCode::kCancelled));
    EXPECT_THAT(follower.Next(), StatusIs(absl::StatusCode::kCancelled));
    stopper.join();
  }
}

}  // namespace
}  // namespace payfold
