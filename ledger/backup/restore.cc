#include "ledger/backup/restore.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/files.h"
#include "ledger/admission/ledgers.h"
#include "ledger/admission/stored_event.h"
#include "ledger/admission/stream_name.h"
#include "ledger/backup/keys_copy.h"
#include "ledger/base/aead.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "ledger/log/fsck.h"
#include "rocksdb/utilities/backup_engine.h"

namespace payfold {
namespace {

absl::Status Damaged(const Backup& backup, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "backup ", backup.id, " is damaged and was not restored: ", what, "; restore another one"));
}

// One restore, step by step, in a directory beside the ledgers.
class Restore {
 public:
  explicit Restore(const RestoreRequest& request) : request_(request), env_(request.options.env) {}

  absl::StatusOr<Backup> Run() {
    ASSIGN_OR_RETURN(backup_, Choose());
    std::unique_ptr<KeyRing> keys;
    if (!request_.keys.empty()) {
      ASSIGN_OR_RETURN(keys, OpenKeysCopy(env_, request_.keys));
      RETURN_IF_ERROR(CheckKeys(*keys));
    }
    ASSIGN_OR_RETURN(const std::unique_ptr<Ledgers> ledgers,
                     Ledgers::Create(request_.data, request_.options));
    const std::string name(request_.ledger.empty() ? kMainLedger : request_.ledger);
    RETURN_IF_ERROR(CheckFree(*ledgers, name));
    staging_ = absl::StrCat(request_.data, "/restoring-", name);
    RETURN_IF_ERROR(RemoveDirectory(env_, staging_));
    absl::Status status = Stage(keys.get());
    if (status.ok()) {
      status = FromFileStatus(env_->RenameFile(staging_, ledgers->PathOf(name)),
                              absl::StrCat("putting the ledger in ", ledgers->PathOf(name)));
    }
    if (!status.ok()) {
      RemoveDirectory(env_, staging_).IgnoreError();
      return status;
    }
    return backup_;
  }

 private:
  absl::StatusOr<Backup> Choose() const {
    ASSIGN_OR_RETURN(const std::vector<Backup> backups, ListBackups(env_, request_.backups));
    if (request_.backup_id == 0) return backups.back();
    for (const Backup& backup : backups) {
      if (backup.id == request_.backup_id) return backup;
    }
    return absl::NotFoundError(absl::StrCat("there is no backup ", request_.backup_id, " in ",
                                            request_.backups,
                                            ": `payfold backup list` shows those there are"));
  }

  absl::Status CheckKeys(const KeyRing& keys) const {
    ASSIGN_OR_RETURN(const TreeHeadSigner signer,
                     TreeHeadSigner::Make(keys.origin(), keys.signing_seed()));
    if (signer.verifier_key() == backup_.verifier_key) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("the keys in ", request_.keys, " are those of ", signer.verifier_key(),
                     ", but the backup is of ", backup_.verifier_key, ": name its own keys"));
  }

  static absl::Status CheckFree(const Ledgers& ledgers, const std::string& name) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, ledgers.List());
    if (!IsId(name)) {
      return absl::InvalidArgumentError(absl::StrCat(Quote(name), " cannot name a ledger"));
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(
        "there is a ledger ", Quote(name), " already: restore under another name (--ledger)"));
  }

  LogDatabase::Options Log() const {
    return {.directory = Ledger::LogDirectory(staging_),
            .env = env_,
            .block_cache_bytes = LogOptions().block_cache_bytes};
  }

  absl::Status Stage(const KeyRing* keys) {
    RETURN_IF_ERROR(MakeDirectory(env_, staging_));
    RETURN_IF_ERROR(CopyFiles());
    RETURN_IF_ERROR(LogDatabase::Adopt(Log()));
    RETURN_IF_ERROR(Verify());
    if (keys == nullptr) return MakeNewKeys();
    RETURN_IF_ERROR(keys->CopyTo(Ledger::KeyDirectory(staging_)));
    return DestroyErasedKeys();
  }

  absl::Status CopyFiles() {
    rocksdb::BackupEngineReadOnly* opened = nullptr;
    const rocksdb::BackupEngineOptions options(request_.backups, env_);
    RETURN_IF_ERROR(FromFileStatus(rocksdb::BackupEngineReadOnly::Open(options, env_, &opened),
                                   request_.backups));
    const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
    rocksdb::Status status = engine->VerifyBackup(backup_.id, /*verify_with_checksum=*/true);
    if (status.ok()) {
      const std::string log = Ledger::LogDirectory(staging_);
      status = engine->RestoreDBFromBackup(rocksdb::RestoreOptions(), backup_.id, log, log);
    }
    if (status.IsCorruption() || status.IsNotFound()) return Damaged(backup_, status.ToString());
    return FromFileStatus(status, absl::StrCat("restoring from ", request_.backups));
  }

  absl::Status Verify() const {
    FsckOptions options;
    options.verifier_key = backup_.verifier_key;
    options.check_payload = CheckStoredEvent;
    options.progress = request_.progress;
    ASSIGN_OR_RETURN(const FsckReport report, AuditLogAt(Log(), options));
    if (const absl::Status status = report.verdict.status(); !status.ok()) {
      return Damaged(backup_, status.message());
    }
    if (report.events == backup_.position && report.root == backup_.root) return absl::OkStatus();
    return Damaged(backup_, absl::StrCat("it ends at position ", report.events, " with root ",
                                         ToHex(report.root), ", not as it was made, at ",
                                         backup_.position, " with ", ToHex(backup_.root)));
  }

  absl::Status MakeNewKeys() const {
    const std::string directory = Ledger::KeyDirectory(staging_);
    RETURN_IF_ERROR(MakeDirectory(env_, directory));
    const RandomSource random =
        request_.options.random ? request_.options.random : RandomSource(RandomBytes);
    ASSIGN_OR_RETURN(const std::unique_ptr<KeyRing> keys,
                     KeyRing::Create(directory, env_, random, backup_.origin()));
    ASSIGN_OR_RETURN(const TreeHeadSigner signer,
                     TreeHeadSigner::Make(keys->origin(), keys->signing_seed()));
    return LogDatabase::ChangeSigner(Log(), backup_.verifier_key, signer.verifier_key());
  }

  // A copy of keys that is older than an erasure in the log still has that key.
  absl::Status DestroyErasedKeys() const {
    ASSIGN_OR_RETURN(const std::unique_ptr<KeyRing> keys,
                     KeyRing::Open(Ledger::KeyDirectory(staging_), env_, RandomBytes));
    LogOptions options;
    options.directory = Ledger::LogDirectory(staging_);
    options.env = env_;
    options.origin = keys->origin();
    options.signing_seed = keys->signing_seed();
    ASSIGN_OR_RETURN(const std::unique_ptr<EventLog> log, EventLog::Open(options));
    std::map<std::string, uint64_t> erased;  // subject to the position of its erasure
    const auto erasures = log->Read({.kinds = KindBit(v1::Event::kParticipantErased)});
    while (erasures->Next()) {
      ASSIGN_OR_RETURN(const v1::Event event, DecodeEvent(erasures->event().bytes));
      erased[event.participant_erased().participant_id()] = event.position();
    }
    RETURN_IF_ERROR(erasures->status());
    for (const auto& [subject, position] : erased) {
      ASSIGN_OR_RETURN(const std::optional<std::string> key, keys->FindKey(subject));
      if (!key.has_value()) continue;
      ASSIGN_OR_RETURN(const bool was_used, Sealed(*log, subject, *key, position));
      // Else somebody who returned was given it.
      if (was_used) RETURN_IF_ERROR(keys->Destroy(subject));
    }
    return absl::OkStatus();
  }

  // Whether a key sealed anything of its subject up to a position.
  static absl::StatusOr<bool> Sealed(const EventLog& log, const std::string& subject,
                                     const std::string& key, uint64_t last) {
    const auto events = log.Read({.last = last});
    while (events->Next()) {
      ASSIGN_OR_RETURN(const v1::Event event, DecodeEvent(events->event().bytes));
      if (IsSealedWith(event, key) && KeySubject(event, event.stream()) == subject) return true;
    }
    RETURN_IF_ERROR(events->status());
    return false;
  }

  const RestoreRequest& request_;
  rocksdb::Env* const env_;
  Backup backup_;
  std::string staging_;
};

}  // namespace

absl::StatusOr<Backup> RestoreLedger(const RestoreRequest& request) {
  return Restore(request).Run();
}

}  // namespace payfold
