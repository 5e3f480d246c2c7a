// The projections of a ledger, by name.

#ifndef PROJECTIONS_RUNTIME_PROJECTION_LIST_H_
#define PROJECTIONS_RUNTIME_PROJECTION_LIST_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "projections/runtime/projection_worker.h"

namespace payfold {

class ProjectionList {
 public:
  // The workers, the most asked for first, must outlive the list.
  explicit ProjectionList(std::vector<ProjectionWorker*> workers) : workers_(std::move(workers)) {}

  const std::vector<ProjectionWorker*>& all() const { return workers_; }
  std::vector<std::string> Names() const;

  // Errors: kNotFound, with the names that there are.
  absl::StatusOr<ProjectionWorker*> Find(absl::string_view name) const;

  // Errors: those of Find() and ProjectionWorker::Rebuild().
  absl::StatusOr<RebuildOutcome> Rebuild(absl::string_view name, int workers,
                                         const FoldProgress& progress) const;

 private:
  std::vector<ProjectionWorker*> workers_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PROJECTION_LIST_H_
