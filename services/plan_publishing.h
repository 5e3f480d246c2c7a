// Plans on their way into a ledger: read, checked, published once.

#ifndef SERVICES_PLAN_PUBLISHING_H_
#define SERVICES_PLAN_PUBLISHING_H_

#include <string>

#include "absl/status/statusor.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/plan_service.pb.h"

namespace payfold {

// Reads and compiles; mistakes are in the answer.
// Errors: kInvalidArgument if the request holds no plan.
absl::StatusOr<v1::CheckPlanResponse> CheckPlan(const v1::CheckPlanRequest& request);

// "plan:PLAN:" and 16 hexadecimal digits of the content's SHA-256: the same
// plan has the same id.
std::string PlanEventId(const v1::Plan& plan);

// The event that publishes a document. Errors: kInvalidArgument for a plan that does not
// compile, with its mistakes as field violations.
absl::StatusOr<v1::Event> PlanEventOf(const std::string& document);

// Errors: those of PlanEventOf() and AppendBatch().
absl::StatusOr<v1::PublishPlanResponse> PublishPlan(Ledger* ledger,
                                                    const v1::PublishPlanRequest& request,
                                                    const std::string& actor);

// The plan in words; empty if this release cannot compile it.
std::string PlanInWords(const v1::Plan& plan);

}  // namespace payfold

#endif  // SERVICES_PLAN_PUBLISHING_H_
