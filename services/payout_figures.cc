// payfold.v1.PayoutService: attainments, ranks, forecasts and rewards.

#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/display_names.h"
#include "services/list_pages.h"
#include "services/payout_service.h"
#include "services/query_view.h"
#include "services/single_answers.h"

namespace payfold {

grpc::ServerUnaryReactor* PayoutServiceImpl::GetAttainment(grpc::CallbackServerContext* context,
                                                           const v1::GetAttainmentRequest* request,
                                                           v1::GetAttainmentResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::Attainment> attainments,
                     AttainmentsOf(*view.facts, *request));
    *response->mutable_at() = view.at();
    response->mutable_attainments()->Assign(attainments.begin(), attainments.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListAttainments(
    grpc::CallbackServerContext* context, const v1::ListAttainmentsRequest* request,
    v1::ListAttainmentsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return payfold::ListAttainments(facts, request->participant_id(), request->period());
    };
    return FillPage(workspace_, *request, call, list,
                    &v1::ListAttainmentsResponse::mutable_attainments, response);
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::GetLeaderboard(
    grpc::CallbackServerContext* context, const v1::GetLeaderboardRequest* request,
    v1::GetLeaderboardResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(std::vector<v1::LeaderboardRow> rows,
                     payfold::GetLeaderboard(*view.facts, *request));
    *response->mutable_at() = view.at();
    for (v1::LeaderboardRow& row : rows) {
      ASSIGN_OR_RETURN(*row.mutable_display_name(), DisplayName(view, row.participant_id()));
      *response->add_rows() = std::move(row);
    }
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ForecastEarnings(
    grpc::CallbackServerContext* context, const v1::ForecastEarningsRequest* request,
    v1::ForecastEarningsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [=](const FactsView& facts) {
      return ForecastsOf(facts, *request, response);
    };
    return FillPage(workspace_, *request, call, list,
                    &v1::ForecastEarningsResponse::mutable_forecasts, response);
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListRewards(grpc::CallbackServerContext* context,
                                                         const v1::ListRewardsRequest* request,
                                                         v1::ListRewardsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return payfold::ListRewards(facts, {.participant_id = request->participant_id(),
                                          .period = request->period(),
                                          .plan_id = request->plan_id()});
    };
    return FillPage(workspace_, *request, call, list, &v1::ListRewardsResponse::mutable_rewards,
                    response);
  });
}

}  // namespace payfold
