#include "ledger/admission/decide.h"

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/ledger/admission/fake_state.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Booking;
using ::payfold_testing::Fact;
using ::payfold_testing::FakeState;
using ::payfold_testing::IsOk;
using ::payfold_testing::Lines;
using ::payfold_testing::Voiding;
using ::testing::HasSubstr;

constexpr absl::string_view kDigestKey = "the digest key of this test......";

class DecideTest : public testing::Test {
 protected:
  // "new deals/D-1, duplicate of 1", or the violations.
  std::string Decide(const std::vector<v1::Event>& events) {
    absl::StatusOr<Decided> decided = Run(events);
    EXPECT_THAT(decided, IsOk());
    if (!decided->violations.empty()) return Lines(decided->violations);
    std::string text;
    for (const Decision& decision : decided->decisions) {
      absl::StrAppend(&text, text.empty() ? "" : ", ");
      if (const auto* duplicate = std::get_if<DuplicateOf>(&decision)) {
        absl::StrAppend(&text, "duplicate of ", duplicate->position);
      } else {
        absl::StrAppend(&text, "new ", std::get<NewEvent>(decision).stream);
      }
    }
    return text;
  }

  absl::StatusOr<Decided> Run(const std::vector<v1::Event>& events) {
    std::vector<PreparedEvent> batch;
    std::map<std::string, size_t> first;
    for (const v1::Event& event : events) {
      PreparedEvent prepared;
      prepared.event = &event;
      prepared.first = first.try_emplace(event.event_id(), batch.size()).first->second;
      prepared.encoded = Encoded(event, StreamName(event));
      batch.push_back(std::move(prepared));
    }
    context_.encode = [this](const v1::Event& event, absl::string_view stream) {
      ++encoded_again_;
      return EncodeBody(event, stream, "test", std::string(32, 'k'), std::string(12, 'n'));
    };
    return DecideBatch(state_, absl::MakeSpan(batch), context_);
  }

  static NewEvent Encoded(const v1::Event& event, const std::string& stream) {
    NewEvent encoded;
    encoded.event_id = event.event_id();
    encoded.kind = KindOf(event);
    encoded.stream = stream;
    encoded.content_digest = DigestContent(event, kDigestKey);
    encoded.body = *EncodeBody(event, stream, "test", std::string(32, 'k'), std::string(12, 'n'));
    return encoded;
  }

  void Append(const v1::Event& event) { state_.Append(Encoded(event, StreamName(event))); }

  FakeState state_;
  DecideContext context_;
  int encoded_again_ = 0;
};

TEST_F(DecideTest, NewDealsReadNoStream) {
  EXPECT_EQ(Decide({Booking("e1"), Booking("e2", "D-2")}), "new deals/D-1, new deals/D-2");
  EXPECT_EQ(state_.streams_read(), 0);
}

TEST_F(DecideTest, ALargeBatchSaysWhatItWillAskFor) {
  std::vector<v1::Event> events;
  std::vector<std::string> ids;
  std::vector<std::string> streams;
  for (int i = 0; i < 8; ++i) {
    events.push_back(Booking(absl::StrCat("e", i), absl::StrCat("D-", i)));
    ids.push_back(absl::StrCat("e", i));
    streams.push_back(absl::StrCat("deals/D-", i));
  }
  ASSERT_THAT(Run(events), IsOk());
  std::vector<std::string> all = ids;
  all.insert(all.end(), streams.begin(), streams.end());
  EXPECT_EQ(state_.expected(), all);
}

TEST_F(DecideTest, ARetryIsADuplicateOfTheFirst) {
  Append(Booking("e1"));
  EXPECT_EQ(Decide({Booking("e2", "D-2"), Booking("e1"), Booking("e2", "D-2")}),
            "new deals/D-2, duplicate of 1, duplicate of 2");
}

TEST_F(DecideTest, ARetryIsADuplicateWhateverItsStreamHasNow) {
  v1::Event first = Booking("e1");
  first.set_expected_stream_version(0);
  Append(first);
  EXPECT_EQ(Decide({first}), "duplicate of 1");
}

TEST_F(DecideTest, OtherContentSaysWhatDiffers) {
  Append(Booking("e1", "D-1", 100));
  const absl::StatusOr<Decided> decided = Run({Booking("e1", "D-1", 200)});
  ASSERT_THAT(decided, IsOk());
  ASSERT_EQ(decided->violations.size(), 1u);
  EXPECT_EQ(decided->violations[0].message,
            "\"e1\" is the id of the event at position 1, which says something else: "
            "amount.minor_units was 100, is 200; give what is new an id of its own");
}

TEST_F(DecideTest, OtherContentThatCannotBeReadAnyMoreIsStillRefused) {
  Append(Voiding("v", "e1"));
  v1::Event other = Voiding("v", "e1");
  other.mutable_fact_voided()->set_reason("another reason");
  const absl::StatusOr<Decided> decided = Run({other});
  ASSERT_THAT(decided, IsOk());
  ASSERT_EQ(Lines(decided->violations), "events[0].event_id EVENT_ID_TAKEN");
  EXPECT_THAT(decided->violations[0].message, HasSubstr("cannot be read any more"));
}

TEST_F(DecideTest, ExpectedVersionsCountTheBatchItself) {
  Append(Booking("e1"));
  const auto collected = [](absl::string_view id, uint64_t version) {
    v1::Event event = Fact(id, R"("payment_collected": {"deal_id": "D-1", "date": "2025-04-01",
        "amount": {"currency": "USD", "minor_units": 1}})");
    event.set_expected_stream_version(version);
    return event;
  };
  EXPECT_EQ(Decide({collected("p1", 1), collected("p2", 2)}), "new deals/D-1, new deals/D-1");
  EXPECT_EQ(Decide({collected("p1", 1), collected("p2", 1)}),
            "events[1].expected_stream_version STREAM_VERSION_MISMATCH");
}

TEST_F(DecideTest, AVoidedDealMayBeBookedAgainOnce) {
  Append(Booking("e1"));
  EXPECT_EQ(Decide({Booking("e2")}), "events[0].deal_booked.deal_id DEAL_ALREADY_BOOKED");
  EXPECT_EQ(Decide({Voiding("v", "e1"), Booking("e2")}), "new deals/D-1, new deals/D-1");
  EXPECT_EQ(Decide({Voiding("v", "e1"), Booking("e2"), Booking("e3")}),
            "events[2].deal_booked.deal_id DEAL_ALREADY_BOOKED");
  state_.Append(Encoded(Voiding("v", "e1"), "deals/D-1"));
  EXPECT_EQ(Decide({Booking("e2")}), "new deals/D-1");
}

TEST_F(DecideTest, ABookingThatWasVoidedBeforeItCameDoesNotCount) {
  Append(Voiding("v", "e1"));  // In voids/e1.
  Append(Booking("e1"));
  EXPECT_EQ(Decide({Booking("e2")}), "new deals/D-1");
  Append(Booking("e2"));
  EXPECT_EQ(Decide({Booking("e3")}), "events[0].deal_booked.deal_id DEAL_ALREADY_BOOKED");
  Append(Voiding("w", "e4"));
  EXPECT_EQ(Decide({Booking("e4")}), "new deals/D-1");  // Void on arrival: no conflict.
}

TEST_F(DecideTest, AVoidStandsInTheStreamOfItsFact) {
  EXPECT_EQ(Decide({Voiding("v", "e1")}), "new voids/e1");
  EXPECT_EQ(encoded_again_, 0);
  EXPECT_EQ(Decide({Booking("e1"), Voiding("v", "e1")}), "new deals/D-1, new deals/D-1");
  EXPECT_EQ(encoded_again_, 1);
  Append(Booking("e1"));
  const absl::StatusOr<Decided> decided = Run({Voiding("v", "e1")});
  ASSERT_THAT(decided, IsOk());
  const absl::StatusOr<v1::Event> stored =
      DecodeEvent(std::get<NewEvent>(decided->decisions[0]).body);
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->stream(), "deals/D-1");
}

TEST_F(DecideTest, PeriodsBeforeTheFirstCloseCountAsClosed) {
  CloseState closes;
  EXPECT_FALSE(closes.IsClosed("2025-03"));
  closes.Add("2025-03");
  EXPECT_TRUE(closes.IsClosed("2025-02"));
  EXPECT_TRUE(closes.IsClosed("2025-03"));
  EXPECT_FALSE(closes.IsClosed("2025-04"));
  closes.Add("2025-05");
  EXPECT_TRUE(closes.IsClosed("2025-04"));
}

TEST_F(DecideTest, FactsThatReferToNothingKnownAreAccepted) {
  EXPECT_EQ(Decide({Fact("s", R"("credit_split": {"deal_id": "D-9",
                        "shares": [{"participant_id": "nobody", "share": "1"}]})"),
                    Fact("a", R"("plan_assigned": {"plan_id": "none", "participant_id": "nobody",
                        "effective_from": "2025-01-01"})")}),
            "new deals/D-9, new plans/none");
}

}  // namespace
}  // namespace payfold
