#include "services/admin_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/backup/backups.h"
#include "ledger/backup/keys_copy.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "services/erasure.h"
#include "services/errors.h"

namespace payfold {
namespace {

// A server's own working directory is nothing that a client knows.
absl::Status CheckDirectory(absl::string_view field, const std::string& directory) {
  if (directory.empty()) {
    return FieldError(field, kReasonFieldMissing, "name a directory on the server");
  }
  if (absl::StartsWith(directory, "/")) return absl::OkStatus();
  return FieldError(field, kReasonFieldInvalid,
                    absl::StrCat(Quote(directory), " is no absolute path: begin it with /"));
}

absl::Status Refused(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) ? WithReason(status, kReasonDirectoryRefused) : status;
}

v1::Backup MessageOf(const Backup& backup) {
  v1::Backup message;
  message.set_backup_id(backup.id);
  message.set_position(backup.position);
  message.set_root(std::string(AsBytes(backup.root)));
  message.mutable_created_at()->set_seconds(backup.created_at);
  message.set_size_bytes(backup.bytes);
  message.set_origin(backup.origin());
  message.set_damaged(!backup.is_whole);
  return message;
}

}  // namespace

grpc::ServerUnaryReactor* AdminServiceImpl::EraseParticipant(
    grpc::CallbackServerContext* context, const v1::EraseParticipantRequest* request,
    v1::EraseParticipantResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(*response, payfold::EraseParticipant(workspace_, *request, call));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* AdminServiceImpl::CreateBackup(grpc::CallbackServerContext* context,
                                                         const v1::CreateBackupRequest* request,
                                                         v1::CreateBackupResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    return DoCreateBackup(*request, call, response->mutable_backup());
  });
}

absl::Status AdminServiceImpl::DoCreateBackup(const v1::CreateBackupRequest& request,
                                              const Call& call, v1::Backup* response) {
  RETURN_IF_ERROR(CheckDirectory("directory", request.directory()));
  const std::string& keys = request.keys_directory();
  if (!keys.empty()) RETURN_IF_ERROR(CheckDirectory("keys_directory", keys));
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request.ledger()));
  if (!keys.empty() &&
      (Overlap(keys, request.directory()) || Overlap(keys, open->ledger->directory()))) {
    return FieldError("keys_directory", kReasonFieldInvalid,
                      absl::StrCat(Quote(keys),
                                   " and the backups' or the ledger's directory lie in "
                                   "one another: keep keys apart, on another disk"));
  }
  const absl::StatusOr<Backup> backup = payfold::CreateBackup(
      *open->ledger, request.directory(), [&call] { return call.CheckAlive(); });
  RETURN_IF_ERROR(Refused(backup.status()));
  // Afterwards: every key that the log needs is there by now.
  if (!keys.empty()) RETURN_IF_ERROR(Refused(CopyKeys(*open->ledger, keys)));
  *response = MessageOf(*backup);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AdminServiceImpl::ListBackups(grpc::CallbackServerContext* context,
                                                        const v1::ListBackupsRequest* request,
                                                        v1::ListBackupsResponse* response) {
  return RunUnary(executor_, context, [=](const Call&) -> absl::Status {
    RETURN_IF_ERROR(CheckDirectory("directory", request->directory()));
    ASSIGN_OR_RETURN(const std::vector<Backup> backups,
                     payfold::ListBackups(rocksdb::Env::Default(), request->directory()));
    for (const Backup& backup : backups) *response->add_backups() = MessageOf(backup);
    return absl::OkStatus();
  });
}

}  // namespace payfold
