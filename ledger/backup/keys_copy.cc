#include "ledger/backup/keys_copy.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/admission/files.h"
#include "ledger/base/aead.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

std::string CurrentIn(const std::string& directory) { return directory + "/keys"; }
std::string NewIn(const std::string& directory) { return directory + "/keys.new"; }
std::string OldIn(const std::string& directory) { return directory + "/keys.old"; }

bool IsThere(rocksdb::Env* env, const std::string& ring) {
  return env->FileExists(ring + "/CURRENT").ok();
}

absl::Status Rename(rocksdb::Env* env, const std::string& from, const std::string& to) {
  return FromFileStatus(env->RenameFile(from, to), absl::StrCat("renaming ", from));
}

absl::Status CheckDirectory(rocksdb::Env* env, const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(env, directory));
  for (const std::string& name : names) {
    if (name == "keys" || name == "keys.new" || name == "keys.old") continue;
    return absl::FailedPreconditionError(absl::StrCat(directory,
                                                      " is not empty and holds no keys (but ", name,
                                                      "): choose a new or an empty directory"));
  }
  return absl::OkStatus();
}

// A crash while the copy was replaced left the old one under another name.
absl::Status Recover(rocksdb::Env* env, const std::string& directory) {
  if (!IsThere(env, CurrentIn(directory)) && IsThere(env, OldIn(directory))) {
    RETURN_IF_ERROR(Rename(env, OldIn(directory), CurrentIn(directory)));
  }
  RETURN_IF_ERROR(RemoveDirectory(env, NewIn(directory)));
  return RemoveDirectory(env, OldIn(directory));
}

}  // namespace

absl::Status RemoveDirectory(rocksdb::Env* env, const std::string& directory) {
  if (!env->FileExists(directory).ok()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(env, directory));
  for (const std::string& name : names) {
    const std::string path = absl::StrCat(directory, "/", name);
    bool is_directory = false;
    env->IsDirectory(path, &is_directory).PermitUncheckedError();
    RETURN_IF_ERROR(is_directory ? RemoveDirectory(env, path)
                                 : FromFileStatus(env->DeleteFile(path), "removing " + path));
  }
  return FromFileStatus(env->DeleteDir(directory), "removing " + directory);
}

absl::Status CopyKeys(const Ledger& ledger, const std::string& directory) {
  rocksdb::Env* env = ledger.log().database()->GetEnv();
  RETURN_IF_ERROR(CheckDirectory(env, directory));
  RETURN_IF_ERROR(MakeDirectory(env, directory));
  RETURN_IF_ERROR(Recover(env, directory));
  const bool is_known = IsThere(env, CurrentIn(directory));
  if (is_known) {
    ASSIGN_OR_RETURN(const std::unique_ptr<KeyRing> known, OpenKeysCopy(env, directory));
    if (known->signing_seed() != ledger.keys().signing_seed()) {
      return absl::FailedPreconditionError(
          absl::StrCat(directory, " holds the keys of another ledger, ", known->origin(),
                       ": choose a directory for this one alone"));
    }
  }
  RETURN_IF_ERROR(ledger.keys().CopyTo(NewIn(directory)));
  if (is_known) RETURN_IF_ERROR(Rename(env, CurrentIn(directory), OldIn(directory)));
  RETURN_IF_ERROR(Rename(env, NewIn(directory), CurrentIn(directory)));
  std::unique_ptr<rocksdb::Directory> synced;
  rocksdb::Status status = env->NewDirectory(directory, &synced);
  if (status.ok()) status = synced->Fsync();
  RETURN_IF_ERROR(FromFileStatus(status, "syncing " + directory));
  return RemoveDirectory(env, OldIn(directory));
}

absl::StatusOr<std::unique_ptr<KeyRing>> OpenKeysCopy(rocksdb::Env* env,
                                                      const std::string& directory) {
  const std::string ring =
      IsThere(env, CurrentIn(directory)) ? CurrentIn(directory) : OldIn(directory);
  if (!IsThere(env, ring)) {
    return absl::NotFoundError(absl::StrCat("there is no copy of keys in ", directory,
                                            ": name the directory that `payfold backup create` "
                                            "was given with --keys"));
  }
  return KeyRing::Open(ring, env, RandomBytes);
}

}  // namespace payfold
