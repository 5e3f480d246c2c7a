#include "services/closed_period_check.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/run_parallel.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"
#include "projections/statements/periods.h"

namespace payfold {
namespace {

// Statements of a period whose close was not read yet, in order of position.
struct Posted {
  std::vector<uint64_t> positions;
  std::vector<v1::Statement> statements;
};

Finding At(uint64_t position, std::string detail) {
  return {.position = position, .subject = "", .detail = std::move(detail)};
}

// Walks the log from close to close.
class CloseChecker {
 public:
  CloseChecker(const Ledger& ledger, int workers,
               const std::function<bool(uint64_t, uint64_t)>& progress)
      : ledger_(ledger), workers_(workers), progress_(progress), head_(ledger.log().head()) {}

  // The first thing that does not hold. Errors: kCancelled; whatever keeps the log from
  // being read.
  absl::StatusOr<std::optional<Finding>> Run() {
    const std::unique_ptr<EventCursor> cursor = ledger_.log().Read(
        {.last = head_,
         .kinds = KindBit(v1::Event::kStatementPosted) | KindBit(v1::Event::kPeriodClosed)});
    while (cursor->Next()) {
      ASSIGN_OR_RETURN(v1::Event event, ledger_.Decode(cursor->event()));
      if (event.has_statement_posted()) {
        v1::Statement& statement = *event.mutable_statement_posted()->mutable_statement();
        Posted& posted = posted_[statement.period()];
        posted.positions.push_back(event.position());
        posted.statements.push_back(std::move(statement));
        continue;
      }
      ASSIGN_OR_RETURN(std::optional<Finding> finding, Check(event));
      if (finding.has_value()) return finding;
    }
    RETURN_IF_ERROR(cursor->status());
    return Leftover();
  }

  uint64_t closes() const { return closes_; }

 private:
  absl::Status GoOn(uint64_t done) const {
    if (!progress_ || progress_(done, head_)) return absl::OkStatus();
    return absl::CancelledError("stopped while closed periods were derived again");
  }

  absl::StatusOr<std::shared_ptr<const FactsView>> Fold(uint64_t position, uint64_t done) const {
    PrefixOptions options;
    options.position = position;
    options.plans_position = position;
    options.workers = workers_;
    options.progress = [this, done](uint64_t, uint64_t) { return GoOn(done).ok(); };
    ASSIGN_OR_RETURN(FoldedPrefix prefix, FoldPrefix(ledger_.log(), options));
    return MakeFactsView(&ledger_.log(), position, position, std::move(prefix.reference),
                         std::move(prefix.tables));
  }

  absl::StatusOr<std::optional<Finding>> Check(const v1::Event& event) {
    const v1::PeriodClosed& closed = event.period_closed();
    const Posted posted = std::move(posted_[closed.period()]);
    posted_.erase(closed.period());
    ++closes_;
    const uint64_t first = posted.positions.empty() ? event.position() : posted.positions[0];
    if (closed.folded_position() >= first) {
      return At(event.position(),
                absl::StrCat("it closes ", closed.period(), " at the fold of ",
                             closed.folded_position(), ", which holds what it posted"));
    }
    RETURN_IF_ERROR(GoOn(first));
    const Background background;
    ASSIGN_OR_RETURN(const std::shared_ptr<const FactsView> view,
                     Fold(closed.folded_position(), first));
    const absl::StatusOr<std::optional<CloseDifference>> difference =
        CheckClose(*view, posted.statements, closed, workers_, [&] { return GoOn(first); });
    if (absl::IsCancelled(difference.status())) return difference.status();
    if (!difference.ok()) {
      return At(first, absl::StrCat("the close of ", closed.period(), " at the fold of ",
                                    closed.folded_position(),
                                    " cannot be derived again: ", difference.status().message()));
    }
    if (!difference->has_value()) return std::optional<Finding>();
    const size_t index = (*difference)->statement;
    return At(index < posted.positions.size() ? posted.positions[index] : event.position(),
              absl::StrCat("in the close of ", closed.period(), " at the fold of ",
                           closed.folded_position(), ", ", (*difference)->text));
  }

  // A statement of no close.
  std::optional<Finding> Leftover() const {
    std::optional<Finding> first;
    for (const auto& [period, posted] : posted_) {
      if (first.has_value() && first->position < posted.positions[0]) continue;
      first = At(posted.positions[0],
                 absl::StrCat("the statement of ", Quote(posted.statements[0].participant_id()),
                              " is for ", period, ", but no close follows it"));
    }
    return first;
  }

  const Ledger& ledger_;
  const int workers_;
  const std::function<bool(uint64_t, uint64_t)>& progress_;
  const uint64_t head_;
  std::map<std::string, Posted> posted_;  // by period
  uint64_t closes_ = 0;
};

}  // namespace

absl::Status CheckClosedPeriods(const OpenLedger& open, int workers,
                                const std::function<bool(uint64_t, uint64_t)>& progress,
                                Verdict* verdict) {
  CloseChecker checker(*open.ledger, workers, progress);
  const absl::StatusOr<std::optional<Finding>> finding = checker.Run();
  if (absl::IsCancelled(finding.status())) return finding.status();
  if (!finding.ok()) {
    verdict->Fail(kClosedPeriodsCheck, {.position = 0,
                                        .subject = "what was posted",
                                        .detail = std::string(finding.status().message())});
  } else if (finding->has_value()) {
    verdict->Fail(kClosedPeriodsCheck, **finding);
  } else {
    verdict->Note(kClosedPeriodsCheck,
                  checker.closes() == 0
                      ? "no period is closed"
                      : absl::StrCat(checker.closes(), " derived again, statement by statement"));
  }
  return absl::OkStatus();
}

}  // namespace payfold
