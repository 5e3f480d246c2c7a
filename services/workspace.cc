#include "services/workspace.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/clock.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/replay/runner.h"
#include "services/errors.h"
#include "services/refused_batch.h"

namespace payfold {
namespace {

absl::Status NoSuchLedger(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status)
             ? WithReason(status, kReasonLedgerNotFound)
             : status;
}

constexpr std::chrono::milliseconds kLookAtCaller{100};

absl::Status Closing(absl::string_view name) {
  return WithReason(absl::UnavailableError(absl::StrCat("the ledger ", Quote(name),
                                                        " is being closed: try again in a moment")),
                    kReasonLedgerClosing);
}

}  // namespace

OpenLedger::OpenLedger(Ledgers* ledgers_in, std::string name_in, Ledger* ledger_in,
                       std::unique_ptr<PayoutProjection> payouts_in,
                       std::unique_ptr<DailyTotals> daily_totals_in, Clock* clock)
    : ledgers(ledgers_in),
      name(std::move(name_in)),
      ledger(ledger_in),
      payouts(std::move(payouts_in)),
      daily_totals(std::move(daily_totals_in)),
      replays(std::make_unique<ReplayRunner>(&ledger->log(), payouts.get(), clock)),
      projections({&payouts->worker(), &daily_totals->worker()}),
      feed(ledger_in) {}

OpenLedger::~OpenLedger() {
  // They use the ledger, and replays use the payouts.
  replays = nullptr;
  daily_totals = nullptr;
  payouts = nullptr;
  ledgers->Close(name);
}

Workspace::Workspace(Options options) : options_(std::move(options)) {
  if (options_.ledger.clock == nullptr) options_.ledger.clock = Clock::Real();
}

// What is open uses ledgers_, and so goes first.
Workspace::~Workspace() { open_.clear(); }

absl::StatusOr<Ledgers*> Workspace::Directory() {
  if (ledgers_ != nullptr) return ledgers_.get();
  if (options_.directory.empty()) {
    return absl::FailedPreconditionError("no data directory was given");
  }
  absl::StatusOr<std::unique_ptr<Ledgers>> ledgers =
      options_.create ? Ledgers::Create(options_.directory, options_.ledger)
                      : Ledgers::Open(options_.directory, options_.ledger);
  if (!ledgers.ok()) return NoSuchLedger(ledgers.status());
  ledgers_ = *std::move(ledgers);
  return ledgers_.get();
}

absl::StatusOr<std::vector<std::string>> Workspace::List() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(Ledgers * ledgers, Directory());
  return ledgers->List();
}

absl::StatusOr<uint64_t> Workspace::CreateLedger(absl::string_view name,
                                                 const v1::Event& configured,
                                                 const AppendOptions& append) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(Ledgers * ledgers, Directory());
  std::vector<Violation> violations;
  const absl::StatusOr<Ledger*> ledger =
      ledgers->CreateLedger(name, configured, append, &violations);
  if (!violations.empty()) return RefusedBatch(violations);
  if (absl::IsAlreadyExists(ledger.status())) {
    return WithReason(ledger.status(), kReasonLedgerExists);
  }
  RETURN_IF_ERROR(ledger.status());
  if (append.validate_only) return 0;
  const uint64_t head = (*ledger)->log().head();
  ledgers->Close(name.empty() ? kMainLedger : name);  // Its first use opens it.
  return head;
}

absl::StatusOr<std::shared_ptr<OpenLedger>> Workspace::Get(absl::string_view name) {
  const std::string key(name.empty() ? kMainLedger : name);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = open_.find(key); found != open_.end()) return found->second;
  ASSIGN_OR_RETURN(Ledgers * ledgers, Directory());
  if (closing_.count(key) != 0) return Closing(key);
  const absl::StatusOr<Ledger*> ledger = ledgers->Get(key);
  if (!ledger.ok()) return NoSuchLedger(ledger.status());
  ASSIGN_OR_RETURN(std::unique_ptr<PayoutProjection> payouts,
                   PayoutProjection::Open(&(*ledger)->log(), {}));
  ASSIGN_OR_RETURN(std::unique_ptr<DailyTotals> daily_totals,
                   DailyTotals::Open(&(*ledger)->log(), {}));
  const std::shared_ptr<OpenLedger> open(
      new OpenLedger(ledgers, key, *ledger, std::move(payouts), std::move(daily_totals),
                     options_.ledger.clock),
      [this](OpenLedger* unused) { Release(unused); });
  open_.emplace(key, open);
  return open;
}

std::shared_ptr<OpenLedger> Workspace::GetIfOpen(absl::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = open_.find(std::string(name.empty() ? kMainLedger : name));
  return found == open_.end() ? nullptr : found->second;
}

absl::StatusOr<FsckReport> Workspace::Audit(absl::string_view name, const FsckOptions& options) {
  const std::string key(name.empty() ? kMainLedger : name);
  Ledgers* ledgers = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ASSIGN_OR_RETURN(ledgers, Directory());
    if (closing_.count(key) != 0) return Closing(key);
  }
  absl::StatusOr<FsckReport> report = ledgers->Audit(key, options);
  if (!report.ok()) return NoSuchLedger(report.status());
  return report;
}

absl::StatusOr<bool> Workspace::Close(absl::string_view name,
                                      const std::function<absl::Status()>& go_on) {
  const std::string key(name.empty() ? kMainLedger : name);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, List());
  if (std::find(names.begin(), names.end(), key) == names.end()) {
    return WithReason(absl::NotFoundError(absl::StrCat("there is no ledger ", Quote(key))),
                      kReasonLedgerNotFound);
  }
  std::unique_lock<std::mutex> lock(mutex_);
  const auto found = open_.find(key);
  if (found != open_.end()) {
    std::shared_ptr<OpenLedger> open = std::move(found->second);
    open_.erase(found);
    closing_.insert(key);
    lock.unlock();
    open->streams.EndAll(Closing(key));
    open = nullptr;
    lock.lock();
  } else if (closing_.count(key) == 0) {
    return false;
  }
  while (closing_.count(key) != 0) {
    RETURN_IF_ERROR(go_on());
    closed_.wait_for(lock, kLookAtCaller);
  }
  return true;
}

void Workspace::Release(OpenLedger* open) {
  const std::string name = open->name;
  delete open;
  const std::lock_guard<std::mutex> lock(mutex_);
  closing_.erase(name);
  closed_.notify_all();
}

std::vector<std::shared_ptr<OpenLedger>> Workspace::ListOpen() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::shared_ptr<OpenLedger>> all;
  for (const auto& [name, open] : open_) all.push_back(open);
  return all;
}

}  // namespace payfold
