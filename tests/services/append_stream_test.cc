#include "services/append_stream.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

using Writer = grpc::ClientReaderWriter<v1::AppendStreamRequest, v1::AppendStreamResponse>;

class AppendStreamTest : public ::testing::Test {
 protected:
  AppendStreamTest() { harness_.MakeLedger(); }

  void Open() { stream_ = harness_.ledgers->AppendStream(&context_); }

  bool Send(const std::vector<v1::Event>& events, const std::string& ledger = "") {
    v1::AppendStreamRequest request;
    request.set_ledger(ledger);
    request.mutable_events()->Assign(events.begin(), events.end());
    return stream_->Write(request);
  }

  v1::AppendStreamResponse Next() {
    v1::AppendStreamResponse response;
    EXPECT_TRUE(stream_->Read(&response));
    return response;
  }

  absl::Status Finish() {
    stream_->WritesDone();
    v1::AppendStreamResponse response;
    while (stream_->Read(&response)) continue;
    return FromGrpc(stream_->Finish());
  }

  ServiceHarness harness_;
  grpc::ClientContext context_;
  std::unique_ptr<Writer> stream_;
};

TEST_F(AppendStreamTest, BatchesAreAcknowledgedInOrderWithTheirPositions) {
  Open();
  constexpr uint64_t kBatches = 500;
  std::thread sender([this] {
    for (uint64_t i = 0; i < kBatches; ++i) {
      ASSERT_TRUE(Send({DealOfAna(absl::StrCat("a", i)), DealOfAna(absl::StrCat("b", i))}));
    }
    stream_->WritesDone();
  });
  v1::AppendStreamResponse response;
  uint64_t acknowledged = 0;
  while (stream_->Read(&response)) {
    ++acknowledged;
    ASSERT_EQ(response.batch(), acknowledged);
    ASSERT_EQ(response.appended().results_size(), 2);
    // Position 1 is the ledger's configuration.
    EXPECT_EQ(response.appended().results(0).position(), 2 * acknowledged);
    EXPECT_EQ(response.appended().results(1).position(), 2 * acknowledged + 1);
  }
  sender.join();
  EXPECT_THAT(FromGrpc(stream_->Finish()), IsOk());
  EXPECT_EQ(acknowledged, kBatches);
}

TEST_F(AppendStreamTest, ARefusedBatchSaysWhyAndLeavesTheOthersAlone) {
  Open();
  v1::Event bad = DealOfAna("bad");
  bad.mutable_deal_booked()->set_booked_on("2025-02-30");
  Send({DealOfAna("one")});
  Send({DealOfAna("with-bad"), bad});
  Send({DealOfAna("two")});
  EXPECT_EQ(Next().appended().results(0).position(), 2U);
  const v1::AppendStreamResponse refused = Next();
  EXPECT_EQ(refused.batch(), 2U);
  const absl::Status error = FromRpcStatus(refused.error());
  EXPECT_THAT(error, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2025-02-30")));
  ASSERT_EQ(FieldViolationsOf(error).size(), 1U);
  EXPECT_EQ(FieldViolationsOf(error)[0].field, "events[1].deal_booked.booked_on");
  EXPECT_EQ(Next().appended().results(0).position(), 3U);
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, ARefusedBatchHasEveryViolationWhateverTheirNumber) {
  Open();
  std::vector<v1::Event> events;
  for (int i = 0; i < 2'000; ++i) {
    events.push_back(DealOfAna(absl::StrCat("D-", i)));
    events.back().mutable_deal_booked()->set_booked_on("2025-02-30");
  }
  Send(events);
  EXPECT_EQ(FieldViolationsOf(FromRpcStatus(Next().error())).size(), 2'000U);
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, ABatchThatIsSentAgainIsADuplicate) {
  Open();
  Send({DealOfAna("one")});
  Send({DealOfAna("one")});
  EXPECT_FALSE(Next().appended().results(0).duplicate());
  const v1::AppendStreamResponse again = Next();
  EXPECT_TRUE(again.appended().results(0).duplicate());
  EXPECT_EQ(again.appended().results(0).position(), 2U);
  EXPECT_EQ(again.appended().position(), 2U);
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, ValidateOnlyWritesNothing) {
  Open();
  v1::AppendStreamRequest request;
  *request.add_events() = DealOfAna("one");
  request.set_validate_only(true);
  stream_->Write(request);
  EXPECT_EQ(Next().appended().results(0).position(), 0U);
  Send({DealOfAna("two")});
  EXPECT_EQ(Next().appended().results(0).position(), 2U);
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, AnEmptyStreamEndsWell) {
  Open();
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, AnUnknownLedgerEndsTheStream) {
  Open();
  Send({DealOfAna("one")}, "apac");
  const absl::Status status = Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("apac")));
  EXPECT_EQ(ReasonOf(status), kReasonLedgerNotFound);
}

TEST_F(AppendStreamTest, AnotherLedgerOnTheWayEndsTheStreamAfterWhatWasSent) {
  Open();
  Send({DealOfAna("one")}, "main");
  Send({DealOfAna("two")}, "apac");
  EXPECT_EQ(Next().appended().results(0).position(), 2U);
  EXPECT_THAT(Finish(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"apac\"")));
}

TEST_F(AppendStreamTest, AnEmptyBatchIsRefusedAndTheStreamGoesOn) {
  Open();
  Send({});
  Send({DealOfAna("one")});
  EXPECT_THAT(FromRpcStatus(Next().error()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Next().appended().results(0).position(), 2U);
  EXPECT_THAT(Finish(), IsOk());
}

TEST_F(AppendStreamTest, ClosingTheLedgerEndsTheStreamAndItsNextUseOpensIt) {
  Open();
  Send({DealOfAna("one")});
  EXPECT_EQ(Next().appended().results(0).position(), 2U);
  v1::CloseLedgerRequest close;
  const auto closed =
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CloseLedger, close);
  ASSERT_THAT(closed, IsOk());
  EXPECT_TRUE(closed->closed());
  const absl::Status status = Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(status), kReasonLedgerClosing);
  EXPECT_EQ(harness_.MustAppend({DealOfAna("two")}), 3U);
}

TEST_F(AppendStreamTest, WhatACancelledStreamSentIsAppendedWholeOrNotAtAll) {
  for (int round = 0; round < 20; ++round) {
    grpc::ClientContext context;
    const auto stream = harness_.ledgers->AppendStream(&context);
    for (int i = 0; i < 30; ++i) {
      v1::AppendStreamRequest request;
      for (int j = 0; j < 3; ++j) {
        *request.add_events() = DealOfAna(absl::StrCat("r", round, "-", i, "-", j));
      }
      if (!stream->Write(request)) break;
      if (i == round) context.TryCancel();
    }
    stream->Finish();
  }
  v1::ReadEventsRequest all;
  grpc::ClientContext context;
  const auto reader = harness_.ledgers->ReadEvents(&context, all);
  v1::ReadEventsResponse page;
  uint64_t deals = 0;
  while (reader->Read(&page)) {
    for (const v1::StoredEvent& event : page.events()) deals += event.event().has_deal_booked();
  }
  EXPECT_EQ(deals % 3, 0U);
}

}  // namespace
}  // namespace payfold
