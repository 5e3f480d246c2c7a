#include "ledger/backup/backups.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/admission/files.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "rocksdb/utilities/backup_engine.h"

namespace payfold {
namespace {

constexpr absl::string_view kForm = "payfold backup, form 1";

std::string StatedDirectory(const std::string& directory) { return directory + "/stated"; }
std::string StatedPath(const std::string& directory, uint32_t id) {
  return absl::StrCat(StatedDirectory(directory), "/", id);
}

absl::Status FromBackup(const rocksdb::Status& status, const std::string& directory) {
  return FromFileStatus(status, absl::StrCat("the backups in ", directory));
}

rocksdb::BackupEngineOptions EngineOptions(rocksdb::Env* env, const std::string& directory) {
  rocksdb::BackupEngineOptions options(directory, env);
  options.callback_trigger_interval_size = uint64_t{1} << 20;
  return options;
}

// A line for each thing that is stated.
std::string TextOf(const Backup& backup) {
  return absl::StrCat(kForm, "\nverifier_key ", backup.verifier_key, "\nposition ", backup.position,
                      "\nroot ", ToHex(backup.root), "\n");
}

absl::Status ReadStated(absl::string_view text, Backup* backup) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  std::string root;
  const auto value = [](absl::string_view line, absl::string_view name) {
    return absl::StartsWith(line, name) ? line.substr(name.size()) : absl::string_view();
  };
  if (lines.size() == 5 && lines[0] == kForm &&
      absl::SimpleAtoi(value(lines[2], "position "), &backup->position)) {
    backup->verifier_key = std::string(value(lines[1], "verifier_key "));
    root = FromHex(value(lines[3], "root ")).value_or("");
  }
  if (root.size() != backup->root.size() || backup->verifier_key.empty()) {
    return absl::DataLossError(absl::StrCat("what backup ", backup->id,
                                            " holds is not stated in a form that this release "
                                            "knows: restore another, or with a newer release"));
  }
  std::copy(root.begin(), root.end(), backup->root.begin());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> StatedIds(rocksdb::Env* env, const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names,
                   ListDirectory(env, StatedDirectory(directory)));
  std::vector<uint32_t> ids;
  for (const std::string& name : names) {
    uint32_t id = 0;
    if (absl::SimpleAtoi(name, &id)) ids.push_back(id);  // Else half of one.
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::Status WriteStated(rocksdb::Env* env, const std::string& directory, const Backup& backup) {
  const std::string path = StatedPath(directory, backup.id);
  const std::string half = path + ".new";
  rocksdb::Status status =
      rocksdb::WriteStringToFile(env, TextOf(backup), half, /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(half, path);
  std::unique_ptr<rocksdb::Directory> stated;
  if (status.ok()) status = env->NewDirectory(StatedDirectory(directory), &stated);
  if (status.ok()) status = stated->Fsync();
  return FromBackup(status, directory);
}

// Nothing, or the backups of that ledger.
absl::Status CheckDirectory(rocksdb::Env* env, const std::string& directory,
                            const std::string& verifier_key) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(env, directory));
  const bool is_known = std::find(names.begin(), names.end(), "stated") != names.end();
  if (!is_known && !names.empty() && names != std::vector<std::string>{"LOCK"}) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " is not empty and holds no backups (but ", names[0],
                     "): choose a new or an empty directory"));
  }
  ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, StatedIds(env, directory));
  if (ids.empty()) return absl::OkStatus();
  Backup last;
  last.id = ids.back();
  std::string text;
  RETURN_IF_ERROR(
      FromBackup(rocksdb::ReadFileToString(env, StatedPath(directory, last.id), &text), directory));
  RETURN_IF_ERROR(ReadStated(text, &last));
  if (last.verifier_key == verifier_key) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(directory, " holds backups of another ledger, which signs as ",
                   last.verifier_key, ": choose a directory for this one alone"));
}

// What was cut off before it was stated.
absl::Status RemoveHalves(rocksdb::BackupEngine* engine, const std::vector<uint32_t>& stated,
                          const std::string& directory) {
  std::vector<rocksdb::BackupInfo> infos;
  engine->GetBackupInfo(&infos);
  for (const rocksdb::BackupInfo& info : infos) {
    if (std::binary_search(stated.begin(), stated.end(), info.backup_id)) continue;
    RETURN_IF_ERROR(FromBackup(engine->DeleteBackup(info.backup_id), directory));
  }
  return FromBackup(engine->GarbageCollect(), directory);
}

absl::Status Copy(rocksdb::BackupEngine* engine, rocksdb::DB* db, const std::string& directory,
                  const std::function<absl::Status()>& go_on, uint32_t* id) {
  absl::Status stopped;
  rocksdb::CreateBackupOptions options;
  // Tables are shared with later backups, the write-ahead log is not.
  options.flush_before_backup = true;
  options.progress_callback = [&] {
    if (!stopped.ok()) return;
    stopped = go_on();
    if (!stopped.ok()) engine->StopBackup();
  };
  const rocksdb::Status copied = engine->CreateNewBackup(options, db, id);
  RETURN_IF_ERROR(stopped);
  return FromBackup(copied, directory);
}

}  // namespace

absl::StatusOr<Backup> CreateBackup(const Ledger& ledger, const std::string& directory,
                                    const std::function<absl::Status()>& go_on) {
  const EventLog& log = ledger.log();
  rocksdb::Env* env = log.database()->GetEnv();
  if (Overlap(directory, ledger.directory())) {
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " and the ledger's directory ", ledger.directory(),
                     " lie in one another: choose another directory, on another disk"));
  }
  RETURN_IF_ERROR(CheckDirectory(env, directory, log.verifier_key()));
  RETURN_IF_ERROR(MakeDirectory(env, directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileLock> lock,
                   FileLock::Take(env, directory + "/LOCK",
                                  absl::StrCat("the directory of backups ", directory)));
  RETURN_IF_ERROR(MakeDirectory(env, StatedDirectory(directory)));
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(FromBackup(
      rocksdb::BackupEngine::Open(EngineOptions(env, directory), env, &opened), directory));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  ASSIGN_OR_RETURN(const std::vector<uint32_t> stated, StatedIds(env, directory));
  RETURN_IF_ERROR(RemoveHalves(engine.get(), stated, directory));
  RETURN_IF_ERROR(go_on());
  Backup backup;
  RETURN_IF_ERROR(Copy(engine.get(), log.database(), directory, go_on, &backup.id));
  rocksdb::BackupInfo info;
  RETURN_IF_ERROR(FromBackup(engine->GetBackupInfo(backup.id, &info, /*include_file_details=*/true),
                             directory));
  // Appends went on meanwhile: only the copy says where it ends.
  ASSIGN_OR_RETURN(const LogDatabase::Identity identity,
                   LogDatabase::ReadIdentity(info.env_for_open.get(), info.name_for_open));
  backup.position = identity.head.position();
  backup.root = identity.head.tree.Root();
  backup.verifier_key = identity.verifier_key;
  backup.created_at = info.timestamp;
  backup.bytes = info.size;
  RETURN_IF_ERROR(WriteStated(env, directory, backup));
  return backup;
}

absl::StatusOr<std::vector<Backup>> ListBackups(rocksdb::Env* env, const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, StatedIds(env, directory));
  if (ids.empty()) {
    return absl::NotFoundError(absl::StrCat("there are no backups in ", directory));
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(FromBackup(
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(env, directory), env, &opened), directory));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  std::vector<Backup> backups;
  for (const uint32_t id : ids) {
    Backup& backup = backups.emplace_back();
    backup.id = id;
    std::string text;
    RETURN_IF_ERROR(
        FromBackup(rocksdb::ReadFileToString(env, StatedPath(directory, id), &text), directory));
    RETURN_IF_ERROR(ReadStated(text, &backup));
    rocksdb::BackupInfo info;
    backup.is_whole = engine->GetBackupInfo(id, &info).ok() && engine->VerifyBackup(id).ok();
    backup.created_at = info.timestamp;
    backup.bytes = info.size;
  }
  return backups;
}

bool Overlap(const std::string& a, const std::string& b) {
  const auto path = [](const std::string& directory) {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(directory, error);
    auto canonical = std::filesystem::weakly_canonical(absolute, error);
    if (canonical.empty()) canonical = absolute.lexically_normal();
    return canonical.has_filename() ? canonical : canonical.parent_path();
  };
  const auto is_within = [](const std::filesystem::path& inner,
                            const std::filesystem::path& outer) {
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first ==
           outer.end();
  };
  return is_within(path(a), path(b)) || is_within(path(b), path(a));
}

}  // namespace payfold
