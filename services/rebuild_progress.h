// A rebuild of a projection as a stream: progress, then the outcome.

#ifndef SERVICES_REBUILD_PROGRESS_H_
#define SERVICES_REBUILD_PROGRESS_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "projections/runtime/payout_projection.h"
#include "services/call.h"
#include "services/workspace.h"

namespace payfold {

// Begins the rebuild in a thread of its own; a client that goes away cancels it.
class RebuildProgress final : public Producer<v1::RebuildResponse> {
 public:
  RebuildProgress(std::shared_ptr<const OpenLedger> open, int workers);
  // Waits for the thread, which it cancels.
  ~RebuildProgress() override;

  absl::StatusOr<bool> Next(const Call& call, v1::RebuildResponse* response) override;

 private:
  bool OnProgress(uint64_t folded, uint64_t total);

  const std::shared_ptr<const OpenLedger> open_;
  std::mutex mutex_;  // Guards all below but the thread.
  std::condition_variable changed_;
  uint64_t folded_ = 0;
  uint64_t total_ = 0;
  bool news_ = false;
  bool cancelled_ = false;
  bool over_ = false;  // The outcome was given.
  std::optional<absl::StatusOr<RebuildOutcome>> outcome_;
  std::thread thread_;
};

// Errors: kInvalidArgument for too many workers; those of Workspace::Get().
absl::StatusOr<std::unique_ptr<Producer<v1::RebuildResponse>>> StartRebuild(
    Workspace* workspace, const v1::RebuildRequest& request);

}  // namespace payfold

#endif  // SERVICES_REBUILD_PROGRESS_H_
