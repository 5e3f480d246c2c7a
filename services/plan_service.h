// payfold.v1.PlanService: plans.

#ifndef SERVICES_PLAN_SERVICE_H_
#define SERVICES_PLAN_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/plan_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class PlanServiceImpl final : public v1::PlanService::CallbackService {
 public:
  PlanServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* CheckPlan(grpc::CallbackServerContext* context,
                                      const v1::CheckPlanRequest* request,
                                      v1::CheckPlanResponse* response) override;
  grpc::ServerUnaryReactor* PublishPlan(grpc::CallbackServerContext* context,
                                        const v1::PublishPlanRequest* request,
                                        v1::PublishPlanResponse* response) override;
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context,
                                    const v1::GetPlanRequest* request,
                                    v1::GetPlanResponse* response) override;
  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const v1::ListPlansRequest* request,
                                      v1::ListPlansResponse* response) override;
  grpc::ServerUnaryReactor* ListPlanVersions(grpc::CallbackServerContext* context,
                                             const v1::ListPlanVersionsRequest* request,
                                             v1::ListPlanVersionsResponse* response) override;
  grpc::ServerUnaryReactor* DiffPlanVersions(grpc::CallbackServerContext* context,
                                             const v1::DiffPlanVersionsRequest* request,
                                             v1::DiffPlanVersionsResponse* response) override;

 private:
  absl::Status DoGetPlan(const Call& call, const v1::GetPlanRequest& request,
                         v1::GetPlanResponse* response);

  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_PLAN_SERVICE_H_
