#include "projections/runtime/projection_list.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"

namespace payfold {

std::vector<std::string> ProjectionList::Names() const {
  std::vector<std::string> names;
  for (const ProjectionWorker* worker : workers_) names.emplace_back(worker->name());
  return names;
}

absl::StatusOr<ProjectionWorker*> ProjectionList::Find(absl::string_view name) const {
  for (ProjectionWorker* worker : workers_) {
    if (worker->name() == name) return worker;
  }
  return absl::NotFoundError(absl::StrCat("there is no projection ", Quote(name), "; there are ",
                                          absl::StrJoin(Names(), ", ")));
}

absl::StatusOr<RebuildOutcome> ProjectionList::Rebuild(absl::string_view name, int workers,
                                                       const FoldProgress& progress) const {
  ASSIGN_OR_RETURN(ProjectionWorker * worker, Find(name));
  return worker->Rebuild(workers, progress);
}

}  // namespace payfold
