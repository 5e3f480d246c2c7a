#include "services/replay_service.h"

#include <utility>

#include "ledger/base/status_macros.h"
#include "services/rebuild_progress.h"
#include "services/replay_commit.h"
#include "services/replay_lists.h"
#include "services/replays.h"

namespace payfold {

grpc::ServerUnaryReactor* ReplayServiceImpl::StartReplay(grpc::CallbackServerContext* context,
                                                         const v1::StartReplayRequest* request,
                                                         v1::StartReplayResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response->mutable_replay(), payfold::StartReplay(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::GetReplay(grpc::CallbackServerContext* context,
                                                       const v1::GetReplayRequest* request,
                                                       v1::GetReplayResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response->mutable_replay(), FindReplay(*open, request->replay_id()));
    if (!request->with_events()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<v1::Event> events,
                     EventsOfReplay(*open, request->replay_id()));
    response->mutable_events()->Assign(events.begin(), events.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::ListReplays(grpc::CallbackServerContext* context,
                                                         const v1::ListReplaysRequest* request,
                                                         v1::ListReplaysResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response, PageOfReplays(workspace_, *request));
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::WatchReplayResponse>* ReplayServiceImpl::WatchReplay(
    grpc::CallbackServerContext* context, const v1::WatchReplayRequest* request) {
  return new StreamReactor<v1::WatchReplayResponse>(
      executor_, context, [this, request = *request](const Call&) {
        return payfold::WatchReplay(workspace_, request);
      });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::CancelReplay(grpc::CallbackServerContext* context,
                                                          const v1::CancelReplayRequest* request,
                                                          v1::CancelReplayResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response->mutable_replay(),
                     payfold::CancelReplay(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::ListDifferences(
    grpc::CallbackServerContext* context, const v1::ListDifferencesRequest* request,
    v1::ListDifferencesResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response, PageOfDifferences(workspace_, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::ListTrueUps(grpc::CallbackServerContext* context,
                                                         const v1::ListTrueUpsRequest* request,
                                                         v1::ListTrueUpsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response, PageOfTrueUps(workspace_, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::CompareReplays(
    grpc::CallbackServerContext* context, const v1::CompareReplaysRequest* request,
    v1::CompareReplaysResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(*response, PageOfComparison(workspace_, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::ApproveReplay(grpc::CallbackServerContext* context,
                                                           const v1::ApproveReplayRequest* request,
                                                           v1::ApproveReplayResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::ApproveReplay(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* ReplayServiceImpl::CommitReplay(grpc::CallbackServerContext* context,
                                                          const v1::CommitReplayRequest* request,
                                                          v1::CommitReplayResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::CommitReplay(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::RebuildResponse>* ReplayServiceImpl::RebuildProjection(
    grpc::CallbackServerContext* context, const v1::RebuildRequest* request) {
  return new StreamReactor<v1::RebuildResponse>(
      executor_, context,
      [this, request = *request](const Call&) { return StartRebuild(workspace_, request); });
}

}  // namespace payfold
