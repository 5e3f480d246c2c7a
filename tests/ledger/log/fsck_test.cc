// Each kind of damage, one at a time, is found at the position it is done to.

#include "ledger/log/fsck.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/format.h"
#include "ledger/log/merkle_tree.h"
#include "rocksdb/env.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestOptions;
using ::testing::HasSubstr;

class FsckTest : public testing::Test {
 protected:
  FsckTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
    // Blocks begin at 1, 3 and 4.
    EXPECT_THAT(AppendNew(*log_, {MakeEvent("e1", "a", 20, {"ana"}), MakeEvent("e2", "b")}),
                IsOk());
    EXPECT_THAT(AppendNew(*log_, {MakeEvent("e3", "a", 21, {"bob"})}), IsOk());
    EXPECT_THAT(log_->SignTreeHead(), IsOk());
    EXPECT_THAT(AppendNew(*log_, {MakeEvent("e4", "a", 22, {"ana"})}), IsOk());
  }

  void Put(Family family, absl::string_view key, absl::string_view value) {
    EXPECT_TRUE(log_->database()
                    ->Put({}, log_->records().family(family), ToSlice(key), ToSlice(value))
                    .ok());
  }
  void Delete(Family family, absl::string_view key) {
    EXPECT_TRUE(log_->database()->Delete({}, log_->records().family(family), ToSlice(key)).ok());
  }
  std::string Value(Family family, absl::string_view key) {
    rocksdb::PinnableSlice value;
    EXPECT_TRUE(*log_->records().Find(family, key, &value));
    return value.ToString();
  }
  // Changes the last byte of a record.
  void Flip(Family family, absl::string_view key) {
    std::string value = Value(family, key);
    value.back() = static_cast<char>(value.back() ^ 1);
    Put(family, key, value);
  }

  void ExpectDamage(absl::string_view message) {
    EXPECT_THAT(CheckLog(*log_, {}),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr(std::string(message))));
  }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(FsckTest, ASoundLogHolds) {
  const auto report = CheckLog(*log_, {});
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->events, 4u);
  EXPECT_EQ(report->blocks, 3u);
  EXPECT_EQ(report->streams, 2u);
  EXPECT_EQ(report->participants, 2u);
  EXPECT_EQ(report->tree_heads, 1u);
  EXPECT_EQ(report->root, *log_->RootAt(4));
}

TEST_F(FsckTest, AChangedByteOfAnEventIsFound) {
  Flip(Family::kBlocks, AsBytes(MakeKey(3)));
  ExpectDamage("position 3 does not hold: its kept hash");
}

TEST_F(FsckTest, AnEventChangedTogetherWithItsHashIsFoundByTheTreeHead) {
  Flip(Family::kBlocks, AsBytes(MakeKey(3)));
  const std::string bytes = Value(Family::kBlocks, AsBytes(MakeKey(3)));
  absl::StatusOr<BlockView> block = BlockView::Parse(bytes);
  EventView event;
  ASSERT_TRUE(block->Next(&event));
  Put(Family::kLeafHashes, AsBytes(MakeKey(3)), AsBytes(HashLeaf(event.bytes)));
  const auto report = AuditLog(log_->records(), {});
  ASSERT_THAT(report, IsOk());
  std::vector<std::string> found;
  for (const CheckResult& check : report->verdict.checks()) {
    if (check.outcome == CheckOutcome::kDoesNotHold) found.push_back(TextOf(check.finding));
  }
  EXPECT_THAT(found, testing::ElementsAre(
                         HasSubstr("the head record does not hold: it is that of another log"),
                         HasSubstr("the kept tree head of size 3 does not hold: its root is not "
                                   "that of the events up to position 3; what was changed is at "
                                   "one of the positions 1 to 3")));
}

TEST_F(FsckTest, AMissingBlockIsFound) {
  Delete(Family::kBlocks, AsBytes(MakeKey(3)));
  ExpectDamage("position 3 does not hold: the next block begins at 4");
}

TEST_F(FsckTest, AMissingEndIsFound) {
  Delete(Family::kBlocks, AsBytes(MakeKey(4)));
  ExpectDamage(
      "position 4 does not hold: it is missing; the head record says that the log ends at 4");
}

TEST_F(FsckTest, AnOlderHeadIsFoundByTheBlocksBeyondIt) {
  LogHead head;
  Put(Family::kMeta, kHeadKey, EncodeHead(head));
  ExpectDamage(
      "the head record does not hold: it says that the log ends at position 0, but there "
      "is a block that begins at 4");
  const auto report = AuditLog(log_->records(), {});
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->verdict.Holds(kTreeHeadsCheck)) << "a kept tree head is beyond the end";
}

TEST_F(FsckTest, EveryIndexIsCompared) {
  const struct {
    const char* what;
    Family family;
    std::string key;
    const char* message;
  } kCases[] = {
      {"event id", Family::kEventIds, std::string(AsBytes(MakeEventIdKey("e2"))),
       "position 2 does not hold: event_ids does not find its id \"e2\""},
      {"stream", Family::kStreamEvents, std::string(AsBytes(MakeStreamEventKey(0, 2))),
       "position 3 does not hold: stream_events does not find it in the stream a"},
      {"participant", Family::kParticipantBlocks, std::string(AsBytes(MakePostingKey(1, 3))),
       "position 3 does not hold: participant_blocks misses"},
      {"kind", Family::kKindBlocks, std::string(AsBytes(MakePostingKey(22, 4))),
       "position 4 does not hold: kind_blocks misses"},
      {"stream number", Family::kStreams, "b",
       "position 2 does not hold: streams has another number for the stream b"},
      {"stream name", Family::kStreamNames, MakeNumberKey(0), "stream_names"},
      {"participant number", Family::kParticipants, "bob", "participant_ids"},
      {"participant name", Family::kParticipantIds, MakeNumberKey(1), "participant_ids"},
      {"leaf hashes", Family::kLeafHashes, std::string(AsBytes(MakeKey(1))),
       "position 1 does not hold: the kept hashes"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const std::string kept = Value(c.family, c.key);
    Delete(c.family, c.key);
    ExpectDamage(c.message);
    Put(c.family, c.key, kept);
  }
  EXPECT_THAT(CheckLog(*log_, {}), IsOk());
}

TEST_F(FsckTest, EntriesThatNothingAccountsForAreFound) {
  Put(Family::kEventIds, "0123456789abcdef", EncodeKnownEvent({2, {}}));
  ExpectDamage("event_ids has 5 entries for 4");
  Delete(Family::kEventIds, "0123456789abcdef");
  Put(Family::kParticipantBlocks, AsBytes(MakePostingKey(1, 1)), "");
  ExpectDamage("participant_blocks has 4 entries for 3");
}

TEST_F(FsckTest, ATreeHeadFromOutsideIsCompared) {
  const TreeHeadSigner signer = *TreeHeadSigner::Make("test.example/ledger", std::string(32, 's'));
  FsckOptions options;
  const std::string good = *signer.Sign(2, *log_->RootAt(2));
  options.outside_tree_head = good;
  EXPECT_THAT(CheckLog(*log_, options), IsOk());
  const std::string other = *signer.Sign(2, Sha256("another log"));
  options.outside_tree_head = other;
  EXPECT_THAT(CheckLog(*log_, options),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("the tree head from outside, of size 2 does not hold: its root")));
  const std::string longer = *signer.Sign(5, Sha256("a longer log"));
  options.outside_tree_head = longer;
  EXPECT_THAT(CheckLog(*log_, options),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("events are missing")));
}

TEST_F(FsckTest, RecordsOfTheTreeThatNothingAccountsForAreFound) {
  Put(Family::kLeafHashes, AsBytes(MakeKey(2)), AsBytes(Sha256("x")));
  ExpectDamage("what is kept of the tree does not hold: there are 4 records of leaves for 3");
  Delete(Family::kLeafHashes, AsBytes(MakeKey(2)));
  Put(Family::kSubtreeRoots, MakeSubtreeKey(8, 0), AsBytes(Sha256("x")));
  EXPECT_THAT(CheckLog(*log_, {}), IsOk()) << "it is about events beyond the end";
}

TEST_F(FsckTest, WhatIsFoundInOneCheckLeavesTheOthersToTheirOwn) {
  Delete(Family::kEventIds, AsBytes(MakeEventIdKey("e4")));
  Flip(Family::kLeafHashes, AsBytes(MakeKey(1)));
  const auto report = AuditLog(log_->records(), {});
  ASSERT_THAT(report, IsOk());
  std::vector<std::string> failed;
  for (const CheckResult& check : report->verdict.checks()) {
    if (check.outcome == CheckOutcome::kDoesNotHold) {
      failed.push_back(check.name + ": " + SubjectOf(check.finding));
    }
  }
  EXPECT_THAT(failed, testing::ElementsAre("tree: position 2", "indexes: position 4"));
}

TEST_F(FsckTest, ADifferentKeyIsToldAndDoesNotHideTheRest) {
  FsckOptions options;
  options.verifier_key =
      TreeHeadSigner::Make("test.example/ledger", std::string(32, 't'))->verifier_key();
  options.outside_tree_head = log_->SignTreeHead()->note;
  const auto report = AuditLog(log_->records(), options);
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->verdict.Holds(kKeyCheck));
  EXPECT_FALSE(report->verdict.Holds(kOutsideCheck));
  EXPECT_TRUE(report->verdict.Holds(kTreeHeadsCheck));
  options.verifier_key = "nothing";
  EXPECT_THAT(AuditLog(log_->records(), options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("verifier key")));
}

TEST_F(FsckTest, WhatTheCallerKnowsOfPayloadsIsAsked) {
  FsckOptions options;
  std::vector<std::string> named;
  options.check_payload = [&](const EventView& event, absl::Span<const absl::string_view> ids) {
    for (const absl::string_view id : ids) named.emplace_back(id);
    return event.position == 3 ? absl::DataLossError("of another kind") : absl::OkStatus();
  };
  EXPECT_THAT(CheckLog(*log_, options),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("position 3 does not hold: of another kind")));
  EXPECT_THAT(named, testing::ElementsAre("ana", "bob", "ana"));
}

TEST_F(FsckTest, ProgressIsToldAndMayStopIt) {
  std::vector<uint64_t> told;
  FsckOptions options;
  options.progress = [&](absl::string_view check, uint64_t done, uint64_t all) {
    if (check != kEventsCheck) return true;
    EXPECT_EQ(all, 4u);
    told.push_back(done);
    return done < 3;
  };
  EXPECT_THAT(CheckLog(*log_, options), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(told, testing::ElementsAre(2, 3));
}

}  // namespace
}  // namespace payfold
