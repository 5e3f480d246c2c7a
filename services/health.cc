#include "services/health.h"

#include <chrono>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace payfold {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

constexpr const char* kAlways[] = {"payfold.v1.LedgerService", "payfold.v1.ProofService",
                                   "payfold.v1.PlanService", "payfold.v1.AdminService"};

// Services, and the projection that they answer from.
constexpr struct {
  const char* service;
  const char* projection;
} kAnswers[] = {{"payfold.v1.PayoutService", "payouts"},
                {"payfold.v1.PeriodService", "payouts"},
                {"payfold.v1.ReplayService", "payouts"},
                {"payfold.v1.InsightService", "daily-totals"}};

}  // namespace

Health::Health(Workspace* workspace, grpc::HealthCheckServiceInterface* service)
    : workspace_(workspace), service_(service) {
  service_->SetServingStatus("", false);
  for (const auto& answers : kAnswers) service_->SetServingStatus(answers.service, false);
  for (const char* name : kAlways) service_->SetServingStatus(name, true);
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
    const std::set<std::string> lacking = LookAtLedgers();
    for (const auto& answers : kAnswers) {
      service_->SetServingStatus(answers.service, lacking.count(answers.projection) == 0);
    }
    service_->SetServingStatus("", lacking.empty());
    lock.lock();
    changed_.wait_for(lock, kInterval);
  }
}

std::set<std::string> Health::LookAtLedgers() {
  std::set<std::pair<std::string, std::string>> caught_up;
  std::set<std::string> seen;
  std::set<std::string> lacking;
  for (const std::shared_ptr<OpenLedger>& open : workspace_->ListOpen()) {
    bool whole = true;
    for (ProjectionWorker* worker : open->projections.all()) {
      const std::string projection(worker->name());
      const absl::Status folded = worker->WaitFor(open->ledger->log().head(), absl::Now());
      const bool lags =
          absl::IsDeadlineExceeded(folded) && caught_up_.count({open->name, projection}) != 0;
      if (folded.ok() || lags) {
        caught_up.emplace(open->name, projection);
      } else {
        whole = false;
        lacking.insert(projection);
      }
    }
    seen.insert(open->name);
    service_->SetServingStatus(absl::StrCat("ledgers/", open->name), whole);
  }
  for (const std::string& before : seen_) {
    if (seen.count(before) == 0) {
      service_->SetServingStatus(absl::StrCat("ledgers/", before), false);
    }
  }
  caught_up_ = std::move(caught_up);
  seen_ = std::move(seen);
  return lacking;
}

}  // namespace payfold
