// payfold import crm: rows of a CRM export as events.

#ifndef TOOLS_IMPORT_FILE_H_
#define TOOLS_IMPORT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct ImportFileOptions {
  std::string file;
  std::string mapping;
  bool dry_run = false;
};

// Errors: one that counts the bad rows, after each of them was printed; the good
// ones are in the ledger then.
absl::Status ImportCrmFile(const GlobalOptions& global, const ImportFileOptions& options);

}  // namespace payfold

#endif  // TOOLS_IMPORT_FILE_H_
