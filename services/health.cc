#include "services/health.h"

#include <chrono>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace payfold {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

constexpr char kPayoutService[] = "payfold.v1.PayoutService";
constexpr const char* kOthers[] = {"payfold.v1.LedgerService", "payfold.v1.ProofService",
                                   "payfold.v1.PlanService", "payfold.v1.PeriodService",
                                   "payfold.v1.AdminService"};

}  // namespace

Health::Health(Workspace* workspace, grpc::HealthCheckServiceInterface* service)
    : workspace_(workspace), service_(service) {
  service_->SetServingStatus("", false);
  service_->SetServingStatus(kPayoutService, false);
  for (const char* name : kOthers) service_->SetServingStatus(name, true);
  thread_ = std::thread([this] { Watch(); });
}

Health::~Health() { Stop(); }

void Health::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  service_->Shutdown();
}

void Health::Watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const bool all = LookAtLedgers();
    service_->SetServingStatus(kPayoutService, all);
    service_->SetServingStatus("", all);
    lock.lock();
    changed_.wait_for(lock, kInterval);
  }
}

bool Health::LookAtLedgers() {
  std::set<std::string> caught_up;
  bool all = true;
  for (const std::shared_ptr<OpenLedger>& open : workspace_->ListOpen()) {
    const absl::Status folded = open->payouts->WaitFor(open->ledger->log().head(), absl::Now());
    const bool lags = absl::IsDeadlineExceeded(folded) && caught_up_.count(open->name) != 0;
    if (folded.ok() || lags) {
      caught_up.insert(open->name);
    } else {
      all = false;
    }
    service_->SetServingStatus(absl::StrCat("ledgers/", open->name), folded.ok() || lags);
  }
  for (const std::string& before : caught_up_) {
    if (caught_up.count(before) == 0) {
      service_->SetServingStatus(absl::StrCat("ledgers/", before), false);
    }
  }
  caught_up_ = std::move(caught_up);
  return all;
}

}  // namespace payfold
