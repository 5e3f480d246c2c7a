// Events and states for the tests of admission.

#ifndef TESTS_LEDGER_ADMISSION_ADMISSION_TESTING_H_
#define TESTS_LEDGER_ADMISSION_ADMISSION_TESTING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/violation.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// An event of source "crm" with that payload: Fact("e1", R"("deal_booked": {…})").
// Stops the program if the JSON is not right.
payfold::v1::Event Fact(absl::string_view event_id, absl::string_view payload_json);

// Deal D-1 (or another) of 100 USD, owned by ana.
payfold::v1::Event Booking(absl::string_view event_id, absl::string_view deal_id = "D-1",
                           int64_t minor_units = 10'000);
payfold::v1::Event Voiding(absl::string_view event_id, absl::string_view voided);
payfold::v1::Event Erasure(absl::string_view event_id, absl::string_view participant_id);
// A participant with a display name and an email.
payfold::v1::Event Person(absl::string_view event_id, absl::string_view participant_id,
                          absl::string_view display_name);
// What only the ledger writes.
payfold::v1::Event Close(absl::string_view event_id, absl::string_view period);

// A valid event of every kind of payload, in order of kind, with every field
// set that the kind allows at once. The event ids are the names of the kinds.
std::vector<payfold::v1::Event> EventsOfEveryKind();

// Whether a source may append it.
bool IsOfSource(const payfold::v1::Event& event);

// "events[0].event_id ID_MALFORMED", one line each.
std::string Lines(absl::Span<const payfold::Violation> violations);

// 0, 1, 2, … as bytes, over and over.
payfold::RandomSource CountingRandom();

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_ADMISSION_ADMISSION_TESTING_H_
