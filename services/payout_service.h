// payfold.v1.PayoutService: questions about payouts.

#ifndef SERVICES_PAYOUT_SERVICE_H_
#define SERVICES_PAYOUT_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class PayoutServiceImpl final : public v1::PayoutService::CallbackService {
 public:
  PayoutServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* GetStatement(grpc::CallbackServerContext* context,
                                         const v1::GetStatementRequest* request,
                                         v1::GetStatementResponse* response) override;
  grpc::ServerUnaryReactor* ListStatements(grpc::CallbackServerContext* context,
                                           const v1::ListStatementsRequest* request,
                                           v1::ListStatementsResponse* response) override;
  grpc::ServerUnaryReactor* GetBalance(grpc::CallbackServerContext* context,
                                       const v1::GetBalanceRequest* request,
                                       v1::GetBalanceResponse* response) override;
  grpc::ServerUnaryReactor* ListBalances(grpc::CallbackServerContext* context,
                                         const v1::ListBalancesRequest* request,
                                         v1::ListBalancesResponse* response) override;
  grpc::ServerUnaryReactor* ListLines(grpc::CallbackServerContext* context,
                                      const v1::ListLinesRequest* request,
                                      v1::ListLinesResponse* response) override;
  grpc::ServerUnaryReactor* ExplainLine(grpc::CallbackServerContext* context,
                                        const v1::ExplainLineRequest* request,
                                        v1::ExplainLineResponse* response) override;
  grpc::ServerUnaryReactor* ExplainDeal(grpc::CallbackServerContext* context,
                                        const v1::ExplainDealRequest* request,
                                        v1::ExplainDealResponse* response) override;
  grpc::ServerUnaryReactor* GetAttainment(grpc::CallbackServerContext* context,
                                          const v1::GetAttainmentRequest* request,
                                          v1::GetAttainmentResponse* response) override;
  grpc::ServerUnaryReactor* ListAttainments(grpc::CallbackServerContext* context,
                                            const v1::ListAttainmentsRequest* request,
                                            v1::ListAttainmentsResponse* response) override;
  grpc::ServerUnaryReactor* GetLeaderboard(grpc::CallbackServerContext* context,
                                           const v1::GetLeaderboardRequest* request,
                                           v1::GetLeaderboardResponse* response) override;
  grpc::ServerUnaryReactor* ForecastEarnings(grpc::CallbackServerContext* context,
                                             const v1::ForecastEarningsRequest* request,
                                             v1::ForecastEarningsResponse* response) override;
  grpc::ServerUnaryReactor* ListRewards(grpc::CallbackServerContext* context,
                                        const v1::ListRewardsRequest* request,
                                        v1::ListRewardsResponse* response) override;

 private:
  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_PAYOUT_SERVICE_H_
