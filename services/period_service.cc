#include "services/period_service.h"

#include <memory>
#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/statements/openings.h"
#include "projections/statements/periods.h"
#include "services/journal_pages.h"
#include "services/list_pages.h"
#include "services/period_closing.h"
#include "services/period_payments.h"

namespace payfold {

grpc::ServerUnaryReactor* PeriodServiceImpl::ListPeriods(grpc::CallbackServerContext* context,
                                                         const v1::ListPeriodsRequest* request,
                                                         v1::ListPeriodsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [](const FactsView& facts) { return payfold::ListPeriods(facts); };
    return FillPage(workspace_, *request, call, list, &v1::ListPeriodsResponse::mutable_periods,
                    response);
  });
}

grpc::ServerUnaryReactor* PeriodServiceImpl::PreviewClose(grpc::CallbackServerContext* context,
                                                          const v1::PreviewCloseRequest* request,
                                                          v1::PreviewCloseResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [=](const FactsView& facts) -> absl::StatusOr<std::vector<v1::Statement>> {
      ASSIGN_OR_RETURN(v1::PreviewCloseResponse preview, PreviewOf(facts, request->period(), call));
      std::vector<v1::Statement> statements(
          std::make_move_iterator(preview.mutable_statements()->begin()),
          std::make_move_iterator(preview.mutable_statements()->end()));
      preview.clear_statements();
      if (request->page_token().empty()) {
        *response = std::move(preview);
      } else {
        response->set_period(preview.period());
      }
      return statements;
    };
    return FillPage(workspace_, *request, call, list, &v1::PreviewCloseResponse::mutable_statements,
                    response);
  });
}

grpc::ServerUnaryReactor* PeriodServiceImpl::ClosePeriod(grpc::CallbackServerContext* context,
                                                         const v1::ClosePeriodRequest* request,
                                                         v1::ClosePeriodResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::ClosePeriod(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PeriodServiceImpl::ApprovePeriod(grpc::CallbackServerContext* context,
                                                           const v1::ApprovePeriodRequest* request,
                                                           v1::ApprovePeriodResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::ApprovePeriod(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PeriodServiceImpl::RecordPayments(
    grpc::CallbackServerContext* context, const v1::RecordPaymentsRequest* request,
    v1::RecordPaymentsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::RecordPayments(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* PeriodServiceImpl::ListOpenings(grpc::CallbackServerContext* context,
                                                          const v1::ListOpeningsRequest* request,
                                                          v1::ListOpeningsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    return FillPage(workspace_, *request, call, payfold::ListOpenings,
                    &v1::ListOpeningsResponse::mutable_openings, response);
  });
}

grpc::ServerWriteReactor<v1::ExportJournalResponse>* PeriodServiceImpl::ExportJournal(
    grpc::CallbackServerContext* context, const v1::ExportJournalRequest* request) {
  return new StreamReactor<v1::ExportJournalResponse>(
      executor_, context, [this, request = *request](const Call& call) {
        return JournalPagesOf(workspace_, request, call);
      });
}

}  // namespace payfold
