#include "projections/earnings/attribution.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// The line's element on a measure (as evaluated), rounded.
absl::StatusOr<int64_t> AmountOn(const Group& group, const EarnedLine& line,
                                 const Rational& measure) {
  const Currency currency = group.program().currency;
  const Rational in_unit = InPayoutUnit(measure, *group.component->measure, currency);
  for (const Element& element : ElementsOn(group, line.days.last, in_unit)) {
    if (element.name != line.element) continue;
    return (element.amount * Rational(currency.minor_per_major())).Round(group.program().rounding);
  }
  return 0;
}

DealPart* PartOf(const std::shared_ptr<const Deal>& deal, std::vector<DealPart>* parts) {
  for (DealPart& part : *parts) {
    if (part.deal->deal_id == deal->deal_id) return &part;
  }
  parts->push_back({deal, 0, 0});
  return &parts->back();
}

absl::Status AttributeByOrder(const EarnedLine& line, LineAttribution* attribution) {
  const Group& group = *attribution->group;
  Rational measure = 0;
  size_t next = 0;
  const std::vector<Contribution>& contributions = group.contributions;
  while (next < contributions.size() && contributions[next].date < line.days.first) {
    measure += contributions[next++].value;
  }
  ASSIGN_OR_RETURN(int64_t before, AmountOn(group, line, measure));
  for (; next < contributions.size() && contributions[next].date <= line.days.last; ++next) {
    measure += contributions[next].value;
    ASSIGN_OR_RETURN(const int64_t after, AmountOn(group, line, measure));
    DealPart* part = PartOf(contributions[next].deal, &attribution->deals);
    part->amount += after - before;
    part->credit += contributions[next].value;
    attribution->unattributed -= after - before;
    before = after;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LineAttribution> AttributeLine(Evaluator* evaluator, const EarnedLine& line) {
  LineAttribution attribution;
  attribution.unattributed = line.amount;
  const Group& group = *line.group;
  ASSIGN_OR_RETURN(std::shared_ptr<Group> with_deals,
                   evaluator->GroupOf(group.participant, *group.history, *group.version,
                                      *group.component, group.period, true));
  with_deals->leaver = group.leaver;
  attribution.group = with_deals;
  if (!group.component->measure.has_value()) return attribution;
  if (group.component->payout.kind != Payout::Kind::kPerDeal) {
    RETURN_IF_ERROR(AttributeByOrder(line, &attribution));
    return attribution;
  }
  for (const Contribution& contribution : attribution.group->contributions) {
    if (line.element != "deal:" + contribution.deal->deal_id ||
        line.days.last < contribution.date) {
      continue;
    }
    DealPart* part = PartOf(contribution.deal, &attribution.deals);
    part->amount = line.amount;
    part->credit += contribution.value;
    attribution.unattributed = 0;
  }
  return attribution;
}

}  // namespace payfold
