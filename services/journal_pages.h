// The journal as messages, many entries in one.

#ifndef SERVICES_JOURNAL_PAGES_H_
#define SERVICES_JOURNAL_PAGES_H_

#include <memory>

#include "absl/status/statusor.h"
#include "payfold/v1/period_service.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Everything posted up to the moment that is asked for.
// Errors: those of ResolveView(); kInvalidArgument for a filter or format that is none.
absl::StatusOr<std::unique_ptr<Producer<v1::ExportJournalResponse>>> JournalPagesOf(
    Workspace* workspace, const v1::ExportJournalRequest& request, const Call& call);

}  // namespace payfold

#endif  // SERVICES_JOURNAL_PAGES_H_
