// Batches of events on their way into a ledger, as the API gives and takes them.

#ifndef SERVICES_EVENT_BATCHES_H_
#define SERVICES_EVENT_BATCHES_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/ledger_service.pb.h"

namespace payfold {

// Appends. Errors: RefusedBatch() of what is wrong; those of Ledger::Append().
absl::StatusOr<v1::AppendResponse> AppendBatch(Ledger* ledger, const v1::AppendRequest& request,
                                               const std::string& actor);

// The same without waiting; calls `done` with the answer, once, from any thread.
void AppendBatchAsync(Ledger* ledger, const v1::AppendRequest& request, const std::string& actor,
                      std::function<void(const absl::StatusOr<v1::AppendResponse>&)> done);

// What an append stream answers about its batch of that number: an error has
// every violation.
v1::AppendStreamResponse StreamAnswer(uint64_t number, const absl::StatusOr<AppendResult>& result,
                                      absl::Span<const Violation> violations);

// Every violation.
absl::StatusOr<v1::CheckEventsResponse> CheckBatch(Ledger* ledger,
                                                   const v1::CheckEventsRequest& request);

}  // namespace payfold

#endif  // SERVICES_EVENT_BATCHES_H_
