// From a QueryContext to the facts it asks for: which ledger, and what was
// known. Nothing falls back to the present silently: a moment that the log has
// not reached is OUT_OF_RANGE.

#ifndef SERVICES_QUERY_VIEW_H_
#define SERVICES_QUERY_VIEW_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/query.pb.h"
#include "projections/facts/facts_view.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

struct QueryView {
  std::shared_ptr<const OpenLedger> open;
  std::shared_ptr<const FactsView> facts;

  v1::Coordinates at() const;
};

// The last position known at that moment.
// Errors: kOutOfRange for a position beyond the log's end or a time that is not
// past; kInvalidArgument for a moment that says nothing. `field` names it.
absl::StatusOr<uint64_t> ResolveMoment(const v1::AsOf& as_of, absl::string_view field,
                                       const EventLog& log, Clock& clock);

// Waits for `min_position` (not beyond the deadline) where the present is asked
// for. Errors: those of ResolveMoment(); kDeadlineExceeded; kNotFound for an
// unknown ledger; kUnavailable if the fold has failed.
absl::StatusOr<QueryView> ResolveView(Workspace* workspace, const v1::QueryContext& context,
                                      const Call& call);

}  // namespace payfold

#endif  // SERVICES_QUERY_VIEW_H_
