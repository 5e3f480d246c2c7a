// The rules of events that need no state: pure, and every violation is named.
//
// The rules are the comments of proto/payfold/v1/event.proto and the page
// "events" of the specification. What is not known yet (a deal, a participant,
// a rate) is no violation: such facts wait in suspense.

#ifndef LEDGER_ADMISSION_VALIDATE_H_
#define LEDGER_ADMISSION_VALIDATE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "ledger/admission/violation.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// Limits of a batch. They bind sources, not the ledger's own batches.
inline constexpr size_t kMaxBatchEvents = 10'000;
inline constexpr size_t kMaxBatchMessageBytes = size_t{4} << 20;

// The greatest amount, in minor units, either way.
inline constexpr int64_t kMaxAmount = 1'000'000'000'000'000;

// Who wrote the events.
enum class Writer {
  kSource,  // Payloads of the ledger's own are refused.
  kLedger,  // A close, a committed replay: any payload, batches of any size.
};

// Every violation of the batch, in order of events; paths begin "events[i].".
std::vector<Violation> ValidateBatch(absl::Span<const v1::Event> events,
                                     Writer writer = Writer::kSource);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_VALIDATE_H_
