// AdminService (proto/payfold/v1/admin_service.proto).

#ifndef SERVICES_ADMIN_SERVICE_H_
#define SERVICES_ADMIN_SERVICE_H_

#include "payfold/v1/admin_service.grpc.pb.h"
#include "services/call.h"
#include "services/executor.h"
#include "services/workspace.h"

namespace payfold {

class AdminServiceImpl final : public v1::AdminService::CallbackService {
 public:
  AdminServiceImpl(Workspace* workspace, Executor* executor)
      : workspace_(workspace), executor_(executor) {}

  grpc::ServerUnaryReactor* EraseParticipant(grpc::CallbackServerContext* context,
                                             const v1::EraseParticipantRequest* request,
                                             v1::EraseParticipantResponse* response) override;
  grpc::ServerUnaryReactor* CreateBackup(grpc::CallbackServerContext* context,
                                         const v1::CreateBackupRequest* request,
                                         v1::CreateBackupResponse* response) override;
  grpc::ServerUnaryReactor* ListBackups(grpc::CallbackServerContext* context,
                                        const v1::ListBackupsRequest* request,
                                        v1::ListBackupsResponse* response) override;

 private:
  absl::Status DoCreateBackup(const v1::CreateBackupRequest& request, const Call& call,
                              v1::Backup* response);

  Workspace* workspace_;
  Executor* executor_;
};

}  // namespace payfold

#endif  // SERVICES_ADMIN_SERVICE_H_
