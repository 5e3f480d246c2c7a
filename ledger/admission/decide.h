// The decision about a batch: which of its events are new and what the log
// stores of them, or everything that is wrong with it. Pure, given a view of
// the log's state.
//
//   PreparedBatch batch = …;                       // before, by any thread
//   log.Append([&](const LogState& state) { return DecideBatch(state, batch, …); });
//
// Source: specification, events (Admission); calculation 14 (voids).

#ifndef LEDGER_ADMISSION_DECIDE_H_
#define LEDGER_ADMISSION_DECIDE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/violation.h"
#include "ledger/calendar/date.h"
#include "ledger/log/event.h"
#include "ledger/log/log_state.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// What the closes so far say. Periods before the first close count as closed.
struct CloseState {
  std::optional<Date> closed_through;  // Last day of the last closed period.

  bool any() const { return closed_through.has_value(); }
  // `period` is the label of a payout period; false if it is none.
  bool IsClosed(absl::string_view period) const;
  // Takes one more closed period into account.
  void Add(absl::string_view period);
};

// An event that passed ValidateBatch(), ready to be appended.
struct PreparedEvent {
  const v1::Event* event = nullptr;
  NewEvent encoded;  // Its body may be left out if the event is in the log already.
  // The index of the first event of the batch with this id: its own, unless it
  // repeats an earlier one.
  size_t first = 0;
};

// What a decision needs beside the state.
struct DecideContext {
  CloseState closes;
  const KeySource* keys = nullptr;  // To tell what differs; may be null.
  // Encodes a FactVoided again, for another stream than was expected.
  std::function<absl::StatusOr<std::string>(const v1::Event&, absl::string_view stream)> encode;
};

struct Decided {
  std::vector<Decision> decisions;    // One for each event of the batch, in order.
  std::vector<Violation> violations;  // If there is any, `decisions` is empty.
};

// Moves what was encoded out of the batch. Errors: those of the state.
absl::StatusOr<Decided> DecideBatch(const LogState& state, absl::Span<PreparedEvent> batch,
                                    const DecideContext& context);

// Whether a void may name a fact of that kind at all (calculation, 14; plans,
// payments, voids and what the ledger wrote are not voided).
bool IsVoidable(uint32_t kind);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_DECIDE_H_
