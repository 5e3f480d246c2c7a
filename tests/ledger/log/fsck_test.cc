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
  ExpectDamage("position 3 does not hold: the kept tree head of size 3");
}

TEST_F(FsckTest, AMissingBlockIsFound) {
  Delete(Family::kBlocks, AsBytes(MakeKey(3)));
  ExpectDamage("position 3 does not hold: the next block begins at 4");
}

TEST_F(FsckTest, AMissingEndIsFound) {
  Delete(Family::kBlocks, AsBytes(MakeKey(4)));
  ExpectDamage("position 3 does not hold: the head record is that of another log, of size 4");
}

TEST_F(FsckTest, AnOlderHeadIsFoundByTheTreeHead) {
  LogHead head;
  Put(Family::kMeta, kHeadKey, EncodeHead(head));
  ExpectDamage("there is a tree head of size 3, beyond the end");
}

TEST_F(FsckTest, EveryIndexIsCompared) {
  const struct {
    const char* what;
    Family family;
    std::string key;
    const char* message;
  } kCases[] = {
      {"event id", Family::kEventIds, std::string(AsBytes(MakeEventIdKey("e2"))),
       "position 2 does not hold: the index of event ids does not find \"e2\""},
      {"stream", Family::kStreamEvents, std::string(AsBytes(MakeStreamEventKey(0, 2))),
       "position 3 does not hold: the index of the stream a"},
      {"participant", Family::kParticipantBlocks, std::string(AsBytes(MakePostingKey(1, 3))),
       "position 3 does not hold: the index participant_blocks"},
      {"kind", Family::kKindBlocks, std::string(AsBytes(MakePostingKey(22, 4))),
       "position 4 does not hold: the index kind_blocks"},
      {"stream number", Family::kStreams, "b", "position 2 does not hold: the stream b"},
      {"stream name", Family::kStreamNames, MakeNumberKey(0), "stream_names"},
      {"participant number", Family::kParticipants, "bob", "participant_ids"},
      {"participant name", Family::kParticipantIds, MakeNumberKey(1), "participant_ids"},
      {"leaf hashes", Family::kLeafHashes, std::string(AsBytes(MakeKey(1))),
       "position 1 does not hold: the hashes"},
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
  ExpectDamage("the index event_ids has 5 entries for 4");
  Delete(Family::kEventIds, "0123456789abcdef");
  Put(Family::kParticipantBlocks, AsBytes(MakePostingKey(1, 1)), "");
  ExpectDamage("the index participant_blocks has 4 entries for 3");
}

TEST_F(FsckTest, ATreeHeadFromOutsideIsCompared) {
  const TreeHeadSigner signer = *TreeHeadSigner::Make("test.example/ledger", std::string(32, 's'));
  FsckOptions options;
  const std::string good = *signer.Sign(2, *log_->RootAt(2));
  options.outside_tree_head = good;
  EXPECT_THAT(CheckLog(*log_, options), IsOk());
  const std::string other = *signer.Sign(2, Sha256("another log"));
  options.outside_tree_head = other;
  EXPECT_THAT(
      CheckLog(*log_, options),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("position 2 does not hold: the outside")));
  const std::string longer = *signer.Sign(5, Sha256("a longer log"));
  options.outside_tree_head = longer;
  EXPECT_THAT(CheckLog(*log_, options),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("events are missing")));
}

TEST_F(FsckTest, ProgressIsToldAndMayStopIt) {
  std::vector<uint64_t> told;
  FsckOptions options;
  options.progress = [&](uint64_t done, uint64_t head) {
    EXPECT_EQ(head, 4u);
    told.push_back(done);
    return done < 3;
  };
  EXPECT_THAT(CheckLog(*log_, options), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(told, testing::ElementsAre(2, 3));
}

}  // namespace
}  // namespace payfold
