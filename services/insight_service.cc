#include "services/insight_service.h"

#include "ledger/base/status_macros.h"
#include "services/totals_pages.h"

namespace payfold {

grpc::ServerUnaryReactor* InsightServiceImpl::GetDailyTotals(
    grpc::CallbackServerContext* context, const v1::GetDailyTotalsRequest* request,
    v1::GetDailyTotalsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, PageOfTotals(workspace_, *request, call));
    return absl::OkStatus();
  });
}

}  // namespace payfold
