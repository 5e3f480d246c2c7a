// The versions of one plan: finding one, and what changed between two.

#ifndef SERVICES_PLAN_VERSIONS_H_
#define SERVICES_PLAN_VERSIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "payfold/v1/plan_service.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// By version. Errors: kNotFound if the plan was never published.
absl::StatusOr<std::vector<v1::PlanVersion>> VersionsOfPlan(const FactsView& facts,
                                                            const std::string& plan_id);

// The version of that number; 0 is the last. REQUIRES: there is one at least.
// Errors: kNotFound.
absl::StatusOr<v1::PlanVersion> FindVersion(absl::Span<const v1::PlanVersion> versions,
                                            uint32_t number);

// All of the response but its coordinates. REQUIRES: as FindVersion().
// Errors: kNotFound; kInvalidArgument if the first version is to be compared with
// the one before it.
absl::StatusOr<v1::DiffPlanVersionsResponse> DiffVersions(
    absl::Span<const v1::PlanVersion> versions, const v1::DiffPlanVersionsRequest& request);

}  // namespace payfold

#endif  // SERVICES_PLAN_VERSIONS_H_
