#include "ledger/admission/event_json.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::EventsOfEveryKind;
using ::payfold_testing::IsOk;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(EventJsonTest, EveryKindSurvivesTheRoundTripInOneLine) {
  for (const v1::Event& event : EventsOfEveryKind()) {
    const std::string json = EventToJson(event);
    EXPECT_THAT(json, Not(HasSubstr("\n")));
    const absl::StatusOr<v1::Event> back = EventFromJson(json);
    ASSERT_THAT(back, IsOk()) << json;
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(event, *back)) << json;
  }
}

TEST(EventJsonTest, BothNamesOfAFieldAreRead) {
  const absl::StatusOr<v1::Event> event =
      EventFromJson(R"({"eventId": "e1", "deal_booked": {"dealId": "D-1", "term_months": 3}})");
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(EventToJson(*event),
            R"({"event_id":"e1","deal_booked":{"deal_id":"D-1","term_months":3}})");
}

TEST(EventJsonTest, MapEntriesAreInOrderOfKey) {
  v1::Event event;
  for (const char* key : {"f", "c", "a", "e", "d", "b"}) {
    event.mutable_deal_booked()->mutable_attributes()->insert({key, "1"});
  }
  EXPECT_EQ(EventToJson(event),
            R"({"deal_booked":{"attributes":{"a":"1","b":"1","c":"1","d":"1","e":"1","f":"1"}}})");
}

TEST(EventJsonTest, EscapesAndUnicodeAreRead) {
  const absl::StatusOr<v1::Event> event = EventFromJson(
      R"({"participant_changed": {"display_name": "N\u00fa\u00f1ez \ud83d\ude00 \"\\\/\n"}})");
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->participant_changed().display_name(), "Núñez \U0001F600 \"\\/\n");
}

TEST(EventJsonTest, NullLeavesAFieldOut) {
  EXPECT_THAT(EventFromJson(R"({"event_id": null, "deal_booked": {}, "deal_amended": null})"),
              IsOk());
}

TEST(EventJsonTest, WhatIsWrongIsSaidInOneLine) {
  const struct {
    absl::string_view json;
    absl::string_view want;
  } kCases[] = {
      {"", "column 1: the text ends here, but an object must stand here"},
      {"[]", "column 1: an object must stand here"},
      {"{", "column 2: the text ends here, but a text in double quotes must stand here"},
      {R"({"event_id": "e1")", "column 18: the text ends here, but a comma or \"}\" is missing"},
      {R"({"event_id": "e1",})", "column 19: a text in double quotes must stand here"},
      {R"({"event_id": "e1"} {})", "column 20: something follows the object"},
      {R"({event_id: "e1"})", "column 2: a text in double quotes must stand here"},
      {R"({'event_id': 'e1'})", "column 2: a text in double quotes must stand here"},
      {R"({"event_id" "e1"})", "column 13: a colon must follow"},
      {R"({"event_id": "e1", "event_id": "e2"})", "column 20: event_id stands twice"},
      {R"({"event_id": "e1", "eventId": "e2"})", "column 20: event_id stands twice"},
      {R"({"event_id": "e1)", "the quotes are not closed"},
      {R"({"event_id": "\x"})", "no such escape"},
      {R"({"event_id": "\ud800"})", "half of a surrogate pair is missing"},
      {"{\"event_id\": \"a\nb\"}", "a control character must be escaped"},
      {"{\"event_id\": \"\xFF\"}", "not valid UTF-8"},
      {R"({"event_id": 7})", "event_id must be a text in double quotes"},
      {R"({"event_id": true})", "event_id must be a text in double quotes"},
      {R"({"deal_boked": {}})",
       R"(column 2: there is no field "deal_boked"; did you mean "deal_booked"?)"},
      {R"({"deal_booked": {"membrs": []}})",
       R"(deal_booked: there is no field "membrs"; did you mean "members"?)"},
      {R"({"deal_booked": {"amount": {"value": 1}}})",
       R"(deal_booked.amount: there is no field "value"; use one of currency, minor_units)"},
      {R"({"deal_booked": []})", "deal_booked must be an object"},
      {R"({"deal_booked": {"members": {}}})", "deal_booked.members must be a list"},
      {R"({"deal_booked": {"members": ["ana"]}})", "deal_booked.members[0] must be an object"},
      {R"({"deal_booked": {"attributes": {"a": "1", "\u0061": "2"}}})",
       R"(deal_booked.attributes["a"] stands twice)"},
      {R"({"deal_booked": {"attributes": {"a": 1}}})",
       R"(deal_booked.attributes["a"] must be a text)"},
      {R"({"deal_booked": {}, "deal_amended": {}})",
       "deal_amended is a second payload: give exactly one"},
      {R"({"deal_booked": {"amount": {"minor_units": 01}}})", "must not begin with 0"},
      {R"({"deal_booked": {"amount": {"minor_units": -0}}})", "negative zero"},
      {R"({"deal_booked": {"amount": {"minor_units": "-0"}}})", "negative zero"},
      {R"({"deal_booked": {"amount": {"minor_units": "x"}}})", "minor_units"},
      {R"({"deal_booked": {"amount": {"minor_units": 1.5}}})", "minor_units"},
      {R"({"deal_booked": {"amount": {"minor_units": 99999999999999999999}}})", "minor_units"},
      {R"({"plan_assigned": {"excluded": "true"}})",
       "plan_assigned.excluded must be true or false"},
      {R"({"deal_amended": {"mode": "CHANGE"}})",
       R"(deal_amended.mode cannot be "CHANGE": use one of RESTATE, ADJUST)"},
      {R"({"deal_amended": {"mode": 1}})", "deal_amended.mode must be a text: one of"},
      {R"({"recorded_at": "yesterday"})", "recorded_at"},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<v1::Event> event = EventFromJson(c.json);
    EXPECT_THAT(event, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.want))) << c.json;
    EXPECT_THAT(std::string(event.status().message()), Not(HasSubstr("\n"))) << c.json;
  }
}

TEST(EventJsonTest, DeepNestingIsRefusedNotFollowed) {
  std::string json = R"({"plan_published": {"plan": {"components": [{"measure": )";
  for (int i = 0; i < 10'000; ++i) json += R"({"growth": {"of": )";
  EXPECT_THAT(EventFromJson(json),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nested too deeply")));
}

}  // namespace
}  // namespace payfold
