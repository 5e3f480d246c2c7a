// payfold.v1.ReplayService: what if, backfill, rebuild.

#ifndef SERVICES_REPLAY_SERVICE_H_
#define SERVICES_REPLAY_SERVICE_H_

#include "payfold/v1/replay_service.grpc.pb.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// `*workspace` and `*executor` must outlive it.
class ReplayServiceImpl final : public v1::ReplayService::CallbackService {
 public:
  ReplayServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* StartReplay(grpc::CallbackServerContext* context,
                                        const v1::StartReplayRequest* request,
                                        v1::StartReplayResponse* response) override;
  grpc::ServerUnaryReactor* GetReplay(grpc::CallbackServerContext* context,
                                      const v1::GetReplayRequest* request,
                                      v1::GetReplayResponse* response) override;
  grpc::ServerUnaryReactor* ListReplays(grpc::CallbackServerContext* context,
                                        const v1::ListReplaysRequest* request,
                                        v1::ListReplaysResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchReplayResponse>* WatchReplay(
      grpc::CallbackServerContext* context, const v1::WatchReplayRequest* request) override;
  grpc::ServerUnaryReactor* CancelReplay(grpc::CallbackServerContext* context,
                                         const v1::CancelReplayRequest* request,
                                         v1::CancelReplayResponse* response) override;
  grpc::ServerUnaryReactor* ListDifferences(grpc::CallbackServerContext* context,
                                            const v1::ListDifferencesRequest* request,
                                            v1::ListDifferencesResponse* response) override;
  grpc::ServerUnaryReactor* ListTrueUps(grpc::CallbackServerContext* context,
                                        const v1::ListTrueUpsRequest* request,
                                        v1::ListTrueUpsResponse* response) override;
  grpc::ServerUnaryReactor* CompareReplays(grpc::CallbackServerContext* context,
                                           const v1::CompareReplaysRequest* request,
                                           v1::CompareReplaysResponse* response) override;
  grpc::ServerUnaryReactor* ApproveReplay(grpc::CallbackServerContext* context,
                                          const v1::ApproveReplayRequest* request,
                                          v1::ApproveReplayResponse* response) override;
  grpc::ServerUnaryReactor* CommitReplay(grpc::CallbackServerContext* context,
                                         const v1::CommitReplayRequest* request,
                                         v1::CommitReplayResponse* response) override;
  grpc::ServerWriteReactor<v1::RebuildResponse>* RebuildProjection(
      grpc::CallbackServerContext* context, const v1::RebuildRequest* request) override;

 private:
  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_REPLAY_SERVICE_H_
