// payfold.v1.LedgerService: the log.

#ifndef SERVICES_LEDGER_SERVICE_H_
#define SERVICES_LEDGER_SERVICE_H_

#include "absl/status/status.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/call.h"
#include "services/subscription_stream.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class LedgerServiceImpl final : public v1::LedgerService::CallbackService {
 public:
  LedgerServiceImpl(Workspace* workspace, Executor* executor, const SubscriptionLimits& limits)
      : workspace_(workspace), executor_(executor), limits_(limits) {}

  grpc::ServerUnaryReactor* CreateLedger(grpc::CallbackServerContext* context,
                                         const v1::CreateLedgerRequest* request,
                                         v1::CreateLedgerResponse* response) override;
  grpc::ServerUnaryReactor* ListLedgers(grpc::CallbackServerContext* context,
                                        const v1::ListLedgersRequest* request,
                                        v1::ListLedgersResponse* response) override;
  grpc::ServerUnaryReactor* CloseLedger(grpc::CallbackServerContext* context,
                                        const v1::CloseLedgerRequest* request,
                                        v1::CloseLedgerResponse* response) override;
  grpc::ServerUnaryReactor* CheckEvents(grpc::CallbackServerContext* context,
                                        const v1::CheckEventsRequest* request,
                                        v1::CheckEventsResponse* response) override;
  grpc::ServerUnaryReactor* Append(grpc::CallbackServerContext* context,
                                   const v1::AppendRequest* request,
                                   v1::AppendResponse* response) override;
  grpc::ServerBidiReactor<v1::AppendStreamRequest, v1::AppendStreamResponse>* AppendStream(
      grpc::CallbackServerContext* context) override;
  grpc::ServerWriteReactor<v1::SubscribeResponse>* Subscribe(
      grpc::CallbackServerContext* context, const v1::SubscribeRequest* request) override;
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

  Workspace* workspace_;
  Executor* executor_;
  SubscriptionLimits limits_;
};

}  // namespace payfold

#endif  // SERVICES_LEDGER_SERVICE_H_
