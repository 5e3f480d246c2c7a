// From a backup to a ledger that serves: nothing is put in place before every byte of it
// was checked as `payfold verify` checks a log.

#ifndef LEDGER_BACKUP_RESTORE_H_
#define LEDGER_BACKUP_RESTORE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "ledger/backup/backups.h"

namespace payfold {

struct RestoreRequest {
  std::string backups;     // The directory of CreateBackup().
  uint32_t backup_id = 0;  // 0: the last one.
  // The directory of CopyKeys(). Empty: the keys are lost; the ledger gets new ones.
  // Amounts are right, nothing personal is readable, kept tree heads are gone (copies
  // that others have still verify, with the old key), and an event that is sent again is
  // refused as EVENT_ID_TAKEN, as its content cannot be compared.
  std::string keys;
  // The data directory, made if it is not there, and the ledger's name in it.
  std::string data;
  std::string ledger;
  LedgerOptions options;
  // As FsckOptions has it; may be null.
  std::function<bool(absl::string_view check, uint64_t done, uint64_t all)> progress;
};

// Restores it; the backup that it was. Keys of participants that the log says were erased
// are destroyed, though an older copy of the keys has them.
// Errors: kAlreadyExists if there is a ledger of that name; kNotFound if there is no such
// backup or copy of keys; kFailedPrecondition for keys of another ledger; kDataLoss if the
// backup is damaged, or is not what it says it is: then nothing is put in place;
// kCancelled.
absl::StatusOr<Backup> RestoreLedger(const RestoreRequest& request);

}  // namespace payfold

#endif  // LEDGER_BACKUP_RESTORE_H_
