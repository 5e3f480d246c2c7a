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

// Waits (not beyond the deadline) until the ledger's projection has folded
// `position`, and in any case has a view that knows of the log's events.
// Errors: kDeadlineExceeded; kUnavailable, with a reason, while a projection that
// was never folded, or by another format, is folded anew and nobody waits for a
// position; kUnavailable if the fold has failed.
absl::Status WaitUntilFolded(const OpenLedger& open, ProjectionWorker* worker, uint64_t position,
                             const Call& call);

// Waits for `min_position` (not beyond the deadline) where the present is asked
// for. Errors: those of ResolveMoment() and WaitUntilFolded(); kNotFound for an
// unknown ledger.
absl::StatusOr<QueryView> ResolveView(Workspace* workspace, const v1::QueryContext& context,
                                      const Call& call);

}  // namespace payfold

#endif  // SERVICES_QUERY_VIEW_H_
