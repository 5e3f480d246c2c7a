#include "projections/earnings/attribution.h"

#include <optional>
#include <utility>

#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<LineAttribution> AttributeLine(Evaluator* evaluator, const EarnedLine& line) {
  LineAttribution attribution;
  attribution.unattributed = line.amount;
  if (line.kind == EarnedLine::Kind::kBudget) return attribution;
  GroupQuery query = GroupQuery::Of(*line.group);
  query.with_deals = true;
  ASSIGN_OR_RETURN(const std::shared_ptr<Group> group, evaluator->GroupOf(query));
  group->leaver = line.group->leaver;
  attribution.group = group;
  if (line.kind == EarnedLine::Kind::kElement) {
    ASSIGN_OR_RETURN(attribution.deals,
                     AmountsByDeal(*group, line.element, line.days.first - 1, line.days.last));
  } else if (line.kind != EarnedLine::Kind::kForfeited) {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> stream,
                     evaluator->view().FindDeal(line.deal_id));
    if (stream.has_value()) {
      ASSIGN_OR_RETURN(std::shared_ptr<const Deal> deal, evaluator->GetDeal(*stream));
      attribution.deals.push_back({std::move(deal), line.amount, 0});
    }
  }
  for (const DealAmount& deal : attribution.deals) attribution.unattributed -= deal.amount;
  return attribution;
}

}  // namespace payfold
