// payfold backup create, list and restore.

#ifndef TOOLS_BACKUPS_H_
#define TOOLS_BACKUPS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct BackupOptions {
  std::string directory;  // of the backups; relative to the working directory
  // create: where the keys are copied to; restore: where they are. Empty: not at all.
  std::string keys;
  bool without_keys = false;  // restore: the keys are lost
  uint32_t backup = 0;        // restore: its number; 0 is the last
};

absl::Status CreateBackupOfLedger(const GlobalOptions& global, const BackupOptions& options);
absl::Status ListBackupsTable(const GlobalOptions& global, const BackupOptions& options);
// In this process alone.
absl::Status RestoreBackup(const GlobalOptions& global, const BackupOptions& options);

}  // namespace payfold

#endif  // TOOLS_BACKUPS_H_
