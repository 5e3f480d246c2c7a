// A copy of a ledger's keys, kept apart from the backups of its log: who has both can
// read what is personal. There is one, which the next replaces, so that a key that was
// destroyed for an erasure does not live on in an older copy.
//
//   DIR/keys   a key ring

#ifndef LEDGER_BACKUP_KEYS_COPY_H_
#define LEDGER_BACKUP_KEYS_COPY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/ledger.h"
#include "rocksdb/env.h"

namespace payfold {

// Copies the keys, after the backup of a log that needs them.
// Errors: kFailedPrecondition if the directory holds something else or the keys of
// another ledger; kUnavailable if a disk fails.
absl::Status CopyKeys(const Ledger& ledger, const std::string& directory);

// The copy. Errors: kNotFound if there is none; those of KeyRing::Open().
absl::StatusOr<std::unique_ptr<KeyRing>> OpenKeysCopy(rocksdb::Env* env,
                                                      const std::string& directory);

// Removes a directory and all that is in it; nothing if it is not there.
absl::Status RemoveDirectory(rocksdb::Env* env, const std::string& directory);

}  // namespace payfold

#endif  // LEDGER_BACKUP_KEYS_COPY_H_
