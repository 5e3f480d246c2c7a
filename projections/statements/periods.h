// Payout periods: open, closed, approved, paid; what a close posts.
//
// Until the first close every payout period is open, and each statement stands on the
// chain from the beginning. The first close may be of any: those before it then count
// as closed with nothing posted, and all they come to stands on its statements as
// prior-period adjustments. periods.md says more.
//
// Every function is pure: the same view gives the same answer. A close posts what
// ComputeClose() gives of one view, so that a second computation from the same
// prefix of the log gives the same bytes.
//
// Source: specification, ledger "Payout periods".

#ifndef PROJECTIONS_STATEMENTS_PERIODS_H_
#define PROJECTIONS_STATEMENTS_PERIODS_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/payout_service.pb.h"
#include "payfold/v1/period_service.pb.h"
#include "payfold/v1/statement.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// From the first payout period with anything on it to the last closed one, or that of
// the last dated fact if it is later. In order of first day.
absl::StatusOr<std::vector<v1::PayoutPeriodStatus>> ListPeriods(const FactsView& view);

// One of them. What only counts as closed is CLOSED, without a position. Errors: kInvalidArgument
// if it is no payout period of the ledger.
absl::StatusOr<v1::PayoutPeriodStatus> GetPeriod(const FactsView& view, absl::string_view period);

// The first payout period that may be closed: after the last closed one; before the
// first close, the first with anything on it.
// Errors: kFailedPrecondition if nothing could be closed.
absl::StatusOr<std::string> FirstOpenPeriod(const FactsView& view);

// Whether the period may be closed next. Errors: kFailedPrecondition if it is closed,
// or an earlier one is open, naming it.
absl::Status CheckMayClose(const FactsView& view, const Period& period);

// What a close of the period would post.
struct ComputedClose {
  // In order of participant, then currency: those with anything to say.
  std::vector<v1::Statement> statements;
  // With totals, digest and folded position; exceptions in words.
  v1::PeriodClosed closed;
  // Those that touch the period.
  std::vector<v1::Exception> exceptions;
  // PlanVersionsUsed().
  std::set<std::pair<std::string, uint32_t>> plan_versions;
};

// Whether long work goes on: OK, or the error that it ends with. Any thread of the work
// calls it, several at a time. Null: it always does.
using GoOn = std::function<absl::Status()>;

// `workers` threads evaluate, and ask `go_on` before each participant. Errors:
// kInvalidArgument, kFailedPrecondition as above; kFailedPrecondition if the period is
// closed or an earlier one is open; those of `go_on`.
absl::StatusOr<ComputedClose> ComputeClose(const FactsView& view, absl::string_view period,
                                           int workers = 1, const GoOn& go_on = nullptr);

// (plan id, version): of every line of the statements; and for each settlement and
// prior-period adjustment of a plan those in force in its period, as the fold at
// `folded_position` knew them.
std::set<std::pair<std::string, uint32_t>> PlanVersionsUsed(
    const FactsView& view, uint64_t folded_position, const std::vector<v1::Statement>& statements);

// Where a close is not what the fold gives.
struct CloseDifference {
  size_t statement;  // Of those posted; their number: the PeriodClosed itself.
  std::string text;  // Names the statement and the field.
};

// What a close posted against what the fold gives: the first difference, if there is
// any. `view` is that of its folded position; `posted` is in the order of posting.
// Errors: those of ComputeClose().
absl::StatusOr<std::optional<CloseDifference>> CheckClose(const FactsView& view,
                                                          const std::vector<v1::Statement>& posted,
                                                          const v1::PeriodClosed& closed,
                                                          int workers = 1,
                                                          const GoOn& go_on = nullptr);

// SHA-256 of the deterministic serialisations, each after its length (u64 big-endian).
std::string DigestOfStatements(const std::vector<v1::Statement>& statements);

// The posted statements of a closed period: of one participant, or of all if empty, in
// order of participant, then currency. Lines are without explanations: those are of the
// fold at the period's folded_position. Errors: kFailedPrecondition if it is open.
absl::StatusOr<std::vector<v1::Statement>> PostedStatements(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period);

// What the fold now says of a closed period minus what was posted for it, with causes;
// by currency, then plan. Errors: kFailedPrecondition if it is open.
absl::StatusOr<std::vector<v1::PriorPeriodAdjustment>> DifferencesOfPeriod(
    const FactsView& view, absl::string_view participant_id, absl::string_view period);

// Inquiries into a participant's statement of a period or its lines, in order of
// position. What was written is left out: it is sealed, in the events at the positions.
absl::StatusOr<std::vector<v1::Dispute>> ListDisputes(const FactsView& view,
                                                      absl::string_view participant_id,
                                                      absl::string_view period);

// All of the response but its coordinates, the display name, and what disputes say. Of a
// closed period the lines as posted have no explanations, those of `now` do.
absl::StatusOr<v1::GetStatementResponse> GetStatementAnswer(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period,
                                                            bool with_explanations);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_PERIODS_H_
