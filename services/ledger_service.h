// payfold.v1.LedgerService: the log.

#ifndef SERVICES_LEDGER_SERVICE_H_
#define SERVICES_LEDGER_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class LedgerServiceImpl final : public v1::LedgerService::CallbackService {
 public:
  LedgerServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* CreateLedger(grpc::CallbackServerContext* context,
                                         const v1::CreateLedgerRequest* request,
                                         v1::CreateLedgerResponse* response) override;
  grpc::ServerUnaryReactor* ListLedgers(grpc::CallbackServerContext* context,
                                        const v1::ListLedgersRequest* request,
                                        v1::ListLedgersResponse* response) override;
  grpc::ServerUnaryReactor* CheckEvents(grpc::CallbackServerContext* context,
                                        const v1::CheckEventsRequest* request,
                                        v1::CheckEventsResponse* response) override;
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const v1::AppendRequest* request,
                                   v1::AppendResponse* response) override;
  grpc::ServerWriteReactor<v1::ReadEventsResponse>* ReadEvents(
      grpc::CallbackServerContext* context, const v1::ReadEventsRequest* request) override;
  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext* context,
                                     const v1::GetEventRequest* request,
                                     v1::GetEventResponse* response) override;
  grpc::ServerUnaryReactor* ListExceptions(grpc::CallbackServerContext* context,
                                           const v1::ListExceptionsRequest* request,
                                           v1::ListExceptionsResponse* response) override;
  grpc::ServerWriteReactor<v1::RebuildResponse>* Rebuild(
      grpc::CallbackServerContext* context, const v1::RebuildRequest* request) override;

 private:
  absl::Status DoCreateLedger(const Call& call, const v1::CreateLedgerRequest& request,
                              v1::CreateLedgerResponse* response);
  absl::Status DoListExceptions(const Call& call, const v1::ListExceptionsRequest& request,
                                v1::ListExceptionsResponse* response);

  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_LEDGER_SERVICE_H_
