#include "services/verification.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/admission/stored_event.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/fsck.h"
#include "ledger/log/tree_head.h"
#include "services/closed_period_check.h"
#include "services/errors.h"
#include "services/rebuild_progress.h"
#include "services/work_stream.h"

namespace payfold {
namespace {

using VerifyStream = WorkStream<v1::VerifyResponse>;

// False when the client is gone. Any thread may call it.
using Progress = std::function<bool(uint64_t done, uint64_t total)>;

// A check that needs the ledger open. What does not hold goes into the verdict.
// Errors: kCancelled.
struct LedgerCheck {
  absl::string_view name;
  absl::Status (*run)(const OpenLedger& open, int workers, const Progress& progress,
                      Verdict* verdict);
};

constexpr absl::string_view kProjectionsCheck = "projections";

// What is wrong with a projection; its subject is empty if nothing is.
// Errors: kCancelled.
absl::StatusOr<Finding> CheckProjection(ProjectionWorker* worker, int workers,
                                        const Progress& progress, std::string* note) {
  const absl::StatusOr<RebuildOutcome> outcome = worker->Compare(workers, progress);
  if (absl::IsCancelled(outcome.status())) return outcome.status();
  Finding finding;
  if (!outcome.ok()) {
    finding.subject = "what is folded from the log";
    finding.detail = absl::StrCat(worker->name(), ": ", outcome.status().message());
  } else if (outcome->live_digest != outcome->rebuilt_digest) {
    finding.subject = absl::StrCat("what is folded up to position ", outcome->position);
    finding.detail = absl::StrCat(
        worker->name(), ": the digest is ",
        outcome->live_digest.empty() ? "that of something unreadable" : outcome->live_digest,
        ", but the events give ", outcome->rebuilt_digest, "; `payfold rebuild --projection ",
        worker->name(), "` puts that in its place");
  } else {
    absl::StrAppend(note, note->empty() ? "" : "; ", worker->name(), ": digest ",
                    outcome->rebuilt_digest, " at position ", outcome->position,
                    ", live and folded again");
  }
  return finding;
}

absl::Status CheckProjections(const OpenLedger& open, int workers, const Progress& progress,
                              Verdict* verdict) {
  std::string note;
  for (ProjectionWorker* worker : open.projections.all()) {
    ASSIGN_OR_RETURN(Finding finding, CheckProjection(worker, workers, progress, &note));
    if (finding.subject.empty()) continue;
    verdict->Fail(kProjectionsCheck, std::move(finding));
    return absl::OkStatus();
  }
  verdict->Note(kProjectionsCheck, note);
  return absl::OkStatus();
}

// In this order, after those of the log.
constexpr LedgerCheck kLedgerChecks[] = {{kProjectionsCheck, CheckProjections},
                                         {kClosedPeriodsCheck, CheckClosedPeriods}};

v1::VerifyResponse ProgressOf(absl::string_view check, uint64_t done, uint64_t total) {
  v1::VerifyResponse progress;
  progress.set_checking(std::string(check));
  progress.set_done(done);
  progress.set_total(total);
  return progress;
}

v1::Check::Outcome MessageOf(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kHolds:
      return v1::Check::HOLDS;
    case CheckOutcome::kDoesNotHold:
      return v1::Check::DOES_NOT_HOLD;
    case CheckOutcome::kNotChecked:
      return v1::Check::NOT_CHECKED;
  }
  return v1::Check::OUTCOME_UNSPECIFIED;
}

v1::VerifyResponse MessageOf(const FsckReport& report) {
  v1::VerifyResponse last;
  v1::Verdict* verdict = last.mutable_verdict();
  verdict->set_holds(report.verdict.status().ok());
  for (const CheckResult& result : report.verdict.checks()) {
    v1::Check* check = verdict->add_checks();
    check->set_name(result.name);
    check->set_outcome(MessageOf(result.outcome));
    check->set_detail(result.note);
    if (result.outcome != CheckOutcome::kDoesNotHold) continue;
    check->set_subject(SubjectOf(result.finding));
    check->set_position(result.finding.position);
    check->set_detail(result.finding.detail);
  }
  verdict->set_size(report.events);
  verdict->set_root(std::string(AsBytes(report.root)));
  verdict->set_verifier_key(report.verifier_key);
  return last;
}

// One verification.
class Verification {
 public:
  Verification(Workspace* workspace, v1::VerifyRequest request, int workers,
               const VerifyStream::Tell& tell)
      : workspace_(workspace), request_(std::move(request)), workers_(workers), tell_(tell) {}

  absl::StatusOr<v1::VerifyResponse> Run() {
    std::shared_ptr<OpenLedger> open = workspace_->GetIfOpen(request_.ledger());
    ASSIGN_OR_RETURN(FsckReport report, open == nullptr
                                            ? workspace_->Audit(request_.ledger(), Options())
                                            : AuditLog(open->ledger->log().records(), Options()));
    for (const LedgerCheck& check : kLedgerChecks) report.verdict.Begin(check.name);
    // What is damaged is not opened: that may write.
    const bool sound = report.verdict.Holds(kFilesCheck) && report.verdict.Holds(kEventsCheck) &&
                       report.verdict.Holds(kTreeCheck) && report.verdict.Holds(kIndexesCheck);
    if (sound && open == nullptr) {
      absl::StatusOr<std::shared_ptr<OpenLedger>> opened = workspace_->Get(request_.ledger());
      if (opened.ok()) {
        open = *std::move(opened);
      } else {
        report.verdict.Fail(
            kLedgerChecks[0].name,
            {.position = 0,
             .subject = "the ledger",
             .detail = absl::StrCat("it does not open: ", opened.status().message())});
      }
    }
    for (const LedgerCheck& check : kLedgerChecks) {
      if (!sound || open == nullptr) {
        report.verdict.Skip(check.name, "the log does not hold, or cannot be opened");
        continue;
      }
      const Progress progress = [this, &check](uint64_t done, uint64_t total) {
        return tell_(ProgressOf(check.name, done, total));
      };
      RETURN_IF_ERROR(check.run(*open, workers_, progress, &report.verdict));
    }
    return MessageOf(report);
  }

 private:
  FsckOptions Options() const {
    FsckOptions options;
    options.outside_tree_head = request_.tree_head();
    options.verifier_key = request_.verifier_key();
    options.check_payload = CheckStoredEvent;
    options.progress = [this](absl::string_view check, uint64_t done, uint64_t total) {
      return tell_(ProgressOf(check, done, total));
    };
    return options;
  }

  Workspace* workspace_;
  const v1::VerifyRequest request_;
  const int workers_;
  const VerifyStream::Tell& tell_;
};

absl::Status CheckField(absl::string_view field, const absl::Status& status) {
  return status.ok() ? status : FieldError(field, kReasonFieldInvalid, status.message());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Producer<v1::VerifyResponse>>> StartVerification(
    Workspace* workspace, const v1::VerifyRequest& request) {
  ASSIGN_OR_RETURN(const int workers, CheckWorkers(request.workers()));
  if (!request.tree_head().empty()) {
    RETURN_IF_ERROR(CheckField("tree_head", ReadTreeHead(request.tree_head()).status()));
  }
  if (!request.verifier_key().empty()) {
    RETURN_IF_ERROR(CheckField("verifier_key", CheckVerifierKey(request.verifier_key())));
  }
  return std::make_unique<VerifyStream>(
      [workspace, request, workers](const VerifyStream::Tell& tell) {
        return Verification(workspace, request, workers, tell).Run();
      });
}

}  // namespace payfold
