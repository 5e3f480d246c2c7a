#include "projections/facts/wire_fact.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ledger/admission/stream_name.h"
#include "projections/facts/fold.h"
#include "tests/support/random_company.h"

namespace payfold {
namespace {

using ::payfold_testing::RandomCompany;

// An event as the log gives it.
struct Stored {
  std::string bytes;
  std::vector<uint32_t> participants;
  EventView view;
};

Stored Store(const v1::Event& event) {
  Stored stored;
  stored.bytes = event.SerializeAsString();
  for (size_t i = 0; i < ParticipantsOf(event).size(); ++i) {
    stored.participants.push_back(static_cast<uint32_t>(1000 + 7 * i));
  }
  stored.view.position = event.position();
  stored.view.kind = KindOf(event);
  return stored;
}

EventView ViewOf(const Stored& stored) {
  EventView view = stored.view;
  view.bytes = stored.bytes;
  view.participants = stored.participants;
  return view;
}

template <typename Ids>
std::string Text(absl::string_view stream, const Ids& participants, const std::string& fact) {
  return absl::StrCat(stream, "|", absl::StrJoin(participants, ","), "|", fact);
}

std::string TextOf(const WireFactReader& read) {
  std::string fact;
  AppendDealFact(read.fact(), &fact);
  return Text(read.stream(), read.participants(), fact);
}

// What the message's own parser says; "damaged" if it says nothing.
std::string TextByMessage(const EventView& view) {
  v1::Event event;
  if (!event.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) {
    return "damaged";
  }
  const std::vector<std::string> ids = ParticipantsOf(event);
  absl::StatusOr<DealFact> fact = DealFactOf(event, NumbersOf(ids, view.participants));
  if (!fact.ok()) return "damaged";
  fact->position = view.position;
  std::string encoded;
  AppendDealFact(*fact, &encoded);
  return Text(event.stream(), ids, encoded);
}

v1::Event Booking() {
  v1::Event event;
  event.set_position(300);
  event.mutable_recorded_at()->set_seconds(1'750'000'000);
  event.mutable_recorded_at()->set_nanos(1'000);
  event.set_stream_version(1);
  event.set_event_id("e1");
  event.set_source("crm");
  event.set_actor("owner");
  event.set_stream("deals/D-1");
  event.set_correlation_id("c");
  event.set_causation_id("d");
  v1::DealBooked* booked = event.mutable_deal_booked();
  booked->set_deal_id("D-1");
  booked->mutable_amount()->set_currency("USD");
  booked->mutable_amount()->set_minor_units(123'456);
  booked->set_booked_on("2025-03-31");
  booked->set_owner_id("ana");
  return event;
}

void SetAttribute(const std::string& name, const std::string& value, v1::DealBooked* booked) {
  booked->mutable_attributes()->insert({name, value});
}

// A booking with everything that one can say.
v1::Event FullBooking() {
  v1::Event event = Booking();
  v1::DealBooked* booked = event.mutable_deal_booked();
  for (const char* id : {"ben", "ana", "cy", "ben"}) {
    v1::DealMember* member = booked->add_members();
    member->set_participant_id(id);
    member->set_role(id);
  }
  booked->set_product("shoes");
  booked->set_segment("small");
  booked->set_territory("north");
  booked->set_channel("web");
  booked->set_customer_id("customer");
  booked->set_term_months(24);
  SetAttribute("zone", "z", booked);
  SetAttribute("colour of it", "red", booked);
  return event;
}

v1::Event Split() {
  v1::Event event = Booking();
  v1::CreditSplit* split = event.mutable_credit_split();
  split->set_deal_id("D-1");
  for (const char* id : {"ana", "ben", "ana"}) {
    v1::CreditShare* share = split->add_shares();
    share->set_participant_id(id);
    share->set_share(split->shares_size() == 1 ? "70%" : "0.3");
    share->set_role("closer");
    share->set_overlay(split->shares_size() == 3);
  }
  return event;
}

TEST(WireFactTest, ReadsOrdinaryBookingsAndSplitsAsTheMessageSays) {
  v1::Event least = Booking();
  least.clear_source();
  least.clear_correlation_id();
  least.mutable_deal_booked()->clear_owner_id();
  least.mutable_deal_booked()->mutable_amount()->clear_minor_units();
  WireFactReader reader;
  for (const v1::Event& event : {Booking(), FullBooking(), Split(), least}) {
    const Stored stored = Store(event);
    ASSERT_TRUE(reader.Read(ViewOf(stored))) << event.ShortDebugString();
    EXPECT_EQ(TextOf(reader), TextByMessage(ViewOf(stored))) << event.ShortDebugString();
  }
}

TEST(WireFactTest, ReadsRandomCompaniesAsTheirMessagesSay) {
  WireFactReader reader;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    for (const v1::Event& event : RandomCompany(seed, {})) {
      const Stored stored = Store(event);
      const bool ordinary = reader.Read(ViewOf(stored));
      EXPECT_EQ(ordinary, event.has_deal_booked() || event.has_credit_split())
          << event.ShortDebugString();
      if (!ordinary) continue;
      EXPECT_EQ(TextOf(reader), TextByMessage(ViewOf(stored))) << event.ShortDebugString();
    }
  }
}

TEST(WireFactTest, LeavesWhatIsOutOfTheOrdinaryToTheMessage) {
  const struct {
    const char* what;
    void (*change)(v1::Event*);
  } kCases[] = {
      {"text beyond ASCII", [](v1::Event* e) { e->mutable_deal_booked()->set_product("Möbel"); }},
      {"no amount", [](v1::Event* e) { e->mutable_deal_booked()->clear_amount(); }},
      {"no date", [](v1::Event* e) { e->mutable_deal_booked()->clear_booked_on(); }},
      {"no such day", [](v1::Event* e) { e->mutable_deal_booked()->set_booked_on("2025-02-30"); }},
      {"an owner that is no id", [](v1::Event* e) { e->mutable_deal_booked()->set_owner_id("*"); }},
      {"an attribute's empty value",
       [](v1::Event* e) { SetAttribute("place", "", e->mutable_deal_booked()); }},
      {"an attribute named as a field",
       [](v1::Event* e) { SetAttribute("product", "x", e->mutable_deal_booked()); }},
      {"a negative term", [](v1::Event* e) { e->mutable_deal_booked()->set_term_months(-1); }},
      {"another payload", [](v1::Event* e) { e->mutable_deal_invoiced(); }},
      {"an expected version", [](v1::Event* e) { e->set_expected_stream_version(0); }},
      {"no percentage",
       [](v1::Event* e) {
         *e = Split();
         e->mutable_credit_split()->mutable_shares(0)->set_share("a third");
       }},
  };
  WireFactReader reader;
  for (const auto& c : kCases) {
    v1::Event event = FullBooking();
    c.change(&event);
    const Stored stored = Store(event);
    EXPECT_FALSE(reader.Read(ViewOf(stored))) << c.what;
  }
}

TEST(WireFactTest, LeavesBytesThatNoWriterOfOursWritesToTheMessage) {
  const std::string booking = Booking().SerializeAsString();
  const struct {
    const char* what;
    std::string bytes;
  } kCases[] = {
      {"an unknown field at the end", booking + std::string("\xf8\x07\x01", 3)},
      {"a field again", booking + std::string("\x2a\x01x", 3)},
      {"a second payload", booking + booking.substr(booking.find("\xb2\x01"))},
      {"a group", booking + "\x0b\x0c"},
      {"an end in the middle of a field", booking.substr(0, booking.size() - 1)},
      {"nothing", ""},
  };
  WireFactReader reader;
  for (const auto& c : kCases) {
    Stored stored = Store(Booking());
    stored.bytes = c.bytes;
    EXPECT_FALSE(reader.Read(ViewOf(stored))) << c.what;
  }
}

// Whatever the bytes: if they are read at all, it is what the message says.
TEST(WireFactTest, NeverSaysAnythingElseThanTheMessage) {
  std::mt19937_64 random(1);
  WireFactReader reader;
  int read = 0;
  for (const v1::Event& event : {Booking(), FullBooking(), Split()}) {
    const Stored stored = Store(event);
    for (int i = 0; i < 50'000; ++i) {
      Stored changed = stored;
      for (uint64_t n = 1 + random() % 3; n > 0; --n) {
        const size_t at = random() % changed.bytes.size();
        switch (random() % 4) {
          case 0:
            changed.bytes[at] = static_cast<char>(random());
            break;
          case 1:
            changed.bytes[at] = static_cast<char>(changed.bytes[at] ^ (1 << random() % 8));
            break;
          case 2:
            changed.bytes.erase(at, 1 + random() % 4);
            break;
          default:
            changed.bytes.insert(at, changed.bytes.substr(random() % changed.bytes.size(), 6));
        }
        if (changed.bytes.empty()) break;
      }
      if (!reader.Read(ViewOf(changed))) continue;
      ++read;
      ASSERT_EQ(TextOf(reader), TextByMessage(ViewOf(changed)));
    }
  }
  EXPECT_GT(read, 1000);
}

}  // namespace
}  // namespace payfold
