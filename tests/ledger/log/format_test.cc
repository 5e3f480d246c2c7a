// Golden bytes: what is stored once must be readable for ever. A change that
// breaks one of these needs a new version of the record, not a new golden value.

#include "ledger/log/format.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/block.h"
#include "ledger/log/envelope.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kMicros = 1'735'689'600'123'456;

std::string Hex(absl::string_view bytes) { return ToHex(bytes); }

Sha256Digest Filled(uint8_t byte) {
  Sha256Digest digest;
  digest.fill(byte);
  return digest;
}
std::string Repeat(absl::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all.append(text.data(), text.size());
  return all;
}

TEST(FormatTest, Keys) {
  EXPECT_EQ(Hex(AsBytes(MakeKey(0x0102030405060708))), "0102030405060708");
  EXPECT_EQ(Hex(AsBytes(MakeStreamEventKey(0x01020304, 5))), "0102030400000005");
  EXPECT_EQ(Hex(AsBytes(MakePostingKey(7, 0x0102))), "000000070000000000000102");
  EXPECT_EQ(Hex(MakeNumberKey(258)), "00000102");
  EXPECT_EQ(Hex(MakeSubtreeKey(16, 3)), "100000000000000003");
  EXPECT_EQ(Hex(AsBytes(MakeEventIdKey("crm-1"))), Hex(AsBytes(Sha256("crm-1")).substr(0, 16)));
}

TEST(FormatTest, KnownEvent) {
  KnownEvent known = {.position = 300, .content_digest = {}};
  known.content_digest.fill(0xcd);
  const std::string bytes = EncodeKnownEvent(known);
  EXPECT_EQ(Hex(bytes), "ac02" + Repeat("cd", 16));
  EXPECT_EQ(ParseKnownEvent(bytes)->position, 300u);
  EXPECT_EQ(ParseKnownEvent(bytes)->content_digest, known.content_digest);
  EXPECT_THAT(ParseKnownEvent(bytes.substr(0, 17)).status(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(FormatTest, Head) {
  LogHead head;
  head.last_recorded_at_micros = 64;
  head.streams = 2;
  head.participants = 300;
  head.tree = MerkleFrontier(5, {Filled(0xaa), Filled(0xbb)});
  const std::string bytes = EncodeHead(head);
  EXPECT_EQ(Hex(bytes),
            "01"
            "05"
            "8001"
            "02"
            "ac02" +
                Repeat("aa", 32) + Repeat("bb", 32));
  const auto parsed = ParseHead(bytes);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(EncodeHead(*parsed), bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(ParseHead(bytes.substr(0, size)).status(), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(ParseHead(bytes + "x").status(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(FormatTest, NumbersAndNames) {
  EXPECT_EQ(Hex(EncodeNumber(300)), "ac02");
  EXPECT_THAT(ParseNumber(EncodeNumber(300)), IsOkAndHolds(300u));
  EXPECT_THAT(ParseNumber("").status(), StatusIs(absl::StatusCode::kDataLoss));
  std::string run;
  AppendToNameRun(&run, "ana");
  AppendToNameRun(&run, "bob");
  EXPECT_EQ(Hex(run), "03616e6103626f62");
  EXPECT_THAT(FindInNameRun(run, 1), IsOkAndHolds(std::string("bob")));
  EXPECT_THAT(FindInNameRun(run, 2).status(), StatusIs(absl::StatusCode::kNotFound));
}

TEST(FormatTest, TreeHeads) {
  const TreeHeadSigner signer = *TreeHeadSigner::Make("a.example", std::string(32, 's'));
  TreeHead head = *VerifyTreeHead(*signer.Sign(3, Sha256("")), signer.verifier_key());
  head.signed_at_micros = 64;
  const std::string bytes = EncodeTreeHead(head);
  EXPECT_EQ(bytes, "\x01\x80\x01" + head.note);
  const auto parsed = ParseTreeHead(bytes, signer.verifier_key());
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->size, 3u);
  EXPECT_EQ(parsed->signed_at_micros, 64);
}

TEST(FormatTest, Envelope) {
  std::string bytes;
  AppendEnvelope(&bytes, 300, kMicros, 2);
  EXPECT_EQ(Hex(bytes),
            "08ac02"  // position 300
            "120b"
            "08808bd2bb06"
            "108094ef3a"  // recorded_at: seconds, nanos
            "1802");      // stream_version
  bytes += "\x22\x01i\x3a\x01s";
  const auto parsed = ParseEnvelope(bytes);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->position, 300u);
  EXPECT_EQ(parsed->recorded_at_micros, kMicros);
  EXPECT_EQ(parsed->stream_version, 2u);
  EXPECT_EQ(parsed->event_id, "i");
  EXPECT_EQ(parsed->stream, "s");
}

TEST(FormatTest, EnvelopeTimesRoundTrip) {
  for (int64_t micros : {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{999'999}, int64_t{1'000'000},
                         int64_t{-1'000'000}, int64_t{-1'500'000}, kMicros}) {
    std::string bytes;
    AppendEnvelope(&bytes, 1, micros, 1);
    EXPECT_EQ(ParseEnvelope(bytes)->recorded_at_micros, micros);
  }
}

TEST(FormatTest, EnvelopeSkipsWhatItDoesNotKnow) {
  std::string bytes;
  AppendEnvelope(&bytes, 1, 1, 1);
  bytes += std::string("\xf8\x3f\x07", 3);                // A varint.
  bytes += std::string("\xfd\x3f\1\2\3\4", 6);            // Four bytes.
  bytes += std::string("\xf9\x3f\1\2\3\4\5\6\7\10", 10);  // Eight bytes.
  EXPECT_THAT(ParseEnvelope(bytes).status(), IsOk());
  EXPECT_THAT(ParseEnvelope(bytes.substr(0, bytes.size() - 1)).status(),
              StatusIs(absl::StatusCode::kDataLoss));
}

EventView Event(uint64_t position, absl::string_view bytes,
                absl::Span<const uint32_t> participants) {
  return {.position = position,
          .recorded_at_micros = static_cast<int64_t>(1000 + position),
          .kind = 22,
          .stream = 300,
          .stream_version = 4,
          .participants = participants,
          .bytes = bytes};
}

std::string TwoEvents() {
  BlockBuilder builder;
  builder.Add(Event(9, "abc", {7, 300}));
  builder.Add(Event(10, "", {}));
  return builder.Finish();
}

TEST(BlockTest, Bytes) {
  EXPECT_EQ(Hex(TwoEvents()),
            "01"  // version
            "09"
            "02"
            "e20f"
            "01"  // position, count, time, spread
            "16"
            "00"
            "ac02"
            "04"
            "02"
            "07"
            "ac02"
            "03"
            "616263"
            "16"
            "01"
            "ac02"
            "04"
            "00"
            "00");
}

TEST(BlockTest, ViewGivesWhatWasAdded) {
  const std::string bytes = TwoEvents();
  absl::StatusOr<BlockView> block = BlockView::Parse(bytes);
  ASSERT_THAT(block, IsOk());
  EXPECT_EQ(block->first_position(), 9u);
  EXPECT_EQ(block->last_position(), 10u);
  EXPECT_EQ(block->first_recorded_at_micros(), 1009);
  EXPECT_EQ(block->last_recorded_at_micros(), 1010);
  for (int round = 0; round < 2; ++round, block->Rewind()) {
    EventView event;
    ASSERT_TRUE(block->Next(&event));
    EXPECT_EQ(event.position, 9u);
    EXPECT_EQ(event.recorded_at_micros, 1009);
    EXPECT_EQ(event.kind, 22u);
    EXPECT_EQ(event.stream, 300u);
    EXPECT_EQ(event.stream_version, 4u);
    EXPECT_THAT(event.participants, ElementsAre(7, 300));
    EXPECT_EQ(event.bytes, "abc");
    ASSERT_TRUE(block->Next(&event));
    EXPECT_EQ(event.recorded_at_micros, 1010);
    EXPECT_EQ(event.bytes, "");
    EXPECT_FALSE(block->Next(&event));
    EXPECT_THAT(block->status(), IsOk());
  }
}

TEST(BlockTest, EveryTruncationIsDamage) {
  const std::string bytes = TwoEvents();
  for (size_t size = 0; size < bytes.size(); ++size) {
    absl::StatusOr<BlockView> block = BlockView::Parse(absl::string_view(bytes).substr(0, size));
    if (!block.ok()) continue;
    EventView event;
    while (block->Next(&event)) {
    }
    EXPECT_THAT(block->status(), StatusIs(absl::StatusCode::kDataLoss)) << "size " << size;
  }
}

TEST(BlockTest, ANewerBlockSaysSo) {
  EXPECT_THAT(BlockView::Parse("\x02").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("newer")));
}

TEST(BlockTest, IsFullByCountOrBytes) {
  BlockBuilder many;
  for (uint64_t i = 1; i <= kMaxBlockEvents; ++i) {
    EXPECT_FALSE(many.FullFor(0));
    many.Add(Event(i, "", {}));
  }
  EXPECT_TRUE(many.FullFor(0));
  BlockBuilder large;
  EXPECT_FALSE(large.FullFor(10 * kMaxBlockBytes));
  large.Add(Event(1, std::string(kMaxBlockBytes / 2, 'x'), {}));
  EXPECT_FALSE(large.FullFor(kMaxBlockBytes / 4));
  EXPECT_TRUE(large.FullFor(kMaxBlockBytes / 2));
}

}  // namespace
}  // namespace payfold
