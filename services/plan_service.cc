#include "services/plan_service.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/plan_publishing.h"
#include "services/query_view.h"

namespace payfold {

grpc::ServerUnaryReactor* PlanServiceImpl::CheckPlan(grpc::CallbackServerContext* context,
                                                     const v1::CheckPlanRequest* request,
                                                     v1::CheckPlanResponse* response) {
  return RunUnary(executor_, context, [=](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::CheckPlan(*request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PlanServiceImpl::PublishPlan(grpc::CallbackServerContext* context,
                                                       const v1::PublishPlanRequest* request,
                                                       v1::PublishPlanResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, payfold::PublishPlan(open->ledger, *request, call.actor));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PlanServiceImpl::GetPlan(grpc::CallbackServerContext* context,
                                                   const v1::GetPlanRequest* request,
                                                   v1::GetPlanResponse* response) {
  return RunUnary(executor_, context,
                  [=, this](const Call& call) { return DoGetPlan(call, *request, response); });
}

absl::Status PlanServiceImpl::DoGetPlan(const Call& call, const v1::GetPlanRequest& request,
                                        v1::GetPlanResponse* response) {
  ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request.context(), call));
  ASSIGN_OR_RETURN(const std::vector<v1::PlanVersion> versions,
                   payfold::ListPlanVersions(*view.facts));
  const v1::PlanVersion* wanted = nullptr;
  uint32_t last = 0;
  for (const v1::PlanVersion& version : versions) {
    if (version.plan_id() != request.plan_id()) continue;
    last = version.version();
    if (request.version() == 0 || request.version() == last) wanted = &version;
  }
  if (last == 0) {
    return absl::NotFoundError(absl::StrCat("no plan \"", request.plan_id(),
                                            "\" is published; list the plans to see which are"));
  }
  if (wanted == nullptr) {
    return absl::NotFoundError(absl::StrCat("plan \"", request.plan_id(), "\" has no version ",
                                            request.version(), "; its last one is ", last));
  }
  *response->mutable_at() = view.at();
  *response->mutable_version() = *wanted;
  response->set_prose(PlanInWords(wanted->plan()));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* PlanServiceImpl::ListPlans(grpc::CallbackServerContext* context,
                                                     const v1::ListPlansRequest* request,
                                                     v1::ListPlansResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::PlanVersion> versions,
                     payfold::ListPlanVersions(*view.facts));
    *response->mutable_at() = view.at();
    response->mutable_versions()->Assign(versions.begin(), versions.end());
    return absl::OkStatus();
  });
}

}  // namespace payfold
