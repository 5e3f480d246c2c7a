// What a source said about a deal so far, and what a new row of it adds. Pure.

#ifndef TOOLS_IMPORT_DEAL_HISTORY_H_
#define TOOLS_IMPORT_DEAL_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "payfold/v1/event.pb.h"
#include "tools/import/mapping.h"

namespace payfold {

// A row of the export, as events would state it.
struct DealRow {
  Stage stage = Stage::kOpen;
  v1::DealBooked booking;        // kWon
  v1::PipelineUpdated pipeline;  // kOpen, kLost
  std::string lost_on;           // kLost: date, or empty if unknown
};

// The deal as one source stated it, its own voids and restatements applied.
struct DealHistory {
  enum class State { kUnknown, kPipeline, kBooked, kCancelled };
  State state = State::kUnknown;
  v1::PipelineUpdated pipeline;  // the last one
  v1::DealBooked booking;        // kBooked, kCancelled: as restated
  std::string cancelled_on;      // kCancelled
  // Event ids of what stands: the booking, then its restatements; the cancellation.
  std::vector<std::string> booking_events;
  std::string cancellation_event;
  // The latest date of any change of the deal, by whatever source.
  std::string last_change;
  // Another source that booked the deal, or that voided a fact of this one.
  std::string booked_by;
  std::string voided_by;
};

// Of the events of the deal's stream, in order.
DealHistory ReadDealHistory(absl::Span<const v1::Event> events, absl::string_view source);

// The events (payloads only) that bring the ledger from `history` to `row`; none
// if the row says nothing new. See the table in crm_import.h. Errors:
// kFailedPrecondition where that cannot be said by events, with what to do.
absl::StatusOr<std::vector<v1::Event>> DealChanges(const DealHistory& history, const DealRow& row);

}  // namespace payfold

#endif  // TOOLS_IMPORT_DEAL_HISTORY_H_
