#include "projections/earnings/metric_measure.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/earnings/conditions.h"

namespace payfold {
namespace {

absl::Status AddFactsOf(const MeasureContext& context, const Measure& measure, uint32_t member,
                        const DaySet& membership, Days days, std::vector<Contribution>* all) {
  if (!membership.Overlaps(days)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<MetricFact> facts,
                   context.view->GetMetrics(measure.name, member, days.first, days.last));
  const std::string& text_of = measure.distinct.empty() ? context.text_of : measure.distinct;
  for (const MetricFact& fact : facts) {
    if (!membership.Contains(fact.date) || !context.counts->Contains(fact.date) ||
        !MatchesAll(measure.where, fact)) {
      continue;
    }
    Contribution contribution;
    contribution.date = fact.date;
    contribution.value =
        measure.aggregate == Aggregate::kCount ? Rational(1) : Rational(fact.value);
    contribution.position = fact.position;
    const std::string* text = text_of.empty() ? nullptr : fact.Dimension(text_of);
    if (text != nullptr) contribution.text = *text;
    all->push_back(std::move(contribution));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<Contribution>> MetricContributions(const MeasureContext& context,
                                                              const Measure& measure, Days days) {
  std::vector<Contribution> all;
  for (const auto& [member, membership] : *context.members) {
    RETURN_IF_ERROR(AddFactsOf(context, measure, member, membership, days, &all));
  }
  if (measure.scope == Scope::kCompany) {
    RETURN_IF_ERROR(
        AddFactsOf(context, measure, kEverybody, DaySet({Date::Min(), Date::Max()}), days, &all));
  }
  std::sort(all.begin(), all.end(), [](const Contribution& a, const Contribution& b) {
    return std::tie(a.date, a.position) < std::tie(b.date, b.position);
  });
  return all;
}

}  // namespace payfold
