#include "ledger/admission/codec.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/sha256.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/ledger/admission/golden.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::payfold_testing::Booking;
using ::payfold_testing::EventsOfEveryKind;
using ::payfold_testing::IsOk;
using ::payfold_testing::Person;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::string_view kNonce = "twelve bytes";

class FakeKeys final : public KeySource {
 public:
  absl::StatusOr<std::optional<std::string>> FindKey(absl::string_view subject) const override {
    const auto found = keys.find(std::string(subject));
    if (found == keys.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  std::map<std::string, std::string> keys;
};

std::string Key(char c) { return std::string(32, c); }

std::string Body(const v1::Event& event) {
  const absl::StatusOr<std::string> body =
      EncodeBody(event, StreamName(event), "tester", Key('k'), kNonce);
  EXPECT_THAT(body, IsOk());
  return *body;
}

TEST(CodecTest, EveryKindSurvivesTheRoundTrip) {
  for (const v1::Event& event : EventsOfEveryKind()) {
    FakeKeys keys;
    keys.keys[KeySubject(event, StreamName(event))] = Key('k');
    absl::StatusOr<v1::Event> back = DecodeEvent(Body(event));
    ASSERT_THAT(back, IsOk());
    EXPECT_EQ(IsSealed(*back), HasPersonalFields(event)) << KindName(event);
    EXPECT_FALSE(HasPersonalFields(*back)) << KindName(event);
    ASSERT_THAT(UnsealEvent(keys, &*back), IsOk());
    v1::Event want = event;
    want.set_stream(StreamName(event));
    want.set_actor("tester");
    EXPECT_TRUE(MessageDifferencer::Equals(want, *back)) << KindName(event);
  }
}

TEST(CodecTest, PersonalTextIsNowhereInTheBytes) {
  const std::string body = Body(Person("e1", "ana", "Ana Nunez"));
  EXPECT_THAT(body, Not(HasSubstr("Nunez")));
  EXPECT_THAT(body, Not(HasSubstr("example.com")));
  EXPECT_THAT(body, HasSubstr("ana"));
}

TEST(CodecTest, FieldsOfANewerReleaseSurvive) {
  v1::Event event = Booking("e1");
  event.GetReflection()->MutableUnknownFields(&event)->AddVarint(1000, 7);
  v1::DealBooked* booked = event.mutable_deal_booked();
  booked->GetReflection()->MutableUnknownFields(booked)->AddLengthDelimited(1001, "later");
  const absl::StatusOr<v1::Event> back = DecodeEvent(Body(event));
  ASSERT_THAT(back, IsOk());
  ASSERT_EQ(back->GetReflection()->GetUnknownFields(*back).field_count(), 1);
  EXPECT_EQ(back->GetReflection()->GetUnknownFields(*back).field(0).varint(), 7u);
  const v1::DealBooked& read = back->deal_booked();
  ASSERT_EQ(read.GetReflection()->GetUnknownFields(read).field_count(), 1);
  EXPECT_EQ(read.GetReflection()->GetUnknownFields(read).field(0).length_delimited(), "later");
}

TEST(CodecTest, ExpectedVersionAndWhatTheLogWritesAreNotInTheBody) {
  v1::Event event = Booking("e1");
  const std::string plain = Body(event);
  event.set_expected_stream_version(3);
  EXPECT_EQ(Body(event), plain);
}

TEST(CodecTest, WithoutItsKeyAnEventStaysSealed) {
  const std::string body = Body(Person("e1", "ana", "Ana"));
  const struct {
    absl::string_view name;
    FakeKeys keys;
  } kCases[] = {{"erased", {}}, {"a new key since", [] {
                                   FakeKeys keys;
                                   keys.keys["ana"] = Key('n');
                                   return keys;
                                 }()}};
  for (const auto& c : kCases) {
    absl::StatusOr<v1::Event> event = DecodeEvent(body);
    ASSERT_THAT(event, IsOk());
    EXPECT_THAT(UnsealEvent(c.keys, &*event), IsOk()) << c.name;
    EXPECT_TRUE(IsSealed(*event)) << c.name;
    EXPECT_EQ(event->participant_changed().display_name(), "") << c.name;
    EXPECT_EQ(event->participant_changed().effective_from(), "2025-01-01") << c.name;
  }
}

TEST(CodecTest, ACiphertextMovedToAnotherEventDoesNotOpen) {
  FakeKeys keys;
  keys.keys["ana"] = Key('k');
  absl::StatusOr<v1::Event> event = DecodeEvent(Body(Person("e1", "ana", "Ana")));
  ASSERT_THAT(event, IsOk());
  event->set_event_id("e2");
  EXPECT_THAT(UnsealEvent(keys, &*event), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(CodecTest, BytesThatAreNoEventAreDataLoss) {
  EXPECT_THAT(DecodeEvent("\xFF\xFF"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(CodecTest, TheDigestIsOfThePayloadAndItsKind) {
  const v1::Event event = Booking("e1");
  v1::Event same = event;
  same.set_source("other");
  same.set_event_id("e2");
  EXPECT_EQ(DigestContent(event, "key"), DigestContent(same, "key"));
  EXPECT_NE(DigestContent(event, "key"), DigestContent(event, "other key"));
  EXPECT_NE(DigestContent(event, "key"), DigestContent(Booking("e1", "D-1", 1), "key"));

  v1::Event invoiced;
  invoiced.mutable_deal_invoiced()->set_deal_id("D-1");
  v1::Event collected;
  collected.mutable_payment_collected()->set_deal_id("D-1");
  EXPECT_NE(DigestContent(invoiced, "key"), DigestContent(collected, "key"));
}

// What is serialised once, for both, is what each would serialise.
TEST(CodecTest, ContentThatIsAtHandGivesTheSameDigestAndBody) {
  std::string content;
  for (const v1::Event& event : EventsOfEveryKind()) {
    content.clear();
    const absl::string_view payload = AppendContent(event, &content);
    EXPECT_EQ(DigestContent(content, "key"), DigestContent(event, "key"));
    if (HasPersonalFields(event)) continue;
    EXPECT_EQ(EncodeBodyOf(event, payload, StreamName(event), "tester"), Body(event));
  }
}

TEST(CodecTest, TheDigestDoesNotDependOnTheOrderOfMapsAndFields) {
  v1::Event forward;
  v1::Event backward;
  const std::string value(1, 'v');
  for (int i = 0; i < 50; ++i) {
    (*forward.mutable_deal_booked()->mutable_attributes())[absl::StrCat("k", i)] = value;
    (*backward.mutable_deal_booked()->mutable_attributes())[absl::StrCat("k", 49 - i)] = value;
  }
  EXPECT_EQ(DigestContent(forward, "key"), DigestContent(backward, "key"));

  // booked_on (3) before deal_id (1), as another library might write them.
  v1::Event event = Booking("e1");
  event.mutable_deal_booked()->clear_owner_id();
  event.mutable_deal_booked()->clear_amount();
  v1::Event reordered;
  const std::string bytes =
      "\x1a\x0a"
      "2025-03-31"
      "\x0a\x03"
      "D-1";
  ASSERT_TRUE(reordered.mutable_deal_booked()->ParseFromString(bytes));
  EXPECT_EQ(DigestContent(event, "key"), DigestContent(reordered, "key"));
}

// One line for each kind: its name, its body in hex. A line that changes means
// that events of an earlier release would be stored otherwise now.
TEST(CodecTest, StoredBytesOfEveryKindAreWhatTheyWere) {
  std::string now;
  for (const v1::Event& event : EventsOfEveryKind()) {
    absl::StrAppend(&now, KindName(event), " ", ToHex(Body(event)), "\n");
  }
  EXPECT_EQ(payfold_testing::Golden("events.txt", now), now);
}

}  // namespace
}  // namespace payfold
