#include "ledger/admission/files.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "rocksdb/env.h"

namespace payfold {
namespace {

std::string ParentOf(const std::string& path) {
  const size_t end = path.find_last_not_of('/');
  const size_t slash = end == std::string::npos ? end : path.rfind('/', end);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

absl::Status FromFileStatus(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(what, ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(text);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(text);
  return absl::UnavailableError(text);
}

absl::Status MakeDirectory(rocksdb::Env* env, const std::string& path) {
  if (env->FileExists(path).ok()) return absl::OkStatus();
  RETURN_IF_ERROR(
      FromFileStatus(env->CreateDirIfMissing(path), absl::StrCat("making directory ", path)));
  const std::string parent = ParentOf(path);
  std::unique_ptr<rocksdb::Directory> directory;
  RETURN_IF_ERROR(
      FromFileStatus(env->NewDirectory(parent, &directory), absl::StrCat("opening ", parent)));
  return FromFileStatus(directory->Fsync(), absl::StrCat("syncing ", parent));
}

absl::StatusOr<std::vector<std::string>> ListDirectory(rocksdb::Env* env, const std::string& path) {
  std::vector<std::string> names;
  const rocksdb::Status status = env->GetChildren(path, &names);
  if (status.IsNotFound()) return std::vector<std::string>();
  RETURN_IF_ERROR(FromFileStatus(status, absl::StrCat("reading directory ", path)));
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return name == "." || name == ".."; }),
              names.end());
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<std::unique_ptr<FileLock>> FileLock::Take(rocksdb::Env* env, const std::string& path,
                                                         const std::string& what) {
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status = env->LockFile(path, &lock);
  if (!status.ok()) {
    return absl::UnavailableError(absl::StrCat(
        what, " is in use by another process or another part of this one: stop that first"));
  }
  return std::unique_ptr<FileLock>(new FileLock(env, lock));
}

FileLock::~FileLock() { env_->UnlockFile(lock_).PermitUncheckedError(); }

}  // namespace payfold
