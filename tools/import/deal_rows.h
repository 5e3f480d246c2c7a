// A row of the export to a deal, by the mapping. Pure.

#ifndef TOOLS_IMPORT_DEAL_ROWS_H_
#define TOOLS_IMPORT_DEAL_ROWS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/money/currency.h"
#include "payfold/v1/money.pb.h"
#include "tools/import/deal_history.h"
#include "tools/import/mapping.h"
#include "tools/import/row_problem.h"
#include "tools/import/tables.h"

namespace payfold {

// The stage of a PipelineUpdated that ends the opportunity.
inline constexpr absl::string_view kLostStage = "LOST";

// Everything the row states. What breaks a rule goes to `*problems`, all of it at
// once; the deal is to be used only if nothing went there.
DealRow ReadDealRow(const ImportMapping& mapping, const Resolver& resolver, const Row& row,
                    std::vector<RowProblem>* problems);

// "1,054.50" is refused, "1054.50" read: whole minor units if `minor_units`, else
// major ones with at most the currency's digits after the point. Not negative.
// Errors: kInvalidArgument with the rule.
absl::StatusOr<v1::Money> ReadAmount(absl::string_view text, Currency currency, bool minor_units);

}  // namespace payfold

#endif  // TOOLS_IMPORT_DEAL_ROWS_H_
