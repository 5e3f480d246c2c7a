// payfold.v1.InsightService: figures of the company.

#ifndef SERVICES_INSIGHT_SERVICE_H_
#define SERVICES_INSIGHT_SERVICE_H_

#include "payfold/v1/insight_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class InsightServiceImpl final : public v1::InsightService::CallbackService {
 public:
  InsightServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* GetDailyTotals(grpc::CallbackServerContext* context,
                                           const v1::GetDailyTotalsRequest* request,
                                           v1::GetDailyTotalsResponse* response) override;

 private:
  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_INSIGHT_SERVICE_H_
