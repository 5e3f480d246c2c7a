// Directories of a ledger: what must hold before and after a crash.
// Internal to ledger.

#ifndef LEDGER_ADMISSION_FILES_H_
#define LEDGER_ADMISSION_FILES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace payfold {

// A RocksDB status in our codes, `what` before its text.
absl::Status FromFileStatus(const rocksdb::Status& status, const std::string& what);

// Makes the directory, unless it exists, and syncs its entry in the one above.
absl::Status MakeDirectory(rocksdb::Env* env, const std::string& path);

// The names in a directory, sorted; nothing if it does not exist.
absl::StatusOr<std::vector<std::string>> ListDirectory(rocksdb::Env* env, const std::string& path);

// An exclusive lock on a file, held as long as the object lives. The file stays.
class FileLock {
 public:
  // Errors: kUnavailable if this or another process holds it; `what` is locked.
  static absl::StatusOr<std::unique_ptr<FileLock>> Take(rocksdb::Env* env, const std::string& path,
                                                        const std::string& what);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  FileLock(rocksdb::Env* env, rocksdb::FileLock* lock) : env_(env), lock_(lock) {}
  rocksdb::Env* env_;
  rocksdb::FileLock* lock_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_FILES_H_
