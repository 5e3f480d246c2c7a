// payfold close: makes a server let go of a ledger.

#ifndef TOOLS_CLOSE_LEDGER_H_
#define TOOLS_CLOSE_LEDGER_H_

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

absl::Status CloseLedgerOfServer(const GlobalOptions& global);

}  // namespace payfold

#endif  // TOOLS_CLOSE_LEDGER_H_
