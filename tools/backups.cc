#include "tools/backups.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "ledger/backup/restore.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/report.h"
#include "tools/session.h"
#include "tools/table.h"

namespace payfold {
namespace {

// As a server wants it, which knows nothing of where this process works.
std::string Absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

std::string TimeText(int64_t seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
}

std::string TextOf(uint32_t id, uint64_t position, absl::string_view root) {
  return absl::StrCat("backup ", id, " holds everything up to position ", position, "\n  root ",
                      ToHex(root), "\n");
}

}  // namespace

absl::Status CreateBackupOfLedger(const GlobalOptions& global, const BackupOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CreateBackupRequest request;
  request.set_ledger(global.ledger);
  request.set_directory(Absolute(options.directory));
  request.set_keys_directory(Absolute(options.keys));
  ASSIGN_OR_RETURN(const v1::CreateBackupResponse response,
                   session->Call(session->admin(), &v1::AdminService::Stub::CreateBackup, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
    return absl::OkStatus();
  }
  const v1::Backup& backup = response.backup();
  Print(absl::StrCat(TextOf(backup.backup_id(), backup.position(), backup.root()),
                     options.keys.empty() ? "the keys are not in it: copy them as well (--keys)\n"
                                          : "the keys were copied apart from it\n"));
  return absl::OkStatus();
}

absl::Status ListBackupsTable(const GlobalOptions& global, const BackupOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListBackupsRequest request;
  request.set_directory(Absolute(options.directory));
  ASSIGN_OR_RETURN(const v1::ListBackupsResponse response,
                   session->Call(session->admin(), &v1::AdminService::Stub::ListBackups, request));
  Table table({{"backup", Align::kRight},
               {"made at (UTC)"},
               {"position", Align::kRight},
               {"root"},
               {"bytes", Align::kRight},
               {"state"}});
  for (const v1::Backup& backup : response.backups()) {
    table.Add({absl::StrCat(backup.backup_id()), TimeText(backup.created_at().seconds()),
               absl::StrCat(backup.position()), ToHex(backup.root()),
               absl::StrCat(backup.size_bytes()), backup.damaged() ? "damaged" : "whole"});
  }
  PrintRows(global.format, response, table, "there are no backups", "");
  return absl::OkStatus();
}

absl::Status RestoreBackup(const GlobalOptions& global, const BackupOptions& options) {
  if (options.keys.empty() != options.without_keys) {
    return UsageError(
        "name the copy of the keys (--keys DIR), or, if they are lost, restore without them "
        "(--without-keys): amounts are right then, but nothing personal is readable");
  }
  RestoreRequest request;
  request.backups = options.directory;
  request.backup_id = options.backup;
  request.keys = options.keys;
  request.data = global.data;
  request.ledger = global.ledger;
  std::optional<ProgressBar> bar;
  std::string checking;
  request.progress = [&](absl::string_view check, uint64_t done, uint64_t all) {
    if (!bar.has_value() || checking != check) {
      checking = std::string(check);
      bar.emplace(absl::StrCat("checking ", checking));
    }
    bar->Update(done, all);
    return true;
  };
  absl::StatusOr<Backup> restored = RestoreLedger(request);
  bar.reset();
  RETURN_IF_ERROR(restored.status());
  Print(absl::StrCat(TextOf(restored->id, restored->position, AsBytes(restored->root)),
                     "it was checked, and is the ledger ", global.ledger, " in ", global.data, "\n",
                     options.without_keys ? "it has new keys: give auditors the new verifier key "
                                            "(payfold tree-head)\n"
                                          : ""));
  return absl::OkStatus();
}

}  // namespace payfold
