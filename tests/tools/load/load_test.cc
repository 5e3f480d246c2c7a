#include <memory>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/server.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"
#include "tools/load/append_load.h"
#include "tools/load/pace.h"
#include "tools/load/statement_load.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

TEST(Pace, TheClosedLoopIsDueAtOnce) {
  Pace pace(absl::UnixEpoch(), 0, 0, 4);
  const absl::Time now = absl::FromUnixSeconds(1'000);
  EXPECT_EQ(pace.Next(now), now);
  EXPECT_EQ(pace.Next(now), now);
}

TEST(Pace, TheOpenLoopIsDueWhenItIsDueHoweverLateItIs) {
  const absl::Time start = absl::FromUnixSeconds(1'000);
  Pace pace(start, 100, 1, 4);
  const absl::Time late = start + absl::Hours(1);
  EXPECT_EQ(pace.Next(late), start + absl::Milliseconds(10));
  EXPECT_EQ(pace.Next(late), start + absl::Milliseconds(50));
  EXPECT_EQ(pace.Next(late), start + absl::Milliseconds(90));
}

// A server on the loopback, called as a remote one.
class LoadTest : public ::testing::Test {
 protected:
  LoadTest()
      : harness_({.listen = "127.0.0.1:0"}),
        channel_(grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", harness_.server->port()),
                                           grpc::InsecureChannelCredentials(), ChannelArguments())),
        ledgers_(v1::LedgerService::NewStub(channel_)),
        payouts_(v1::PayoutService::NewStub(channel_)) {
    harness_.MakeLedger();
  }

  ServiceHarness harness_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::LedgerService::Stub> ledgers_;
  std::unique_ptr<v1::PayoutService::Stub> payouts_;
};

TEST_F(LoadTest, AppendsEveryEventOnceAndThenAsksForStatements) {
  constexpr int64_t kDeals = 1'500;
  const auto appended = RunAppendLoad(ledgers_.get(), {.ledger = "main",
                                                       .streams = 4,
                                                       .batch = 10,
                                                       .in_flight = 3,
                                                       .deals = kDeals,
                                                       .duration = absl::Minutes(5)});
  ASSERT_THAT(appended, IsOk());
  EXPECT_EQ(appended->errors, 0U);
  EXPECT_EQ(appended->events, 2 * static_cast<uint64_t>(kDeals));
  EXPECT_EQ(appended->latency.count(), 2 * static_cast<uint64_t>(kDeals) / 10);
  const auto head = harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetTreeHead, {});
  ASSERT_THAT(head, IsOk());

  v1::GetBalanceRequest caught_up;
  caught_up.mutable_context()->set_min_position(head->size());
  caught_up.set_participant_id("s00000");
  harness_.Call(*payouts_, &v1::PayoutService::Stub::GetBalance, caught_up).status().IgnoreError();
  const auto asked = RunStatementLoad(
      payouts_.get(),
      {.ledger = "main", .clients = 2, .per_second = 200, .duration = absl::Milliseconds(500)});
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->errors, 0U) << asked->first_error;
  EXPECT_EQ(asked->latency.count(), 100U);
}

TEST_F(LoadTest, TheOpenLoopSendsAsManyAsAreDue) {
  const auto appended = RunAppendLoad(ledgers_.get(), {.ledger = "main",
                                                       .streams = 3,
                                                       .batches_per_second = 300,
                                                       .deals = 5'000,
                                                       .duration = absl::Milliseconds(400)});
  ASSERT_THAT(appended, IsOk());
  EXPECT_EQ(appended->events, 120U);
}

TEST_F(LoadTest, ALedgerThatIsNotThereEndsTheLoad) {
  EXPECT_THAT(RunAppendLoad(ledgers_.get(), {.ledger = "apac", .deals = 10}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("apac")));
}

TEST_F(LoadTest, ALedgerWithoutLinesHasNothingToAskAbout) {
  EXPECT_THAT(RunStatementLoad(payouts_.get(), {.ledger = "main"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no lines")));
}

}  // namespace
}  // namespace payfold
