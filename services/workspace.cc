#include "services/workspace.h"

#include <utility>

#include "ledger/base/clock.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"

namespace payfold {
namespace {

absl::Status NoSuchLedger(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsFailedPrecondition(status)
             ? WithReason(status, kReasonLedgerNotFound)
             : status;
}

}  // namespace

Workspace::Workspace(Options options) : options_(std::move(options)) {
  if (options_.ledger.clock == nullptr) options_.ledger.clock = Clock::Real();
}

// Projections follow the logs of ledgers_, which is why they go first.
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
  return (*ledger)->log().head();
}

absl::StatusOr<const OpenLedger*> Workspace::Get(absl::string_view name) {
  const std::string key(name.empty() ? kMainLedger : name);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto found = open_.find(key); found != open_.end()) return &found->second;
  ASSIGN_OR_RETURN(Ledgers * ledgers, Directory());
  const absl::StatusOr<Ledger*> ledger = ledgers->Get(key);
  if (!ledger.ok()) return NoSuchLedger(ledger.status());
  ASSIGN_OR_RETURN(std::unique_ptr<PayoutProjection> payouts,
                   PayoutProjection::Open(&(*ledger)->log(), {}));
  return &open_.emplace(key, OpenLedger{*ledger, std::move(payouts)}).first->second;
}

}  // namespace payfold
