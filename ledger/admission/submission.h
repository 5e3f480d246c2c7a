// One batch on its way into the log: prepared by the thread that brings it,
// decided in the log's writer, answered. Internal to ledger/admission.

#ifndef LEDGER_ADMISSION_SUBMISSION_H_
#define LEDGER_ADMISSION_SUBMISSION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/admission/decide.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/prepare.h"
#include "ledger/admission/violation.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// Belongs to one thread at a time.
class Submission {
 public:
  struct Context {
    EventLog* log;
    KeyRing* keys;
    const RandomSource* random;
    CloseState closes;
  };

  // The events and what the context points to must outlive it.
  // REQUIRES: ValidateBatch() found nothing.
  Submission(const Context& context, absl::Span<const v1::Event> events, std::string actor,
             bool validate_only);
  Submission(const Submission&) = delete;
  Submission& operator=(const Submission&) = delete;

  // Does all that needs no state. Comes first.
  absl::Status Prepare();

  // For EventLog::Append(), or Check() of what is only to be validated. Fails if
  // there are violations.
  absl::StatusOr<std::vector<Decision>> Decide(const LogState& state);

  // What the caller is told when the log has given that.
  absl::StatusOr<AppendResult> Answer(absl::StatusOr<AppendResult> result);
  std::vector<Violation>& violations() { return violations_; }

 private:
  const absl::Span<const v1::Event> events_;
  const std::string actor_;
  const bool validate_only_;
  EventLog* const log_;
  Encoder encoder_;
  DecideContext decide_;
  std::vector<PreparedEvent> prepared_;
  std::vector<Violation> violations_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_SUBMISSION_H_
