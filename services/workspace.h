// The ledgers of a data directory, each with its projection, as services see
// them.
//
// Thread-safe. Nothing is touched before the first use. A ledger is opened at its
// first use and stays open until Close(), and then as long as somebody holds it;
// the workspace must outlive whoever does.

#ifndef SERVICES_WORKSPACE_H_
#define SERVICES_WORKSPACE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/ledger.h"
#include "ledger/admission/ledgers.h"
#include "ledger/log/fsck.h"
#include "projections/daily_totals/daily_totals.h"
#include "projections/runtime/payout_projection.h"
#include "projections/runtime/projection_list.h"
#include "services/event_feed.h"
#include "services/long_streams.h"

namespace payfold {

class ReplayRunner;

// Subscriptions and append streams that one ledger has at most.
inline constexpr size_t kMaxLongStreams = 20'000;

// A ledger, its projections, and who follows it. Closes the ledger when it goes.
struct OpenLedger {
  OpenLedger(Ledgers* ledgers_in, std::string name_in, Ledger* ledger_in,
             std::unique_ptr<PayoutProjection> payouts_in,
             std::unique_ptr<DailyTotals> daily_totals_in, Clock* clock);
  ~OpenLedger();

  Ledgers* const ledgers;
  const std::string name;
  Ledger* const ledger;
  std::unique_ptr<PayoutProjection> payouts;
  std::unique_ptr<DailyTotals> daily_totals;
  std::unique_ptr<ReplayRunner> replays;
  const ProjectionList projections;  // All of them.
  EventFeed feed;
  LongStreams streams{kMaxLongStreams};
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
  // Errors: also kUnavailable while it is being closed.
  absl::StatusOr<std::shared_ptr<OpenLedger>> Get(absl::string_view name);

  // The same if the ledger is open; null if it is not.
  std::shared_ptr<OpenLedger> GetIfOpen(absl::string_view name);

  // Checks the log of a ledger that is not open; it cannot be opened meanwhile.
  // Errors: those of Ledgers::Audit(); kUnavailable while it is being closed.
  absl::StatusOr<FsckReport> Audit(absl::string_view name, const FsckOptions& options);

  // Ends the ledger's long streams and lets go of it: it is closed when the last
  // one who holds it has let go too. Waits for that as long as `go_on` is OK.
  // Gives whether it was open. Errors: kNotFound; those of `go_on`.
  absl::StatusOr<bool> Close(absl::string_view name, const std::function<absl::Status()>& go_on);

  // Those that are open now.
  std::vector<std::shared_ptr<OpenLedger>> ListOpen();

  Clock& clock() const { return *options_.ledger.clock; }

 private:
  absl::StatusOr<Ledgers*> Directory();  // Holding mutex_.
  void Release(OpenLedger* open);        // Nobody holds it any more.

  Options options_;
  std::mutex mutex_;  // Guards all below.
  std::unique_ptr<Ledgers> ledgers_;
  std::map<std::string, std::shared_ptr<OpenLedger>> open_;
  std::set<std::string> closing_;  // Those that somebody still holds.
  std::condition_variable closed_;
};

}  // namespace payfold

#endif  // SERVICES_WORKSPACE_H_
