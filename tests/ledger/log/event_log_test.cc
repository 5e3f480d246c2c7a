#include "ledger/log/event_log.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/database.h"
#include "ledger/log/envelope.h"
#include "ledger/log/fsck.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/proof_verifier.h"
#include "rocksdb/env.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::AppendOnce;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::payfold_testing::TestOptions;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

using Decisions = absl::StatusOr<std::vector<Decision>>;

class EventLogTest : public testing::Test {
 protected:
  EventLogTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
  }

  void Reopen() {
    log_.reset();
    log_ = *EventLog::Open(TestOptions(env_.get(), &clock_));
  }

  std::vector<uint64_t> Positions(const EventQuery& query) {
    std::vector<uint64_t> positions;
    const std::unique_ptr<EventCursor> cursor = log_->Read(query);
    while (cursor->Next()) positions.push_back(cursor->event().position);
    EXPECT_THAT(cursor->status(), IsOk());
    return positions;
  }

  std::string BytesAt(uint64_t position) {
    EventStorage storage;
    return std::string(log_->Get(position, &storage)->bytes);
  }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(EventLogTest, AnEmptyLogHasNothing) {
  EXPECT_EQ(log_->head(), 0u);
  EXPECT_THAT(Positions({}), ElementsAre());
  EXPECT_THAT(log_->PositionAtTime(1), IsOkAndHolds(0u));
  EXPECT_THAT(log_->RootAt(0), IsOkAndHolds(Sha256("")));
  EventStorage storage;
  EXPECT_THAT(log_->Get(1, &storage).status(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(EventLogTest, AppendedEventsHavePositionsVersionsAndTime) {
  const NewEvent booked = MakeEvent("e1", "deals/D-1", 22, {"ana", "bob"});
  const auto result =
      AppendNew(*log_, {booked, MakeEvent("e2", "deals/D-2"), MakeEvent("e3", "deals/D-1")});
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->head, 3u);
  EXPECT_EQ(result->recorded_at_micros, absl::ToUnixMicros(clock_.Now()));
  EXPECT_EQ(result->events[2].position, 3u);
  EXPECT_EQ(result->events[2].stream_version, 2u);
  EXPECT_FALSE(result->events[2].duplicate);
  EventStorage storage;
  const auto event = log_->Get(1, &storage);
  ASSERT_THAT(event, IsOk());
  std::string bytes;
  AppendEnvelope(&bytes, 1, result->recorded_at_micros, 1);
  EXPECT_EQ(event->bytes, bytes + booked.body);
  EXPECT_EQ(event->kind, 22u);
  EXPECT_THAT(event->participants, ElementsAre(0, 1));
}

TEST_F(EventLogTest, EverythingIsThereAfterReopening) {
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e1", "deals/D-1", 22, {"ana"})}), IsOk());
  const std::string bytes = BytesAt(1);
  Reopen();
  EXPECT_EQ(log_->head(), 1u);
  EXPECT_EQ(BytesAt(1), bytes);
  const auto again = AppendNew(*log_, {MakeEvent("e2", "deals/D-1", 22, {"bob", "ana"})});
  EXPECT_EQ(again->events[0].stream_version, 2u);
  EXPECT_THAT(log_->FindParticipant("ana"), IsOkAndHolds(Optional(0u)));
  EXPECT_THAT(log_->FindParticipant("bob"), IsOkAndHolds(Optional(1u)));
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(EventLogTest, TimeNeverGoesBack) {
  const int64_t first = AppendNew(*log_, {MakeEvent("e1", "s")})->recorded_at_micros;
  clock_.Advance(-absl::Hours(1));
  EXPECT_EQ(AppendNew(*log_, {MakeEvent("e2", "s")})->recorded_at_micros, first);
  Reopen();
  EXPECT_EQ(AppendNew(*log_, {MakeEvent("e3", "s")})->recorded_at_micros, first);
}

TEST_F(EventLogTest, PositionAtTimeIsTheLastNotAfterIt) {
  std::vector<int64_t> times;
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(absl::Seconds(10));
    const std::string id = std::to_string(i);
    times.push_back(
        AppendNew(*log_, {MakeEvent("a" + id, "s"), MakeEvent("b" + id, "s")})->recorded_at_micros);
  }
  EXPECT_THAT(log_->PositionAtTime(times[0] - 1), IsOkAndHolds(0u));
  for (uint64_t i = 0; i < 5; ++i) {
    EXPECT_THAT(log_->PositionAtTime(times[i]), IsOkAndHolds(2 * i + 2));
    EXPECT_THAT(log_->PositionAtTime(times[i] + 1), IsOkAndHolds(2 * i + 2));
  }
}

TEST_F(EventLogTest, ARetryOfABatchAddsNothing) {
  const std::vector<NewEvent> batch = {MakeEvent("e1", "s"), MakeEvent("e2", "s")};
  ASSERT_THAT(AppendOnce(*log_, batch), IsOk());
  const auto again = AppendOnce(*log_, batch);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(log_->head(), 2u);
  EXPECT_EQ(again->events[1].position, 2u);
  EXPECT_EQ(again->events[1].stream_version, 2u);
  EXPECT_TRUE(again->events[1].duplicate);
}

TEST_F(EventLogTest, AKnownEventIdIsNeverAppendedAgain) {
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e1", "s")}), IsOk());
  EXPECT_THAT(
      AppendNew(*log_, {MakeEvent("e2", "s"), MakeEvent("e1", "s")}),
      StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("\"e1\" is that of position 1")));
  EXPECT_THAT(AppendNew(*log_, {MakeEvent("e3", "s"), MakeEvent("e3", "s")}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("position 2")));
  EXPECT_EQ(log_->head(), 1u);
}

TEST_F(EventLogTest, ARefusedBatchLeavesNothing) {
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e1", "old", 20, {"ana"})}), IsOk());
  NewEvent unexpected = MakeEvent("e4", "old");
  unexpected.expected_stream_version = 7;
  EXPECT_THAT(
      AppendNew(*log_, {MakeEvent("e2", "new", 20, {"bob"}), MakeEvent("e3", "old"), unexpected}),
      StatusIs(absl::StatusCode::kAborted, HasSubstr("old is at version 2, not 7")));
  EXPECT_EQ(log_->head(), 1u);
  const auto next = AppendNew(*log_, {MakeEvent("e2", "newer", 20, {"carl"}),
                                      MakeEvent("e3", "old"), MakeEvent("e4", "new")});
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->events[1].stream_version, 2u);
  EXPECT_EQ(next->events[2].stream_version, 1u);
  EXPECT_THAT(log_->FindParticipant("carl"), IsOkAndHolds(Optional(1u)));
  EXPECT_THAT(log_->StreamName(1), IsOkAndHolds(std::string("newer")));
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(EventLogTest, EventsThatBreakARuleAreRefused) {
  const struct {
    NewEvent event;
    const char* message;
  } kCases[] = {
      {MakeEvent("", "s"), "event id is empty"},
      {MakeEvent("e", ""), "stream is empty"},
      {MakeEvent("e", "s", 0), "the kind is 0, must be 1 to 63"},
      {MakeEvent("e", "s", 64), "the kind is 64"},
      {MakeEvent("e", "s", 20, {}, std::string(kMaxEventBytes, 'x')), "must have at most"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(AppendNew(*log_, {c.event}),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
  EXPECT_EQ(log_->head(), 0u);
}

TEST_F(EventLogTest, CheckWritesNothing) {
  const auto decide = [](const LogState&) {
    return Decisions(std::vector<Decision>{MakeEvent("e1", "s", 20, {"ana"})});
  };
  for (int round = 0; round < 2; ++round) {
    const auto checked = log_->Check(decide);
    ASSERT_THAT(checked, IsOk());
    EXPECT_EQ(checked->events[0].position, 1u);
    EXPECT_EQ(log_->head(), 0u);
  }
  EXPECT_THAT(log_->Append(decide), IsOk());
  EXPECT_THAT(log_->FindParticipant("ana"), IsOkAndHolds(Optional(0u)));
}

TEST_F(EventLogTest, AStreamThatWasNotThereIsThereOnceItHasEvents) {
  const auto asking = [](uint64_t version, bool refuse) {
    return [=](const LogState& state) -> Decisions {
      EXPECT_THAT(state.StreamVersion("s"), IsOkAndHolds(version));
      if (refuse) return absl::FailedPreconditionError("no");
      return std::vector<Decision>{MakeEvent(absl::StrCat("e", version), "s"),
                                   MakeEvent(absl::StrCat("f", version), "s")};
    };
  };
  EXPECT_THAT(log_->Append(asking(0, /*refuse=*/true)), Not(IsOk()));
  const auto first = log_->Append(asking(0, /*refuse=*/false));
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->events[0].stream_version, 1u);
  EXPECT_EQ(first->events[1].stream_version, 2u);
  EXPECT_THAT(log_->Check(asking(2, /*refuse=*/false)), IsOk());
  ASSERT_THAT(log_->Append(asking(2, /*refuse=*/false)), IsOk());
  EXPECT_THAT(log_->Append(asking(4, /*refuse=*/true)), Not(IsOk()));
}

TEST_F(EventLogTest, DecidesOnEverythingThatWasAppended) {
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e1", "s", 20, {"ana"}), MakeEvent("e2", "t"),
                                MakeEvent("e3", "s")}),
              IsOk());
  std::vector<uint64_t> read;
  const auto result = log_->Append([&](const LogState& state) {
    EXPECT_EQ(state.Head(), 3u);
    EXPECT_EQ(state.NowMicros(), absl::ToUnixMicros(clock_.Now()));
    EXPECT_THAT(state.StreamVersion("s"), IsOkAndHolds(2u));
    EXPECT_THAT(state.StreamVersion("none"), IsOkAndHolds(0u));
    EXPECT_THAT(state.HasParticipant("ana"), IsOkAndHolds(true));
    EXPECT_THAT(state.HasParticipant("bob"), IsOkAndHolds(false));
    EXPECT_EQ(state.FindEventId("e2")->value().position, 2u);
    EXPECT_EQ(state.Get(3)->stream_version, 2u);
    EXPECT_THAT(state.ReadStream("s",
                                 [&](const EventView& event) {
                                   read.push_back(event.position);
                                   return absl::OkStatus();
                                 }),
                IsOk());
    return Decisions(absl::FailedPreconditionError("no"));
  });
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition, "no"));
  EXPECT_THAT(read, ElementsAre(1, 3));
}

TEST_F(EventLogTest, ManyThreadsShareCommitsAndSeeEachOthersEvents) {
  constexpr int kThreads = 16;
  constexpr int kBatches = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kBatches; ++i) {
        // Each batch continues the one stream they share, by what it reads there.
        const auto result = log_->Append([&](const LogState& state) -> Decisions {
          uint64_t count = 0;
          const absl::Status read = state.ReadStream("shared", [&](const EventView& event) {
            EXPECT_EQ(event.stream_version, ++count);
            return absl::OkStatus();
          });
          if (!read.ok()) return read;
          const std::string id = std::to_string(t) + "-" + std::to_string(i);
          NewEvent event = MakeEvent(id, "shared", 20, {"p" + std::to_string(i)});
          event.expected_stream_version = count;
          if (i % 10 == 9) event.expected_stream_version = count + 1;  // Refused.
          return std::vector<Decision>{MakeEvent(id + "b", "own/" + id), event};
        });
        EXPECT_EQ(result.ok(), i % 10 != 9) << result.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(log_->head(), 2u * kThreads * kBatches * 9 / 10);
  EXPECT_THAT(CheckLog(*log_, {}).status(), IsOk());
}

TEST_F(EventLogTest, TreeHeadsAreSignedOncePerSizeAndKept) {
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e1", "s")}), IsOk());
  const auto first = log_->SignTreeHead();
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->size, 1u);
  EXPECT_EQ(first->root, HashLeaf(BytesAt(1)));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(log_->SignTreeHead()->signed_at_micros, first->signed_at_micros);
  ASSERT_THAT(AppendNew(*log_, {MakeEvent("e2", "s")}), IsOk());
  ASSERT_THAT(log_->SignTreeHead(), IsOk());
  Reopen();
  const auto kept = log_->ListTreeHeads(0, 10, 10);
  ASSERT_THAT(kept, IsOk());
  ASSERT_EQ(kept->size(), 2u);
  EXPECT_EQ(kept->at(0).note, first->note);
  EXPECT_EQ(kept->at(1).size, 2u);
  EXPECT_THAT(VerifyTreeHead(first->note, log_->verifier_key()), IsOk());
}

TEST_F(EventLogTest, ProofsHoldAcrossKeptSubtrees) {
  // More leaves than one kept subtree, in blocks of uneven sizes.
  for (int batch = 0; batch < 40; ++batch) {
    std::vector<NewEvent> events;
    for (int i = 0; i < 1 + batch * 7 % 40; ++i) {
      events.push_back(MakeEvent(std::to_string(batch) + "/" + std::to_string(i), "s"));
    }
    ASSERT_THAT(AppendNew(*log_, events), IsOk());
  }
  const uint64_t size = log_->head();
  ASSERT_GT(size, 600u);
  const Sha256Digest root = log_->SignTreeHead()->root;
  EXPECT_THAT(log_->RootAt(size), IsOkAndHolds(root));
  for (uint64_t position = 1; position <= size; position += 13) {
    EXPECT_THAT(VerifyInclusion(position - 1, size, HashLeaf(BytesAt(position)),
                                *log_->InclusionProof(position, size), root),
                IsOk());
    EXPECT_THAT(VerifyConsistency(position, size, *log_->RootAt(position), root,
                                  *log_->ConsistencyProof(position, size)),
                IsOk());
  }
  EXPECT_THAT(log_->InclusionProof(0, size), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(log_->InclusionProof(1, size + 1), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(log_->ConsistencyProof(1, size + 1), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EventLogTest, DerivedFamiliesLiveBesideTheLog) {
  EXPECT_THAT(log_->OpenDerived("blocks").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("derived.")));
  auto family = log_->OpenDerived("derived.balances");
  ASSERT_THAT(family, IsOk());
  rocksdb::WriteBatch batch;
  batch.Put(*family, "key", "value");
  ASSERT_THAT(log_->WriteDerived(&batch, /*sync=*/false), IsOk());
  Reopen();
  EXPECT_THAT(log_->ListDerived(), ElementsAre("derived.balances"));
  family = log_->OpenDerived("derived.balances");
  std::string value;
  EXPECT_TRUE(log_->database()->Get({}, *family, "key", &value).ok());
  EXPECT_EQ(value, "value");
  EXPECT_THAT(log_->DropDerived("derived.balances"), IsOk());
  EXPECT_THAT(log_->ListDerived(), ElementsAre());
}

TEST_F(EventLogTest, ASecondOpenIsRefused) {
  EXPECT_THAT(EventLog::Open(TestOptions(env_.get(), &clock_)).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("in use by another process")));
  EXPECT_THAT(AppendNew(*log_, {MakeEvent("e1", "s")}), IsOk());
}

TEST_F(EventLogTest, CreateRefusesALedgerAndOtherThings) {
  EXPECT_THAT(EventLog::Create(TestOptions(env_.get(), &clock_)).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("open it instead")));
  ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), "x", "/home/letter.txt").ok());
  EXPECT_THAT(EventLog::Create(TestOptions(env_.get(), &clock_, "/home")).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not empty")));
}

TEST_F(EventLogTest, OpenWantsTheKeyAndOriginItWasMadeWith) {
  log_.reset();
  LogOptions options = TestOptions(env_.get(), &clock_);
  options.signing_seed = std::string(32, 't');
  EXPECT_THAT(EventLog::Open(options).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("the key and the origin")));
  options = TestOptions(env_.get(), &clock_);
  options.origin = "other.example";
  EXPECT_THAT(EventLog::Open(options).status(), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(EventLog::Open(TestOptions(env_.get(), &clock_)).status(), IsOk());
}

TEST(EventLogOnDiskTest, OpenChangesNothingWhereThereIsNoLedger) {
  const TempDir dir;
  FakeClock clock;
  rocksdb::Env* env = rocksdb::Env::Default();
  EXPECT_THAT(EventLog::Open(TestOptions(env, &clock, dir.path())).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no ledger in " + dir.path())));
  EXPECT_THAT(EventLog::Open(TestOptions(env, &clock, dir.Path("none"))).status(),
              StatusIs(absl::StatusCode::kNotFound));
  std::vector<std::string> children;
  ASSERT_TRUE(env->GetChildren(dir.path(), &children).ok());
  EXPECT_THAT(children, testing::Each(testing::AnyOf(".", "..")));
}

TEST(EventLogOnDiskTest, LivesInADirectory) {
  const TempDir dir;
  FakeClock clock;
  const LogOptions options = TestOptions(rocksdb::Env::Default(), &clock, dir.Path("a/b"));
  {
    const auto log = EventLog::Create(options);
    ASSERT_THAT(log, IsOk());
    ASSERT_THAT(AppendNew(**log, {MakeEvent("e1", "s")}), IsOk());
    EXPECT_THAT(EventLog::Open(options).status(), StatusIs(absl::StatusCode::kUnavailable));
  }
  const auto log = EventLog::Open(options);
  ASSERT_THAT(log, IsOk());
  EXPECT_EQ((*log)->head(), 1u);
  EXPECT_THAT(CheckLog(**log, {}).status(), IsOk());
}

TEST_F(EventLogTest, ADecisionIsNotMadeOnPartOfAStream) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(AppendNew(*log_, {MakeEvent(id, "s")}), IsOk());
  }
  const Key8 key = MakeStreamEventKey(/*stream=*/0, /*version=*/2);
  ASSERT_TRUE(log_->database()
                  ->Delete({}, log_->records().family(Family::kStreamEvents), ToSlice(AsBytes(key)))
                  .ok());
  const auto result = log_->Append([&](const LogState& state) -> Decisions {
    const absl::Status read =
        state.ReadStream("s", [](const EventView& /*event*/) { return absl::OkStatus(); });
    if (!read.ok()) return read;
    return absl::InternalError("decided");
  });
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("has 3 events, but 2")));
}

// RocksDB's iterators leave out a table that they cannot open.
TEST_F(EventLogTest, EventsThatAreMissingAreSaidAndNotLeftOut) {
  for (const char* id : {"a", "b", "c", "d", "e"}) {
    ASSERT_THAT(AppendNew(*log_, {MakeEvent(id, "s")}), IsOk());
  }
  const auto read = [&](const EventQuery& query) {
    uint64_t events = 0;
    const std::unique_ptr<EventCursor> cursor = log_->Read(query);
    while (cursor->Next()) ++events;
    return absl::StrCat(events, " events, ", cursor->status().message());
  };
  const auto read_blocks = [&](uint64_t first, uint64_t last) {
    uint64_t blocks = 0;
    const std::unique_ptr<BlockCursor> cursor = log_->ReadBlocks(first, last);
    while (cursor->Next()) ++blocks;
    return absl::StrCat(blocks, " blocks, ", cursor->status().message());
  };
  const auto remove = [&](uint64_t position) {
    const Key8 key = MakeKey(position);
    ASSERT_TRUE(log_->database()
                    ->Delete({}, log_->records().family(Family::kBlocks), ToSlice(AsBytes(key)))
                    .ok());
  };
  EXPECT_EQ(read_blocks(2, 4), "3 blocks, ");
  remove(3);
  remove(4);
  const std::string missing = "the events at positions 3 to 4 are missing: run payfold verify";
  EXPECT_EQ(read({}), "2 events, " + missing);
  EXPECT_EQ(read({.backward = true}), "1 events, " + missing);
  EXPECT_EQ(read_blocks(1, 5), "2 blocks, " + missing);
  EXPECT_EQ(read({.last = 2}), "2 events, ");
  EXPECT_EQ(read({.first = 5}), "1 events, ");
  EXPECT_THAT(read({.stream = 0}), HasSubstr("position 3 is missing"));
  EXPECT_THAT(log_->PositionAtTime(absl::ToUnixMicros(clock_.Now())),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("position 3 is missing")));
  EventStorage storage;
  EXPECT_THAT(log_->Get(4, &storage),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("position 4 is missing")));
  remove(5);
  EXPECT_EQ(read({.first = 3}), "0 events, the event at position 3 is missing: run payfold verify");
  EXPECT_EQ(read_blocks(1, 5),
            "2 blocks, the events at positions 3 to 5 are missing: run payfold verify");
  remove(1);
  EXPECT_EQ(read_blocks(1, 2), "0 blocks, the event at position 1 is missing: run payfold verify");
}

}  // namespace
}  // namespace payfold
