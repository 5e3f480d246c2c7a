#include "services/payout_service.h"

#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/display_names.h"
#include "services/line_pages.h"
#include "services/query_view.h"

namespace payfold {

grpc::ServerUnaryReactor* PayoutServiceImpl::GetStatement(grpc::CallbackServerContext* context,
                                                          const v1::GetStatementRequest* request,
                                                          v1::GetStatementResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::Statement> statements,
                     GetStatements(*view.facts, request->participant_id(), request->period(),
                                   request->with_explanations()));
    ASSIGN_OR_RETURN(*response->mutable_display_name(),
                     DisplayName(view, request->participant_id()));
    *response->mutable_at() = view.at();
    response->mutable_statements()->Assign(statements.begin(), statements.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListBalances(grpc::CallbackServerContext* context,
                                                          const v1::ListBalancesRequest* request,
                                                          v1::ListBalancesResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::Balance> balances,
                     payfold::ListBalances(*view.facts, request->participant_id()));
    *response->mutable_at() = view.at();
    response->mutable_balances()->Assign(balances.begin(), balances.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListLines(grpc::CallbackServerContext* context,
                                                       const v1::ListLinesRequest* request,
                                                       v1::ListLinesResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, ListLinesPage(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ExplainLine(grpc::CallbackServerContext* context,
                                                         const v1::ExplainLineRequest* request,
                                                         v1::ExplainLineResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(*response->mutable_line(),
                     payfold::ExplainLine(*view.facts, request->line_id()));
    *response->mutable_at() = view.at();
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ExplainDeal(grpc::CallbackServerContext* context,
                                                         const v1::ExplainDealRequest* request,
                                                         v1::ExplainDealResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(*response, payfold::ExplainDeal(*view.facts, request->deal_id(),
                                                     request->participant_id()));
    *response->mutable_at() = view.at();
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListAttainments(
    grpc::CallbackServerContext* context, const v1::ListAttainmentsRequest* request,
    v1::ListAttainmentsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(
        const std::vector<v1::Attainment> attainments,
        payfold::ListAttainments(*view.facts, request->participant_id(), request->period()));
    *response->mutable_at() = view.at();
    response->mutable_attainments()->Assign(attainments.begin(), attainments.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::GetLeaderboard(
    grpc::CallbackServerContext* context, const v1::GetLeaderboardRequest* request,
    v1::GetLeaderboardResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(std::vector<v1::LeaderboardRow> rows,
                     payfold::GetLeaderboard(*view.facts, request->period(), request->by(),
                                             request->team(), request->limit()));
    *response->mutable_at() = view.at();
    for (v1::LeaderboardRow& row : rows) {
      ASSIGN_OR_RETURN(*row.mutable_display_name(), DisplayName(view, row.participant_id()));
      *response->add_rows() = std::move(row);
    }
    return absl::OkStatus();
  });
}

}  // namespace payfold
