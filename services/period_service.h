// payfold.v1.PeriodService: finance's workflow.

#ifndef SERVICES_PERIOD_SERVICE_H_
#define SERVICES_PERIOD_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/period_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class PeriodServiceImpl final : public v1::PeriodService::CallbackService {
 public:
  PeriodServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* ListPeriods(grpc::CallbackServerContext* context,
                                        const v1::ListPeriodsRequest* request,
                                        v1::ListPeriodsResponse* response) override;
  grpc::ServerUnaryReactor* PreviewClose(grpc::CallbackServerContext* context,
                                         const v1::PreviewCloseRequest* request,
                                         v1::PreviewCloseResponse* response) override;
  grpc::ServerUnaryReactor* ClosePeriod(grpc::CallbackServerContext* context,
                                        const v1::ClosePeriodRequest* request,
                                        v1::ClosePeriodResponse* response) override;
  grpc::ServerUnaryReactor* ApprovePeriod(grpc::CallbackServerContext* context,
                                          const v1::ApprovePeriodRequest* request,
                                          v1::ApprovePeriodResponse* response) override;
  grpc::ServerUnaryReactor* RecordPayments(grpc::CallbackServerContext* context,
                                           const v1::RecordPaymentsRequest* request,
                                           v1::RecordPaymentsResponse* response) override;
  grpc::ServerUnaryReactor* ListOpenings(grpc::CallbackServerContext* context,
                                         const v1::ListOpeningsRequest* request,
                                         v1::ListOpeningsResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportJournalResponse>* ExportJournal(
      grpc::CallbackServerContext* context, const v1::ExportJournalRequest* request) override;

 private:
  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_PERIOD_SERVICE_H_
