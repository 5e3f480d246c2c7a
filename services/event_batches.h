// Batches of events on their way into a ledger, as the API gives and takes them.

#ifndef SERVICES_EVENT_BATCHES_H_
#define SERVICES_EVENT_BATCHES_H_

#include <string>

#include "absl/status/statusor.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/ledger_service.pb.h"

namespace payfold {

// Errors: RefusedBatch() of what is wrong; those of Ledger::Append().
absl::StatusOr<v1::AppendResponse> AppendBatch(Ledger* ledger, const v1::AppendRequest& request,
                                               const std::string& actor);

// Every violation.
absl::StatusOr<v1::CheckEventsResponse> CheckBatch(Ledger* ledger,
                                                   const v1::CheckEventsRequest& request);

}  // namespace payfold

#endif  // SERVICES_EVENT_BATCHES_H_
