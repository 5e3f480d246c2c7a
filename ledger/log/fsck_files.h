// The first check of fsck.h: the files of the database. Internal to ledger/log.

#ifndef LEDGER_LOG_FSCK_FILES_H_
#define LEDGER_LOG_FSCK_FILES_H_

#include "absl/status/status.h"
#include "ledger/log/database.h"
#include "ledger/log/fsck.h"
#include "ledger/log/verdict.h"

namespace payfold {

// Whether every table of the database, those derived from the log included, has
// the checksum that was taken when it was written; and the write-ahead log, as far
// as Inspect() knows. Errors: kCancelled.
absl::Status CheckFiles(const LogDatabase& database, const FsckOptions& options, Verdict* verdict);

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_FILES_H_
