#include "services/payout_service.h"

#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/display_names.h"
#include "services/list_pages.h"
#include "services/posted_statement.h"
#include "services/query_view.h"
#include "services/single_answers.h"

namespace payfold {

grpc::ServerUnaryReactor* PayoutServiceImpl::GetStatement(grpc::CallbackServerContext* context,
                                                          const v1::GetStatementRequest* request,
                                                          v1::GetStatementResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(*response, AnswerStatement(view, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListStatements(
    grpc::CallbackServerContext* context, const v1::ListStatementsRequest* request,
    v1::ListStatementsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return StatementsOfPeriod(facts, *request);
    };
    return FillPage(workspace_, *request, call, list,
                    &v1::ListStatementsResponse::mutable_statements, response);
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::GetBalance(grpc::CallbackServerContext* context,
                                                        const v1::GetBalanceRequest* request,
                                                        v1::GetBalanceResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request->context(), call));
    ASSIGN_OR_RETURN(const std::vector<v1::Balance> balances, BalancesOf(*view.facts, *request));
    *response->mutable_at() = view.at();
    response->mutable_balances()->Assign(balances.begin(), balances.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListBalances(grpc::CallbackServerContext* context,
                                                          const v1::ListBalancesRequest* request,
                                                          v1::ListBalancesResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return payfold::ListBalances(facts, request->participant_id());
    };
    return FillPage(workspace_, *request, call, list, &v1::ListBalancesResponse::mutable_balances,
                    response);
  });
}

grpc::ServerUnaryReactor* PayoutServiceImpl::ListLines(grpc::CallbackServerContext* context,
                                                       const v1::ListLinesRequest* request,
                                                       v1::ListLinesResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [request](const FactsView& facts) {
      return payfold::ListLines(facts, {.participant_id = request->participant_id(),
                                        .period = request->period(),
                                        .plan_id = request->plan_id(),
                                        .component_id = request->component_id(),
                                        .with_explanations = request->with_explanations()});
    };
    return FillPage(workspace_, *request, call, list, &v1::ListLinesResponse::mutable_lines,
                    response);
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

}  // namespace payfold
