#include "ledger/log/group_commit.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "ledger/log/fsck.h"
#include "rocksdb/env.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestOptions;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;

using Decisions = absl::StatusOr<std::vector<Decision>>;

Decide AllNew(std::vector<NewEvent> events) {
  return [events = std::move(events)](const LogState&) {
    return Decisions(std::vector<Decision>(events.begin(), events.end()));
  };
}

class GroupCommitTest : public testing::Test {
 protected:
  GroupCommitTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
  }
  ~GroupCommitTest() override { Release(); }

  // Keeps the committing thread busy, so that what comes is queued.
  void Hold() {
    log_->AppendAsync(
        [this](const LogState&) -> Decisions {
          held_.set_value();
          released_.get_future().wait();
          return std::vector<Decision>();
        },
        [](const absl::StatusOr<AppendResult>& result) { EXPECT_THAT(result, IsOk()); });
    held_.get_future().wait();
    holding_ = true;
  }
  void Release() {
    if (std::exchange(holding_, false)) released_.set_value();
  }

  // Queues a batch; its answer goes to the end of answers_.
  void Queue(Decide decide) {
    log_->AppendAsync(std::move(decide), [this](absl::StatusOr<AppendResult> result) {
      answers_.push_back(std::move(result));
    });
  }

  // Destroys the log, which answers all, and opens it again.
  void Reopen() {
    Release();
    log_.reset();
    log_ = *EventLog::Open(TestOptions(env_.get(), &clock_));
  }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::vector<absl::StatusOr<AppendResult>> answers_;
  bool holding_ = false;
  std::promise<void> held_;
  std::promise<void> released_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(GroupCommitTest, AsyncBatchesAreAppendedAndAnsweredInOrder) {
  constexpr uint64_t kBatches = 3'000;
  for (uint64_t i = 0; i < kBatches; ++i) {
    Queue(AllNew({MakeEvent(absl::StrCat("e", i), "s")}));
  }
  Reopen();
  ASSERT_EQ(answers_.size(), kBatches);
  for (uint64_t i = 0; i < kBatches; ++i) {
    ASSERT_THAT(answers_[i], IsOk());
    EXPECT_EQ(answers_[i]->events[0].position, i + 1);
    EXPECT_EQ(answers_[i]->events[0].stream_version, i + 1);
  }
  EXPECT_EQ(log_->head(), kBatches);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(GroupCommitTest, WhatIsAnsweredIsInTheLog) {
  std::promise<void> answered;
  log_->AppendAsync(AllNew({MakeEvent("e1", "s")}), [&](const absl::StatusOr<AppendResult>& done) {
    EXPECT_THAT(done, IsOk());
    EXPECT_EQ(log_->head(), 1u);
    EXPECT_EQ(log_->FindEventId("e1")->value().position, 1u);
    answered.set_value();
  });
  answered.get_future().wait();
}

TEST_F(GroupCommitTest, ARefusedBatchAmidOthersTakesNothingWithIt) {
  Hold();
  Queue(AllNew({MakeEvent("e1", "s", 20, {"ana"})}));
  Queue([](const LogState&) { return Decisions(absl::FailedPreconditionError("no")); });
  Queue(AllNew({MakeEvent("e2", "t", 20, {"bob"}), MakeEvent("e1", "s")}));
  Queue(AllNew({MakeEvent("e3", "s", 20, {"carl"})}));
  Reopen();
  ASSERT_EQ(answers_.size(), 4u);
  EXPECT_THAT(answers_[0], IsOk());
  EXPECT_THAT(answers_[1], StatusIs(absl::StatusCode::kFailedPrecondition, "no"));
  EXPECT_THAT(answers_[2], StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("position 1")));
  ASSERT_THAT(answers_[3], IsOk());
  EXPECT_EQ(answers_[3]->events[0].position, 2u);
  EXPECT_EQ(answers_[3]->events[0].stream_version, 2u);
  EXPECT_THAT(log_->FindParticipant("carl"), IsOkAndHolds(Optional(1u)));
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(GroupCommitTest, WhatIsExpectedIsFoundThatWasStagedBefore) {
  Hold();
  Queue(AllNew({MakeEvent("e1", "s")}));
  Queue([](const LogState& state) -> Decisions {
    EXPECT_THAT(state.Expect({"e2", "e1", "e2"}, {"t", "s", "t"}), IsOk());
    EXPECT_EQ(state.FindEventId("e1")->value().position, 1u);
    EXPECT_THAT(state.FindEventId("e2"), IsOkAndHolds(Eq(std::nullopt)));
    EXPECT_THAT(state.StreamVersion("s"), IsOkAndHolds(1u));
    EXPECT_THAT(state.StreamVersion("t"), IsOkAndHolds(0u));
    return std::vector<Decision>({MakeEvent("e2", "t"), MakeEvent("e3", "s")});
  });
  Reopen();
  ASSERT_THAT(answers_, SizeIs(2));
  ASSERT_THAT(answers_[1], IsOk());
  EXPECT_EQ(answers_[1]->events[0].stream_version, 1u);
  EXPECT_EQ(answers_[1]->events[1].stream_version, 2u);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(GroupCommitTest, AsyncChecksSeeWhatIsQueuedBeforeThemAndWriteNothing) {
  Hold();
  Queue(AllNew({MakeEvent("e1", "s")}));
  log_->CheckAsync(AllNew({MakeEvent("e2", "s")}), [this](absl::StatusOr<AppendResult> result) {
    answers_.push_back(std::move(result));
  });
  Queue(AllNew({MakeEvent("e3", "s")}));
  Reopen();
  ASSERT_EQ(answers_.size(), 3u);
  EXPECT_EQ(answers_[1]->events[0].position, 2u);
  EXPECT_EQ(answers_[2]->events[0].position, 2u);
  EXPECT_EQ(log_->head(), 2u);
}

TEST_F(GroupCommitTest, AThreadThatWaitsComesAfterWhatIsQueued) {
  Hold();
  Queue(AllNew({MakeEvent("e1", "s")}));
  std::thread releases([this] { Release(); });
  const absl::StatusOr<AppendResult> second = AppendNew(*log_, {MakeEvent("e2", "s")});
  releases.join();
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->events[0].position, 2u);
}

// The first batch is being answered, its group not ended, when the next ones are
// decided; they must be expected to be large.
TEST_F(GroupCommitTest, DecidesOnWhatIsBeingWritten) {
  const std::string large(100'000, 'x');
  std::promise<void> decided;
  log_->AppendAsync(AllNew({MakeEvent("e1", "s", 20, {"ana"}, large), MakeEvent("e2", "t")}),
                    [&](const absl::StatusOr<AppendResult>&) { decided.get_future().wait(); });
  std::vector<uint64_t> read;
  Queue([](const LogState&) { return Decisions(std::vector<Decision>{MakeEvent("e3", "s")}); });
  Queue([&](const LogState& state) {
    EXPECT_EQ(state.Head(), 3u);
    EXPECT_EQ(state.FindEventId("e1")->value().position, 1u);
    EXPECT_EQ(state.FindEventId("e3")->value().position, 3u);
    EXPECT_THAT(state.StreamVersion("s"), IsOkAndHolds(2u));
    EXPECT_THAT(state.HasParticipant("ana"), IsOkAndHolds(true));
    EXPECT_EQ(state.Get(2)->stream_version, 1u);
    EXPECT_EQ(state.Get(3)->stream_version, 2u);
    EXPECT_THAT(state.ReadStream("s",
                                 [&](const EventView& event) {
                                   read.push_back(event.position);
                                   return absl::OkStatus();
                                 }),
                IsOk());
    decided.set_value();
    return Decisions(std::vector<Decision>{DuplicateOf{1}, MakeEvent("e4", "t")});
  });
  Reopen();
  EXPECT_THAT(read, ElementsAre(1, 3));
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_TRUE(answers_[1]->events[0].duplicate);
  EXPECT_EQ(answers_[1]->events[1].stream_version, 2u);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

// More streams than the writer remembers, each continued while it may be written.
TEST_F(GroupCommitTest, StreamsThatTheWriterForgetsAreContinued) {
  constexpr int kStreams = 300'000;
  constexpr int kBatch = 3'000;
  for (int first = 0; first < kStreams; first += kBatch) {
    std::vector<NewEvent> events;
    for (int i = first; i < first + kBatch; ++i) {
      events.push_back(MakeEvent(absl::StrCat("a", i), absl::StrCat("s", i)));
      const int earlier = i % 2 == 0 ? i - kBatch : i - kStreams / 2;
      if (earlier >= 0) {
        events.push_back(MakeEvent(absl::StrCat("b", i), absl::StrCat("s", earlier)));
        events.back().expected_stream_version = 1;
      }
    }
    Queue(AllNew(std::move(events)));
  }
  Reopen();
  EXPECT_THAT(answers_, Each(IsOk()));
}

TEST_F(GroupCommitTest, TooManyQueuedBatchesAreRefusedAtOnce) {
  Hold();
  for (size_t i = 0; i < kMaxQueuedBatches; ++i) {
    Queue(AllNew({MakeEvent(absl::StrCat("e", i), "s")}));
  }
  EXPECT_TRUE(answers_.empty());
  Queue(AllNew({MakeEvent("one more", "s")}));
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_THAT(answers_[0], StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("wait")));
  answers_.clear();
  Reopen();
  EXPECT_EQ(answers_.size(), kMaxQueuedBatches);
  EXPECT_THAT(answers_, Each(IsOk()));
  EXPECT_EQ(log_->head(), kMaxQueuedBatches);
}

TEST_F(GroupCommitTest, AnAnswerMayQueueTheNextBatchEvenWhileTheLogEnds) {
  Hold();
  EventLog* log = log_.get();
  log->AppendAsync(AllNew({MakeEvent("e1", "s")}), [&](const absl::StatusOr<AppendResult>&) {
    log->AppendAsync(AllNew({MakeEvent("e2", "s")}), [&](absl::StatusOr<AppendResult> result) {
      answers_.push_back(std::move(result));
    });
  });
  Reopen();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0]->events[0].position, 2u);
  EXPECT_EQ(log_->head(), 2u);
}

}  // namespace
}  // namespace payfold
