// What the log keeps beside an event, compared with what the event says.

#ifndef LEDGER_ADMISSION_STORED_EVENT_H_
#define LEDGER_ADMISSION_STORED_EVENT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/log/event.h"

namespace payfold {

// Whether the event's stored bytes are an event of the kind that is kept beside
// it, and name these participants; as FsckOptions::check_payload wants it.
// Errors: kDataLoss.
absl::Status CheckStoredEvent(const EventView& event,
                              absl::Span<const absl::string_view> participants);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_STORED_EVENT_H_
