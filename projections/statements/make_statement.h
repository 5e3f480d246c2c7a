// Statements as they are served and posted, from lines and their settlement.

#ifndef PROJECTIONS_STATEMENTS_MAKE_STATEMENT_H_
#define PROJECTIONS_STATEMENTS_MAKE_STATEMENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/statement.pb.h"
#include "projections/earnings/evaluator.h"
#include "projections/statements/settlement.h"

namespace payfold {

// The line as it is served. Errors: those of the evaluation.
absl::StatusOr<v1::Line> MakeLine(Evaluator* evaluator, const EarnedLine& line,
                                  bool with_explanation);

// The plan's part of a statement.
v1::PlanSettlement PlanSettlementProto(const PlanSettlement& settled);

v1::StatementAdjustment AdjustmentProto(const PostedAdjustment& posted);

// What components without a component are called, too: those of a budget.
std::string DisplayNameOf(const EarnedLine& line);

// Errors: kOutOfRange.
absl::StatusOr<int64_t> EarnedOf(const CurrencySettlement& settled);

// One with nothing on it. Of no currency: the ledger's base currency.
v1::Statement EmptyStatement(const Reference& reference, absl::string_view participant_id,
                             const Period& period, absl::string_view currency = "");

// What a statement is made of, all of one participant and payout period.
struct StatementParts {
  uint32_t participant = kNobody;
  Period period = Period::Window(Date(), Date());
  const std::vector<EarnedLine>* lines = nullptr;
  const PeriodSettlement* settlement = nullptr;
  const std::vector<v1::Exception>* exceptions = nullptr;  // become notes
  bool with_explanations = false;
};

// By currency: those with anything to say. Errors: those of the evaluation.
absl::StatusOr<std::map<std::string, v1::Statement>> MakeStatements(Evaluator* evaluator,
                                                                    const StatementParts& parts);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_MAKE_STATEMENT_H_
