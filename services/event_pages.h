// Events of the log as messages, many in one.

#ifndef SERVICES_EVENT_PAGES_H_
#define SERVICES_EVENT_PAGES_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Limits of one message of a stream of events.
inline constexpr int kMaxEventsInMessage = 500;
inline constexpr size_t kMaxBytesInMessage = size_t{1} << 20;

// The bits (KindBit) of payload names; no name is all of them.
// Errors: kInvalidArgument for a kind that does not exist, naming those that do.
absl::StatusOr<uint64_t> KindsMask(const google::protobuf::RepeatedPtrField<std::string>& names);

// The event with its personal fields in clear text (while their key exists), and
// its stored bytes.
absl::StatusOr<v1::StoredEvent> MakeStoredEvent(const Ledger& ledger, const EventView& event);

// The answer to GetEvent. Errors: kNotFound; kInvalidArgument if the request
// names no event.
absl::StatusOr<v1::StoredEvent> FindEvent(const Ledger& ledger, const v1::GetEventRequest& request);

// The events a request asks for, as of now.
// Errors: those of KindsMask().
absl::StatusOr<std::unique_ptr<Producer<v1::ReadEventsResponse>>> ReadEventPages(
    std::shared_ptr<const OpenLedger> open, const v1::ReadEventsRequest& request);

}  // namespace payfold

#endif  // SERVICES_EVENT_PAGES_H_
