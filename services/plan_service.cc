#include "services/plan_service.h"

#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/list_pages.h"
#include "services/plan_publishing.h"
#include "services/plan_versions.h"
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
                   VersionsOfPlan(*view.facts, request.plan_id()));
  ASSIGN_OR_RETURN(*response->mutable_version(), FindVersion(versions, request.version()));
  *response->mutable_at() = view.at();
  response->set_prose(PlanInWords(response->version().plan()));
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* PlanServiceImpl::ListPlans(grpc::CallbackServerContext* context,
                                                     const v1::ListPlansRequest* request,
                                                     v1::ListPlansResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [](const FactsView& facts) { return payfold::ListPlanVersions(facts); };
    return FillPage(workspace_, *request, call, list, &v1::ListPlansResponse::mutable_versions,
                    response);
  });
}

grpc::ServerUnaryReactor* PlanServiceImpl::ListPlanVersions(
    grpc::CallbackServerContext* context, const v1::ListPlanVersionsRequest* request,
    v1::ListPlanVersionsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return VersionsOfPlan(facts, request->plan_id());
    };
    return FillPage(workspace_, *request, call, list,
                    &v1::ListPlanVersionsResponse::mutable_versions, response);
  });
}

grpc::ServerUnaryReactor* PlanServiceImpl::DiffPlanVersions(
    grpc::CallbackServerContext* context, const v1::DiffPlanVersionsRequest* request,
    v1::DiffPlanVersionsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::PlanVersion> versions,
                     VersionsOfPlan(*view.facts, request->plan_id()));
    ASSIGN_OR_RETURN(*response, DiffVersions(versions, *request));
    *response->mutable_at() = view.at();
    return absl::OkStatus();
  });
}

}  // namespace payfold
