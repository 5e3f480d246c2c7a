// The reference from the events that the tables keep of it: as it is now, or as it was
// at a past moment. Nothing is ever taken from them; a void says what does not count.

#ifndef PROJECTIONS_FACTS_LOAD_REFERENCE_H_
#define PROJECTIONS_FACTS_LOAD_REFERENCE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/event.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/fact_tables.h"
#include "projections/facts/reference.h"

namespace payfold {

// What is known: the events up to a position; those that publish or retire plans
// (which cannot be voided) up to one of their own, which may be earlier or later.
struct Moment {
  uint64_t position = UINT64_MAX;
  uint64_t plans_position = UINT64_MAX;

  bool Knows(uint64_t position_of_event, uint32_t kind) const;
};

// Whether it is a void of a fact that has not arrived.
bool IsWaitingVoid(const v1::Event& event);

// An entry of the table: the event's kind, the numbers of whom it names, its bytes.
std::string EncodeReference(const EventView& view);
// Errors: kDataLoss.
absl::StatusOr<uint32_t> KindOfReference(absl::string_view entry);

// All that the tables hold. Errors: kDataLoss.
absl::StatusOr<Reference> LoadReference(const FactReader& tables);

// What was known then, of tables that are folded at least as far, when the first
// `participants` had been named. Of the last days it has only the latest.
// Errors: kDataLoss.
absl::StatusOr<Reference> LoadReferenceAt(const FactReader& tables, const Moment& moment,
                                          uint32_t participants);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_LOAD_REFERENCE_H_
