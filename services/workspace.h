// The ledgers of a data directory, each with its projection, as services see
// them.
//
// Thread-safe. Nothing is touched before the first use. Ledgers are opened at
// first use and stay open as long as the workspace, which must outlive whoever
// has a pointer from it.

#ifndef SERVICES_WORKSPACE_H_
#define SERVICES_WORKSPACE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "ledger/admission/ledgers.h"
#include "projections/runtime/payout_projection.h"

namespace payfold {

// A ledger and its fold.
struct OpenLedger {
  Ledger* ledger = nullptr;
  std::unique_ptr<PayoutProjection> payouts;
};

class Workspace {
 public:
  struct Options {
    // May be empty for what needs no ledger (checking a plan).
    std::string directory;
    // Make the data directory if it is not there yet.
    bool create = false;
    LedgerOptions ledger;
  };

  explicit Workspace(Options options);
  ~Workspace();

  // Errors: those of Ledgers::Open() (Create()), with a reason.
  absl::StatusOr<std::vector<std::string>> List();
  // Makes a ledger; gives the position of its configuration.
  absl::StatusOr<uint64_t> CreateLedger(absl::string_view name, const v1::Event& configured,
                                        const AppendOptions& append);
  // The ledger of that name; empty is "main".
  absl::StatusOr<const OpenLedger*> Get(absl::string_view name);

  Clock& clock() const { return *options_.ledger.clock; }

 private:
  absl::StatusOr<Ledgers*> Directory();  // Holding mutex_.

  Options options_;
  std::mutex mutex_;  // Guards all below.
  std::unique_ptr<Ledgers> ledgers_;
  std::map<std::string, OpenLedger> open_;  // Pointers to its values stay good.
};

}  // namespace payfold

#endif  // SERVICES_WORKSPACE_H_
