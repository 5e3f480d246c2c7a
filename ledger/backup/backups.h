// Backups of a ledger's log: taken while appends go on, each a copy of what the log was
// at one position. Tables that an earlier backup copied are shared with it.
//
// A directory holds the backups of one ledger, without its keys:
//   DIR/meta, private, shared_checksum   RocksDB's backup engine
//   DIR/stated/NUMBER                    what the backup holds; written last, synced:
//                                        without it there is no backup
//   DIR/LOCK                             held while one is made

#ifndef LEDGER_BACKUP_BACKUPS_H_
#define LEDGER_BACKUP_BACKUPS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/sha256.h"
#include "rocksdb/env.h"

namespace payfold {

struct Backup {
  uint32_t id = 0;           // 1, 2, 3, …
  uint64_t position = 0;     // The last one in it.
  Sha256Digest root = {};    // Of the tree of so many events.
  std::string verifier_key;  // That the ledger signs with.
  int64_t created_at = 0;    // Seconds since the Unix epoch.
  uint64_t bytes = 0;        // Of all its files, shared ones included.
  bool is_whole = true;      // False: files of it are missing or of another size.

  // Of the ledger's tree heads.
  std::string origin() const { return verifier_key.substr(0, verifier_key.find('+')); }
};

// Makes one; `go_on` is asked between pieces of files, and its error stops it. What a
// backup that was cut off left behind is removed first.
// Errors: kFailedPrecondition if the directory holds something else, backups of another
// ledger, or lies within the ledger's; kUnavailable if another one is being made there,
// or a disk fails; kResourceExhausted if it is full.
absl::StatusOr<Backup> CreateBackup(const Ledger& ledger, const std::string& directory,
                                    const std::function<absl::Status()>& go_on);

// Those there are, oldest first.
// Errors: kNotFound if the directory holds no backups; kDataLoss if what one of them
// holds cannot be read.
absl::StatusOr<std::vector<Backup>> ListBackups(rocksdb::Env* env, const std::string& directory);

// Whether one directory is the other or lies in it, links followed.
bool Overlap(const std::string& a, const std::string& b);

}  // namespace payfold

#endif  // LEDGER_BACKUP_BACKUPS_H_
