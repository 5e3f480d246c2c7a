#include "tools/leaderboard.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowLeaderboard(const GlobalOptions& global, const LeaderboardOptions& options) {
  v1::GetLeaderboardRequest request;
  v1::GetLeaderboardRequest::By by = v1::GetLeaderboardRequest::CREDITED;
  if (!v1::GetLeaderboardRequest::By_Parse(absl::AsciiStrToUpper(options.by), &by) ||
      by == v1::GetLeaderboardRequest::BY_UNSPECIFIED) {
    return UsageError(
        absl::StrCat("--by: \"", options.by, "\" is none of credited, earned and deals"));
  }
  if (options.limit < 0) return UsageError("--limit: must not be negative");
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_period(options.period);
  request.set_by(by);
  request.set_team(options.team);
  request.set_limit(options.limit);
  ASSIGN_OR_RETURN(
      const v1::GetLeaderboardResponse response,
      session->Call(session->payouts(), &v1::PayoutService::Stub::GetLeaderboard, request));
  Table table({{"rank", Align::kRight},
               {"participant"},
               {"name"},
               {"team"},
               {"currency"},
               {"credited", Align::kRight},
               {"deals", Align::kRight},
               {"earned", Align::kRight}});
  for (const v1::LeaderboardRow& row : response.rows()) {
    table.Add({absl::StrCat(row.rank()), row.participant_id(), row.display_name(), row.team(),
               row.currency(),
               AmountText(row.credited_minor_units(), row.currency(), global.format),
               absl::StrCat(row.deals()),
               AmountText(row.earned_minor_units(), row.currency(), global.format)});
  }
  PrintRows(global.format, response, table, absl::StrCat("nobody has anything in ", options.period),
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
