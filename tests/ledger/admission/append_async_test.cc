// Ledger::AppendAsync(): what it adds to Append().

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/ledger.h"
#include "ledger/log/fsck.h"
#include "rocksdb/env.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Booking;
using ::payfold_testing::Close;
using ::payfold_testing::Erasure;
using ::payfold_testing::Fact;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::Lines;
using ::payfold_testing::Person;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Answer {
  absl::StatusOr<AppendResult> result = absl::UnknownError("no answer yet");
  std::vector<Violation> violations = {};
};

class AppendAsyncTest : public testing::Test {
 protected:
  AppendAsyncTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    EXPECT_TRUE(env_->CreateDirIfMissing("/data").ok());
    ledger_ = *Ledger::Create("/data/main", {.env = env_.get(), .clock = &clock_});
  }

  // Appends the batch; the answer takes the next place in answers_.
  void Queue(std::vector<v1::Event> events,
             AppendOptions options = {.actor = "tester", .writer = Writer::kLedger}) {
    Answer& place = answers_.emplace_back();
    ledger_->AppendAsync(
        std::move(events), std::move(options),
        [&place](absl::StatusOr<AppendResult> result, std::vector<Violation> violations) {
          place = {std::move(result), std::move(violations)};
        });
  }

  // Destroys the ledger, which answers all, and opens it again.
  void Reopen() {
    ledger_.reset();
    ledger_ = *Ledger::Open("/data/main", {.env = env_.get(), .clock = &clock_});
  }

  std::string NameAt(uint64_t position) {
    EventStorage storage;
    v1::Event event = *ledger_->Decode(*ledger_->log().Get(position, &storage));
    EXPECT_THAT(ledger_->Unseal(&event), IsOk());
    return event.participant_changed().display_name();
  }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::deque<Answer> answers_;  // A queued answer's place does not move.
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(AppendAsyncTest, BatchesOfOneThreadAreAppendedInOrder) {
  constexpr uint64_t kBatches = 2'000;
  for (uint64_t i = 0; i < kBatches; ++i) {
    Queue({Booking(absl::StrCat("e", i), absl::StrCat("D-", i))});
  }
  Reopen();
  for (uint64_t i = 0; i < kBatches; ++i) {
    ASSERT_THAT(answers_[i].result, IsOk());
    EXPECT_EQ(answers_[i].result->events[0].position, i + 1);
  }
  EXPECT_THAT(CheckLog(ledger_->log(), {}).status(), IsOk());
}

TEST_F(AppendAsyncTest, EachBatchHasItsOwnAnswer) {
  Queue({Booking("e1")});
  Queue({Booking("e2", "")});                          // Refused before the queue.
  Queue({Person("e3", "ana", "Ana"), Booking("e4")});  // Refused in the writer.
  Queue({Booking("e1")});                              // A retry.
  Queue({Booking("e5", "D-5")}, {.actor = ""});        // Without an actor.
  Queue({Person("e3", "bob", "Bob"), Booking("e4", "D-4")});
  Reopen();
  EXPECT_EQ(answers_[0].result->events[0].position, 1u);
  EXPECT_EQ(Lines(answers_[1].violations), "events[0].deal_booked.deal_id FIELD_MISSING");
  EXPECT_THAT(answers_[1].result, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Lines(answers_[2].violations), "events[1].deal_booked.deal_id DEAL_ALREADY_BOOKED");
  EXPECT_THAT(answers_[2].result, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_TRUE(answers_[3].result->events[0].duplicate);
  EXPECT_THAT(answers_[4].result, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(answers_[5].violations, IsEmpty());
  EXPECT_EQ(answers_[5].result->events[0].position, 2u);
  EXPECT_EQ(ledger_->log().head(), 3u);
  EXPECT_EQ(NameAt(2), "Bob");
}

TEST_F(AppendAsyncTest, ValidateOnlyGivesTheSameAnswerWithoutEffect) {
  const AppendOptions validate = {.actor = "tester", .validate_only = true};
  Queue({Booking("e1")});
  Queue({Booking("e1"), Person("e2", "ana", "Ana")}, validate);
  Queue({Booking("e3")}, validate);
  Queue({Erasure("x", "ana")}, validate);
  Reopen();
  ASSERT_THAT(answers_[1].result, IsOk());
  EXPECT_TRUE(answers_[1].result->events[0].duplicate);
  EXPECT_EQ(answers_[1].result->events[1].position, 0u);
  EXPECT_EQ(Lines(answers_[2].violations), "events[0].deal_booked.deal_id DEAL_ALREADY_BOOKED");
  EXPECT_THAT(answers_[3].result, IsOk());
  EXPECT_EQ(ledger_->log().head(), 1u);
}

TEST_F(AppendAsyncTest, AnErasureRunsAloneBetweenBatches) {
  for (int i = 0; i < 50; ++i) Queue({Person(absl::StrCat("a", i), "ana", "Ana")});
  Queue({Erasure("x", "ana")});
  EXPECT_THAT(answers_.back().result, IsOk());
  EXPECT_EQ(ledger_->log().head(), 51u);
  for (int i = 0; i < 50; ++i) Queue({Person(absl::StrCat("b", i), "ana", "Ana again")});
  Reopen();
  for (const Answer& answer : answers_) EXPECT_THAT(answer.result, IsOk());
  for (uint64_t position = 1; position <= 50; ++position) EXPECT_EQ(NameAt(position), "");
  for (uint64_t position = 52; position <= 101; ++position) {
    EXPECT_EQ(NameAt(position), "Ana again");
  }
}

TEST_F(AppendAsyncTest, ManyThreadsEraseAndAppendAtTheSameTime) {
  constexpr size_t kThreads = 4;
  constexpr size_t kBatches = 100;
  std::vector<std::thread> threads;
  std::vector<std::vector<absl::Status>> statuses(
      kThreads, std::vector<absl::Status>(kBatches, absl::UnknownError("no answer yet")));
  threads.reserve(kThreads);
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < kBatches; ++i) {
        const std::string id = absl::StrCat("t", t, "-", i);
        const v1::Event event = i % 20 == 7 ? Erasure(id, "ana") : Person(id, "ana", "Ana");
        ledger_->AppendAsync({event}, {.actor = "tester"},
                             [&status = statuses[t][i]](const absl::StatusOr<AppendResult>& result,
                                                        const std::vector<Violation>&) {
                               status = result.status();
                             });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Reopen();
  for (const auto& of_thread : statuses) EXPECT_THAT(of_thread, testing::Each(IsOk()));
  EXPECT_EQ(ledger_->log().head(), kThreads * kBatches);
  EXPECT_THAT(CheckLog(ledger_->log(), {}).status(), IsOk());
}

TEST_F(AppendAsyncTest, ACloseHoldsForTheBatchesAfterIt) {
  Queue({Close("c", "2025-01")});
  Queue({Fact("adj", R"("adjustment_posted": {"adjustment_id": "A-1", "participant_id": "ana",
                         "period": "2025-01", "amount": {"currency": "USD", "minor_units": "1"},
                         "reason": "late"})")});
  Reopen();
  EXPECT_THAT(answers_[0].result, IsOk());
  EXPECT_THAT(answers_[1].result, StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_EQ(answers_[1].violations.size(), 1u);
  EXPECT_EQ(answers_[1].violations[0].reason, Reason::kPeriodClosed);
}

}  // namespace
}  // namespace payfold
