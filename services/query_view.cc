#include "services/query_view.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"

namespace payfold {
namespace {

absl::Status BeyondEnd(absl::string_view field, absl::string_view message) {
  return WithReason(absl::OutOfRangeError(absl::StrCat(field, ": ", message)),
                    kReasonAsOfBeyondEnd);
}

absl::Status FoldingAnew(const OpenLedger& open, const ProjectionWorker::FirstFold& fold) {
  return WithReason(
      absl::UnavailableError(absl::StrCat(
          "the ledger ", Quote(open.name), " is folded anew, as no fold of this format is there (",
          fold.events, " of ", fold.events_in_all,
          " events): try again when it serves, or ask with `min_position`, which waits")),
      kReasonFoldingAnew,
      {{"events", absl::StrCat(fold.events)}, {"events_in_all", absl::StrCat(fold.events_in_all)}});
}

}  // namespace

absl::Status WaitUntilFolded(const OpenLedger& open, ProjectionWorker* worker, uint64_t position,
                             const Call& call) {
  const auto first_fold = worker->first_fold();
  if (first_fold.has_value() && position == 0) {
    const absl::Status status = worker->WaitFor(1, absl::InfinitePast());
    return absl::IsDeadlineExceeded(status) ? FoldingAnew(open, *first_fold) : status;
  }
  if (open.ledger->log().head() > 0) position = std::max<uint64_t>(position, 1);
  while (true) {
    RETURN_IF_ERROR(call.CheckAlive());
    const absl::Time slice = std::min(call.deadline, absl::Now() + kWaitSlice);
    const absl::Status status = worker->WaitFor(position, slice);
    if (!absl::IsDeadlineExceeded(status)) return status;
  }
}

v1::Coordinates QueryView::at() const {
  v1::Coordinates at;
  at.set_position(facts->position());
  at.set_plans_position(facts->plans_position());
  return at;
}

absl::StatusOr<uint64_t> ResolveMoment(const v1::AsOf& as_of, absl::string_view field,
                                       const EventLog& log, Clock& clock) {
  switch (as_of.moment_case()) {
    case v1::AsOf::kPosition:
      if (as_of.position() > log.head()) {
        return BeyondEnd(field, absl::StrCat("position ", as_of.position(),
                                             " is beyond the end of the log, ", log.head()));
      }
      return as_of.position();
    case v1::AsOf::kRecordedAt: {
      const absl::Time time = absl::FromUnixSeconds(as_of.recorded_at().seconds()) +
                              absl::Nanoseconds(as_of.recorded_at().nanos());
      if (time > clock.Now()) {
        return BeyondEnd(field, absl::StrCat(absl::FormatTime(time, absl::UTCTimeZone()),
                                             " has not come yet; leave it out to ask for now"));
      }
      return log.PositionAtTime(absl::ToUnixMicros(time));
    }
    case v1::AsOf::MOMENT_NOT_SET:
      break;
  }
  return FieldError(field, kReasonFieldMissing, "needs a position or a recorded time");
}

absl::StatusOr<QueryView> ResolveView(Workspace* workspace, const v1::QueryContext& context,
                                      const Call& call) {
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace->Get(context.ledger()));
  const EventLog& log = open->ledger->log();
  QueryView view{.open = open, .facts = nullptr};
  uint64_t position = 0;
  if (context.has_as_of()) {
    ASSIGN_OR_RETURN(position,
                     ResolveMoment(context.as_of(), "context.as_of", log, workspace->clock()));
  } else {
    RETURN_IF_ERROR(WaitUntilFolded(*open, &open->payouts->worker(), context.min_position(), call));
    view.facts = open->payouts->View();
    if (!context.has_plans_as_of()) return view;
    position = view.facts->position();
  }
  uint64_t plans_position = position;
  if (context.has_plans_as_of()) {
    ASSIGN_OR_RETURN(plans_position, ResolveMoment(context.plans_as_of(), "context.plans_as_of",
                                                   log, workspace->clock()));
  }
  RETURN_IF_ERROR(call.CheckAlive());
  ASSIGN_OR_RETURN(view.facts, open->payouts->ViewAsOf(position, plans_position));
  return view;
}

}  // namespace payfold
