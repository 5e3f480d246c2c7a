// Statements, and lists of lines.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/queries.h"
#include "projections/statements/closed_periods.h"
#include "projections/statements/lookup.h"
#include "projections/statements/make_statement.h"

namespace payfold {
namespace {

bool Matches(const LineFilter& filter, const EarnedLine& line) {
  return (filter.plan_id.empty() || filter.plan_id == line.program().plan_id) &&
         (filter.component_id.empty() || filter.component_id == line.component_id);
}

}  // namespace

absl::StatusOr<std::vector<v1::Statement>> GetStatements(const FactsView& view,
                                                         absl::string_view participant_id,
                                                         absl::string_view period_label,
                                                         bool with_explanations) {
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, period_label));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  // Before other payout periods are looked at: what these lack is theirs to say.
  const std::vector<v1::Exception> exceptions = evaluator.exceptions();
  ASSIGN_OR_RETURN(PeriodSettlement settlement, SettleUpTo(&evaluator, participant, period, lines));
  if (lines.empty() && settlement.empty()) {
    settlement[view.reference().configuration->base_currency] = {};
  }
  ASSIGN_OR_RETURN(auto statements,
                   MakeStatements(&evaluator, {participant, period, &lines, &settlement,
                                               &exceptions, with_explanations}));
  std::vector<v1::Statement> list;
  for (auto& [currency, statement] : statements) list.push_back(std::move(statement));
  return list;
}

absl::StatusOr<std::vector<v1::Line>> ListLines(const FactsView& view, const LineFilter& filter) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, filter.participant_id));
  ASSIGN_OR_RETURN(const std::optional<Period> dated_in, ParsePeriodIfGiven(view, filter.period));
  Evaluator evaluator(view);
  std::vector<v1::Line> lines;
  for (uint32_t participant : participants) {
    ASSIGN_OR_RETURN(const std::vector<EarnedLine> earned,
                     LinesDatedIn(&evaluator, participant, dated_in));
    for (const EarnedLine& line : earned) {
      if (!Matches(filter, line)) continue;
      ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, filter.with_explanations));
      lines.push_back(std::move(proto));
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const v1::Line& a, const v1::Line& b) {
    return std::tie(a.participant_id(), a.date(), a.line_id()) <
           std::tie(b.participant_id(), b.date(), b.line_id());
  });
  return lines;
}

absl::StatusOr<v1::Line> ExplainLine(const FactsView& view, absl::string_view line_id) {
  const std::vector<std::string> parts = absl::StrSplit(line_id, '/');
  if (parts.size() != 6) {
    return absl::InvalidArgumentError(absl::StrCat(
        "line_id: ", Quote(line_id), " is no line id; one is participant/plan/component/",
        "measurement period/element/payout period, as `lines` shows it"));
  }
  ASSIGN_OR_RETURN(const uint32_t participant, FindParticipant(view, parts[0]));
  const std::vector<std::string> last =
      absl::StrSplit(parts[5], absl::MaxSplits(absl::ByAnyChar("@~"), 1));
  ASSIGN_OR_RETURN(const Period period, ParsePayoutPeriodLabel(view, last[0]));
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator.LinesOf(participant, period));
  for (const EarnedLine& line : lines) {
    if (line.line_id == line_id) return MakeLine(&evaluator, line, true);
  }
  return absl::NotFoundError(absl::StrCat(
      "the fold at position ", view.position(), " gives no line ", Quote(line_id), "; `lines ",
      "--participant ", parts[0], " --period ", last[0], "` lists those there are"));
}

}  // namespace payfold
