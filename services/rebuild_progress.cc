#include "services/rebuild_progress.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"

namespace payfold {
namespace {

constexpr std::chrono::milliseconds kLookAtClient{100};
constexpr uint32_t kMaxWorkers = 64;

}  // namespace

RebuildProgress::RebuildProgress(std::shared_ptr<const OpenLedger> open, int workers)
    : open_(std::move(open)) {
  thread_ = std::thread([this, workers] {
    absl::StatusOr<RebuildOutcome> outcome = open_->payouts->Rebuild(
        workers, [this](uint64_t folded, uint64_t total) { return OnProgress(folded, total); });
    const std::lock_guard<std::mutex> lock(mutex_);
    outcome_ = std::move(outcome);
    changed_.notify_all();
  });
}

RebuildProgress::~RebuildProgress() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    cancelled_ = true;
  }
  thread_.join();
}

bool RebuildProgress::OnProgress(uint64_t folded, uint64_t total) {
  const std::lock_guard<std::mutex> lock(mutex_);
  folded_ = folded;
  total_ = total;
  news_ = true;
  changed_.notify_all();
  return !cancelled_;
}

absl::StatusOr<bool> RebuildProgress::Next(const Call& call, v1::RebuildResponse* response) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (over_) return false;
  while (!news_ && !outcome_.has_value()) {
    RETURN_IF_ERROR(call.CheckAlive());
    changed_.wait_for(lock, kLookAtClient);
  }
  news_ = false;
  if (outcome_.has_value()) {
    over_ = true;
    RETURN_IF_ERROR(outcome_->status());
    const RebuildOutcome& outcome = **outcome_;
    response->set_done(true);
    response->set_position(outcome.position);
    response->set_live_digest(outcome.live_digest);
    response->set_rebuilt_digest(outcome.rebuilt_digest);
    folded_ = total_ = outcome.position;
  }
  response->set_events_folded(folded_);
  response->set_events_total(total_);
  return true;
}

absl::StatusOr<std::unique_ptr<Producer<v1::RebuildResponse>>> StartRebuild(
    Workspace* workspace, const v1::RebuildRequest& request) {
  if (request.workers() > kMaxWorkers) {
    return FieldError("workers", kReasonFieldInvalid,
                      absl::StrCat(request.workers(), " is more than ", kMaxWorkers,
                                   "; 0 takes the number of processors"));
  }
  const uint32_t workers =
      request.workers() != 0 ? request.workers() : std::thread::hardware_concurrency();
  ASSIGN_OR_RETURN(std::shared_ptr<OpenLedger> open, workspace->Get(request.ledger()));
  return std::make_unique<RebuildProgress>(std::move(open),
                                           static_cast<int>(workers == 0 ? 1 : workers));
}

}  // namespace payfold
