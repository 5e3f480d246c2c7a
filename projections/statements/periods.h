// Payout periods: open, closed, approved, paid; what a close posts.
//
// Every function is pure: the same view gives the same answer. A close posts what
// ComputeClose() gives of one view, so that a second computation from the same
// prefix of the log gives the same bytes.
//
// Source: specification, ledger "Payout periods".

#ifndef PROJECTIONS_STATEMENTS_PERIODS_H_
#define PROJECTIONS_STATEMENTS_PERIODS_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/period_service.pb.h"
#include "payfold/v1/statement.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// From the first payout period with anything on it to the last closed one, or that of
// the last dated fact if it is later. In order of first day.
absl::StatusOr<std::vector<v1::PayoutPeriodStatus>> ListPeriods(const FactsView& view);

// One of them. Errors: kInvalidArgument if it is no payout period of the ledger.
absl::StatusOr<v1::PayoutPeriodStatus> GetPeriod(const FactsView& view, absl::string_view period);

// The first payout period that may be closed: after the last closed one; before the
// first close, the first with anything on it.
// Errors: kFailedPrecondition if nothing could be closed.
absl::StatusOr<std::string> FirstOpenPeriod(const FactsView& view);

// What a close of the period would post.
struct ComputedClose {
  // In order of participant, then currency: those with anything to say.
  std::vector<v1::Statement> statements;
  // With totals, digest and folded position; exceptions in words.
  v1::PeriodClosed closed;
  // Those that touch the period.
  std::vector<v1::Exception> exceptions;
  // (plan id, version) of every line and prior-period adjustment on the statements.
  std::set<std::pair<std::string, uint32_t>> plan_versions;
};

// `workers` threads evaluate. Errors: kInvalidArgument, kFailedPrecondition as above;
// kFailedPrecondition if the period is closed or an earlier one is open.
absl::StatusOr<ComputedClose> ComputeClose(const FactsView& view, absl::string_view period,
                                           int workers = 1);

// SHA-256 of the deterministic serialisations, each after its length (u64 big-endian).
std::string DigestOfStatements(const std::vector<v1::Statement>& statements);

// The posted statements of a closed period: of one participant, or of all if empty, in
// order of participant, then currency.
absl::StatusOr<std::vector<v1::Statement>> PostedStatements(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period);

// What the fold now says of a closed period minus what was posted for it, with causes.
absl::StatusOr<std::vector<v1::PriorPeriodAdjustment>> DifferencesOfPeriod(
    const FactsView& view, absl::string_view participant_id, absl::string_view period);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_PERIODS_H_
