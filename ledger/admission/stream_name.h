// What a payload is about: its stream, the participants it names, and whose key
// its personal fields are sealed with.
//
// Names of streams hold ids, whose characters exclude '/', so they are
// one-to-one. A team in the stream of a quota is any text and is
// percent-encoded; ids come through that unchanged.
//
// Source: specification, events (Streams).

#ifndef LEDGER_ADMISSION_STREAM_NAME_H_
#define LEDGER_ADMISSION_STREAM_NAME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// "deals/D-17". Of a FactVoided it is VoidStream(): that of the fact is not
// known here. Empty if there is no payload.
std::string StreamName(const v1::Event& event);

// "voids/EVENT_ID": the stream of the void of a fact that is not known yet.
std::string VoidStream(absl::string_view event_id);

// The ids of participants that the payload names, distinct, in payload order:
// what the log indexes. Managers, owners, members and shares count; "*" and
// teams do not.
std::vector<std::string> ParticipantsOf(const v1::Event& event);

// Whose key seals the payload's personal fields: the participant it is about,
// else its stream. `stream` is where the event stands or will stand; that of a
// FactVoided decides, as it is the stream of the fact.
std::string KeySubject(const v1::Event& event, absl::string_view stream);

// The payload's field name, "deal_booked", and number; "" and 0 if there is none.
absl::string_view KindName(const v1::Event& event);
uint32_t KindOf(const v1::Event& event);

// The name of a kind by its number; "" if this release does not know it.
absl::string_view KindName(uint32_t kind);
// The number of a kind by its name; 0 if there is none.
uint32_t KindByName(absl::string_view name);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_STREAM_NAME_H_
