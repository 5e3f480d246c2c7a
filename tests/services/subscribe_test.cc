#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "services/subscription_stream.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::EventOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A subscriber, as a client reads it.
class Follower {
 public:
  Follower(v1::LedgerService::Stub* stub, const v1::SubscribeRequest& request)
      : reader_(stub->Subscribe(&context_, request)) {}
  ~Follower() {
    context_.TryCancel();
    if (!finished_) Finish().IgnoreError();
  }

  bool Next(v1::SubscribeResponse* message) { return reader_->Read(message); }

  // The positions of what comes until a message has that mark.
  std::vector<uint64_t> Until(v1::SubscribeResponse::Mark mark) {
    std::vector<uint64_t> positions;
    v1::SubscribeResponse message;
    while (reader_->Read(&message)) {
      for (const v1::StoredEvent& event : message.events()) {
        positions.push_back(event.event().position());
      }
      if (message.mark() == mark) break;
    }
    last_ = message;
    return positions;
  }

  // The positions of the next events, that many.
  std::vector<uint64_t> Take(size_t count) {
    std::vector<uint64_t> positions;
    v1::SubscribeResponse message;
    while (positions.size() < count && reader_->Read(&message)) {
      for (const v1::StoredEvent& event : message.events()) {
        positions.push_back(event.event().position());
      }
    }
    last_ = message;
    return positions;
  }

  const v1::SubscribeResponse& last() const { return last_; }
  void Cancel() { context_.TryCancel(); }

  absl::Status Finish() {
    finished_ = true;
    v1::SubscribeResponse message;
    while (reader_->Read(&message)) continue;
    return FromGrpc(reader_->Finish());
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::SubscribeResponse>> reader_;
  v1::SubscribeResponse last_;
  bool finished_ = false;
};

class SubscribeTest : public ::testing::Test {
 protected:
  SubscribeTest() { harness_.MakeLedger(); }

  Follower Follow(const v1::SubscribeRequest& request = {}) {
    return Follower(harness_.ledgers.get(), request);
  }

  uint64_t AppendDeals(int first, int count) {
    std::vector<v1::Event> events;
    for (int i = first; i < first + count; ++i) {
      events.push_back(DealOfAna(absl::StrCat("D-", i)));
    }
    return harness_.MustAppend(events);
  }

  ServiceHarness harness_;
};

TEST_F(SubscribeTest, HistoryThenCaughtUpThenLive) {
  AppendDeals(0, 3);
  Follower follower = Follow();
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::CAUGHT_UP), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(follower.last().position(), 4U);
  EXPECT_EQ(follower.last().head(), 4U);
  AppendDeals(3, 2);
  EXPECT_THAT(follower.Take(2), ElementsAre(5, 6));
}

TEST_F(SubscribeTest, BeginsAfterThePositionThatTheClientHas) {
  AppendDeals(0, 3);
  v1::SubscribeRequest request;
  request.set_after_position(3);
  Follower follower = Follow(request);
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::CAUGHT_UP), ElementsAre(4));
}

TEST_F(SubscribeTest, APositionBeyondTheEndIsOutOfRange) {
  v1::SubscribeRequest request;
  request.set_after_position(2);
  const absl::Status status = Follow(request).Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("2")));
  EXPECT_EQ(ReasonOf(status), kReasonAsOfBeyondEnd);
}

TEST_F(SubscribeTest, AnIdleSubscriptionSaysWhereItIs) {
  v1::SubscribeRequest request;
  request.set_heartbeat_millis(100);
  Follower follower = Follow(request);
  follower.Until(v1::SubscribeResponse::CAUGHT_UP);
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::HEARTBEAT), ElementsAre());
  EXPECT_EQ(follower.last().position(), 1U);
}

TEST_F(SubscribeTest, FiltersByKindAndMovesOnOverTheRest) {
  v1::SubscribeRequest request;
  request.add_kinds("participant_changed");
  request.set_heartbeat_millis(100);
  AppendDeals(0, 2);
  Follower follower = Follow(request);
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::CAUGHT_UP), ElementsAre());
  EXPECT_EQ(follower.last().position(), 3U);
  AppendDeals(2, 2);
  follower.Until(v1::SubscribeResponse::HEARTBEAT);
  EXPECT_EQ(follower.last().position(), 5U);
  harness_.MustAppend({Ana()});
  EXPECT_THAT(follower.Take(1), ElementsAre(6));
}

TEST_F(SubscribeTest, FiltersByStreamPrefix) {
  v1::SubscribeRequest request;
  request.set_stream_prefix("deals/D-1");
  AppendDeals(0, 12);
  Follower follower = Follow(request);
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::CAUGHT_UP), ElementsAre(3, 12, 13));
  AppendDeals(20, 1);
  AppendDeals(100, 1);
  EXPECT_THAT(follower.Take(1), ElementsAre(15));
}

TEST_F(SubscribeTest, FiltersByAParticipantWhoIsNotKnownYet) {
  v1::SubscribeRequest request;
  request.set_participant_id("ana");
  harness_.MustAppend({EventOf(R"(event_id: "ben" source: "hris"
      participant_changed { participant_id: "ben" effective_from: "2025-01-01" status: ACTIVE })")});
  Follower follower = Follow(request);
  EXPECT_THAT(follower.Until(v1::SubscribeResponse::CAUGHT_UP), ElementsAre());
  harness_.MustAppend({Ana()});
  AppendDeals(0, 1);
  EXPECT_THAT(follower.Take(2), ElementsAre(3, 4));
}

TEST_F(SubscribeTest, BadRequestsNameTheField) {
  v1::SubscribeRequest kind;
  kind.add_kinds("deal_bookd");
  EXPECT_THAT(Follow(kind).Finish(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deal_bookd")));
  v1::SubscribeRequest heartbeat;
  heartbeat.set_heartbeat_millis(5);
  EXPECT_THAT(Follow(heartbeat).Finish(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("heartbeat_millis")));
  v1::SubscribeRequest ledger;
  ledger.set_ledger("apac");
  EXPECT_THAT(Follow(ledger).Finish(), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SubscribeTest, ClosingTheLedgerEndsIt) {
  Follower follower = Follow();
  follower.Until(v1::SubscribeResponse::CAUGHT_UP);
  ASSERT_THAT(harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CloseLedger,
                            v1::CloseLedgerRequest()),
              IsOk());
  const absl::Status status = follower.Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(status), kReasonLedgerClosing);
}

// While a writer appends, followers are cut at random and take up where they
// were: each sees every position once, in order.
TEST_F(SubscribeTest, CutAtRandomResumesWithoutGapOrRepeat) {
  constexpr int kCuts = 1'000;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop.load(); i += 7) {
      AppendDeals(i, 7);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::mt19937 random(20251125);
  uint64_t seen = 0;
  for (int cut = 0; cut < kCuts; ++cut) {
    v1::SubscribeRequest request;
    request.set_after_position(seen);
    Follower follower = Follow(request);
    v1::SubscribeResponse message;
    const uint64_t enough = random() % 4;
    for (uint64_t i = 0; i < enough && follower.Next(&message); ++i) {
      for (const v1::StoredEvent& event : message.events()) {
        ASSERT_EQ(event.event().position(), seen + 1) << "after cut " << cut;
        ++seen;
      }
      ASSERT_EQ(message.position(), seen);
    }
  }
  stop = true;
  writer.join();
  v1::SubscribeRequest rest;
  rest.set_after_position(seen);
  Follower follower = Follow(rest);
  for (const uint64_t position : follower.Until(v1::SubscribeResponse::CAUGHT_UP)) {
    ASSERT_EQ(position, ++seen);
  }
  EXPECT_EQ(follower.last().head(), seen);
}

TEST(SubscribeLimits, ASubscriberThatNeverReadsIsDroppedAndSlowsNobody) {
  ServiceHarness harness({.listen = "127.0.0.1:0", .subscriptions = {.slow = absl::Seconds(2)}});
  harness.MakeLedger();
  grpc::ChannelArguments arguments = ChannelArguments();
  const auto stub = v1::LedgerService::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", harness.server->port()),
                                grpc::InsecureChannelCredentials(), arguments));
  Follower silent(stub.get(), {});
  Follower other(stub.get(), {});
  // More than sockets and flow control keep.
  constexpr int kBatches = 40;
  constexpr int kDeals = 300;
  std::vector<uint64_t> read;
  std::thread reader([&] { read = other.Take(kBatches * kDeals + 1); });
  uint64_t head = 0;
  for (int i = 0; i < kBatches; ++i) {
    std::vector<v1::Event> events;
    for (int j = 0; j < kDeals; ++j) {
      events.push_back(DealOfAna(absl::StrCat("D-", i, "-", j)));
      auto& attributes = *events.back().mutable_deal_booked()->mutable_attributes();
      for (int k = 0; k < 5; ++k) attributes[absl::StrCat("a", k)] = std::string(190, 'x');
    }
    head = harness.MustAppend(events);
  }
  reader.join();
  EXPECT_EQ(read.back(), head);
  std::this_thread::sleep_for(std::chrono::seconds(6));
  // It may find what was on its way, and then why it was dropped; or nothing.
  const absl::Status status = silent.Finish();
  EXPECT_TRUE(absl::IsResourceExhausted(status) || absl::IsCancelled(status)) << status;
  if (absl::IsResourceExhausted(status)) {
    EXPECT_EQ(ReasonOf(status), kReasonSubscriberTooSlow);
    EXPECT_THAT(MetadataOf(status), ::testing::Contains(::testing::Key("position")));
  }
}

TEST(SubscribeLimits, ASlowReaderFallsBehindAndCatchesUpWithoutLoss) {
  ServiceHarness harness;
  harness.MakeLedger();
  Follower follower(harness.ledgers.get(), {});
  uint64_t seen = follower.Until(v1::SubscribeResponse::CAUGHT_UP).size();
  uint64_t head = 0;
  for (int i = 0; i < 60; ++i) {
    std::vector<v1::Event> events;
    for (int j = 0; j < 100; ++j) events.push_back(DealOfAna(absl::StrCat("D-", i, "-", j)));
    head = harness.MustAppend(events);
  }
  bool fell_behind = false;
  v1::SubscribeResponse message;
  while (seen < head && follower.Next(&message)) {
    fell_behind = fell_behind || message.mark() == v1::SubscribeResponse::FELL_BEHIND;
    for (const v1::StoredEvent& event : message.events()) {
      ASSERT_EQ(event.event().position(), ++seen);
    }
  }
  EXPECT_TRUE(fell_behind);
  EXPECT_EQ(seen, head);
}

TEST(SubscribeLimits, ThousandsOfIdleSubscribersAreServed) {
  ServiceHarness harness;
  harness.MakeLedger();
  constexpr int kFollowers = 2'000;
  v1::SubscribeRequest request;
  request.add_kinds("participant_changed");
  std::vector<std::unique_ptr<Follower>> followers;
  for (int i = 0; i < kFollowers; ++i) {
    followers.push_back(std::make_unique<Follower>(harness.ledgers.get(), request));
    followers.back()->Until(v1::SubscribeResponse::CAUGHT_UP);
  }
  for (int i = 0; i < 50; ++i) harness.MustAppend({DealOfAna(absl::StrCat("D-", i))});
  const uint64_t position = harness.MustAppend({Ana()});
  for (const auto& follower : followers) {
    EXPECT_THAT(follower->Take(1), ElementsAre(position));
  }
}

}  // namespace
}  // namespace payfold
