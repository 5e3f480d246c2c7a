#include "projections/replay/explain_difference.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/statements/lookup.h"
#include "projections/statements/make_statement.h"

namespace payfold {
namespace {

// One side of a row's lines, by line id.
absl::Status AddLines(const FactsView& view, const v1::Difference& row, bool is_after,
                      std::map<std::string, v1::LineDifference>* lines) {
  Evaluator evaluator(view);
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, row.period()));
  const std::optional<uint32_t> participant = view.reference().org->Find(row.participant_id());
  if (!participant.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> earned, evaluator.LinesOf(*participant, period));
  for (const EarnedLine& line : earned) {
    if (line.program().plan_id != row.plan_id() || line.component_id != row.component_id()) {
      continue;
    }
    ASSIGN_OR_RETURN(v1::Line proto, MakeLine(&evaluator, line, /*with_explanation=*/true));
    v1::LineDifference& difference = (*lines)[line.line_id];
    difference.set_line_id(line.line_id);
    *(is_after ? difference.mutable_after() : difference.mutable_before()) = std::move(proto);
  }
  return absl::OkStatus();
}

bool IsSameLine(const v1::LineDifference& line) {
  return line.has_before() && line.has_after() &&
         line.before().amount().minor_units() == line.after().amount().minor_units() &&
         line.before().reward().units() == line.after().reward().units();
}

}  // namespace

absl::StatusOr<std::vector<v1::LineDifference>> ExplainDifference(const Fork& fork,
                                                                  const v1::Difference& row) {
  std::map<std::string, v1::LineDifference> lines;
  RETURN_IF_ERROR(AddLines(fork.base(), row, /*is_after=*/false, &lines));
  RETURN_IF_ERROR(AddLines(fork.view(), row, /*is_after=*/true, &lines));
  std::vector<v1::LineDifference> differences;
  for (auto& [line_id, line] : lines) {
    if (!IsSameLine(line)) differences.push_back(std::move(line));
  }
  return differences;
}

}  // namespace payfold
