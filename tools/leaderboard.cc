#include "tools/leaderboard.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

// What everybody sees, and after it what the rank is by.
Table LeaderboardTable(const v1::GetLeaderboardResponse& response, v1::GetLeaderboardRequest::By by,
                       OutputFormat format) {
  const bool by_component =
      by == v1::GetLeaderboardRequest::MEASURE || by == v1::GetLeaderboardRequest::ATTAINMENT;
  const bool by_points = by == v1::GetLeaderboardRequest::POINTS;
  std::vector<Table::Column> columns = {{"rank", Align::kRight},
                                        {"participant"},
                                        {"name"},
                                        {"team"},
                                        {"currency"},
                                        {"credited", Align::kRight},
                                        {"deals", Align::kRight},
                                        {"earned", Align::kRight}};
  if (by_points) columns.push_back({"points", Align::kRight});
  if (by_component) {
    columns.push_back({"measured_over"});
    columns.push_back({"measure", Align::kRight});
    columns.push_back({"attainment", Align::kRight});
  }
  Table table(std::move(columns));
  for (const v1::LeaderboardRow& row : response.rows()) {
    std::vector<std::string> cells = {
        absl::StrCat(row.rank()),
        row.participant_id(),
        row.display_name(),
        row.team(),
        row.currency(),
        AmountText(row.credited_minor_units(), row.currency(), format),
        absl::StrCat(row.deals()),
        AmountText(row.earned_minor_units(), row.currency(), format)};
    if (by_points) cells.push_back(absl::StrCat(row.points()));
    if (by_component) {
      cells.insert(cells.end(),
                   {row.measurement_period(), row.measure(), row.attainment_percent()});
    }
    table.Add(std::move(cells));
  }
  return table;
}

}  // namespace

absl::Status ShowLeaderboard(const GlobalOptions& global, const LeaderboardOptions& options) {
  v1::GetLeaderboardRequest request;
  v1::GetLeaderboardRequest::By by = v1::GetLeaderboardRequest::CREDITED;
  if (!v1::GetLeaderboardRequest::By_Parse(absl::AsciiStrToUpper(options.by), &by) ||
      by == v1::GetLeaderboardRequest::BY_UNSPECIFIED) {
    return UsageError(
        absl::StrCat("--by: \"", options.by,
                     "\" is none of credited, earned, deals, points, measure and attainment"));
  }
  const bool by_component =
      by == v1::GetLeaderboardRequest::MEASURE || by == v1::GetLeaderboardRequest::ATTAINMENT;
  if (by_component == (options.plan.empty() || options.component.empty())) {
    return UsageError(
        "--plan, --component: --by measure and --by attainment need both, others none");
  }
  if (options.limit < 0) return UsageError("--limit: must not be negative");
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_period(options.period);
  request.set_by(by);
  request.set_team(options.team);
  request.set_limit(options.limit);
  request.set_plan_id(options.plan);
  request.set_component_id(options.component);
  request.set_territory(options.territory);
  request.set_manager_id(options.manager);
  ASSIGN_OR_RETURN(
      const v1::GetLeaderboardResponse response,
      session->Call(session->payouts(), &v1::PayoutService::Stub::GetLeaderboard, request));
  const Table table = LeaderboardTable(response, by, global.format);
  PrintRows(global.format, response, table, absl::StrCat("nobody has anything in ", options.period),
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
