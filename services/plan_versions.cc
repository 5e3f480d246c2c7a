#include "services/plan_versions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/difference.h"
#include "projections/queries.h"
#include "services/errors.h"

namespace payfold {

absl::StatusOr<std::vector<v1::PlanVersion>> VersionsOfPlan(const FactsView& facts,
                                                            const std::string& plan_id) {
  ASSIGN_OR_RETURN(std::vector<v1::PlanVersion> all, ListPlanVersions(facts));
  std::vector<v1::PlanVersion> versions;
  for (v1::PlanVersion& version : all) {
    if (version.plan_id() == plan_id) versions.push_back(std::move(version));
  }
  if (!versions.empty()) return versions;
  return absl::NotFoundError(
      absl::StrCat("no plan ", Quote(plan_id), " is published; list the plans to see which are"));
}

absl::StatusOr<v1::PlanVersion> FindVersion(absl::Span<const v1::PlanVersion> versions,
                                            uint32_t number) {
  if (number == 0) return versions.back();
  for (const v1::PlanVersion& version : versions) {
    if (version.version() == number) return version;
  }
  return absl::NotFoundError(absl::StrCat("plan ", Quote(versions.back().plan_id()),
                                          " has no version ", number, "; its last one is ",
                                          versions.back().version()));
}

absl::StatusOr<v1::DiffPlanVersionsResponse> DiffVersions(
    absl::Span<const v1::PlanVersion> versions, const v1::DiffPlanVersionsRequest& request) {
  ASSIGN_OR_RETURN(const v1::PlanVersion to, FindVersion(versions, request.to_version()));
  if (request.from_version() == 0 && to.version() == 1) {
    return FieldError("from_version", kReasonFieldInvalid,
                      absl::StrCat("plan ", Quote(to.plan_id()),
                                   " has no version before 1: name the two to compare"));
  }
  ASSIGN_OR_RETURN(const v1::PlanVersion from,
                   FindVersion(versions, request.from_version() != 0 ? request.from_version()
                                                                     : to.version() - 1));
  v1::DiffPlanVersionsResponse response;
  response.set_plan_id(to.plan_id());
  response.set_from_version(from.version());
  response.set_to_version(to.version());
  for (PlanFieldDifference& difference : ComparePlans(from.plan(), to.plan())) {
    v1::PlanDifference* added = response.add_differences();
    added->set_field(std::move(difference.field));
    added->set_before(std::move(difference.before));
    added->set_after(std::move(difference.after));
  }
  return response;
}

}  // namespace payfold
