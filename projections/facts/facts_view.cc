#include "projections/facts/facts_view.h"

#include <algorithm>
#include <string>

#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Months that any date of a fact can have; open ends are cut to them.
constexpr int32_t kFirstMonth = 1800 * 12;
constexpr int32_t kLastMonth = 10'000 * 12;

int32_t MonthWithin(Date d) {
  if (d == Date::Min()) return kFirstMonth;
  if (d == Date::Max()) return kLastMonth;
  return std::clamp(MonthOf(d), kFirstMonth, kLastMonth);
}

}  // namespace

absl::StatusOr<DealFacts> FactsView::GetDealFacts(uint32_t stream) const {
  ASSIGN_OR_RETURN(const std::string encoded, facts_->GetDeal(stream));
  return DecodeDealFacts(encoded);
}

absl::StatusOr<Deal> FactsView::GetDeal(uint32_t stream) const {
  ASSIGN_OR_RETURN(const DealFacts facts, GetDealFacts(stream));
  return ResolveDeal(facts, *reference_->policies);
}

absl::StatusOr<std::vector<Credit>> FactsView::GetCredits(uint32_t participant, Date first,
                                                          Date last) const {
  std::vector<Credit> credits;
  RETURN_IF_ERROR(
      facts_->ReadCredits(participant, MonthWithin(first), MonthWithin(last), &credits));
  credits.erase(std::remove_if(credits.begin(), credits.end(),
                               [&](const Credit& credit) {
                                 return credit.date < first || last < credit.date;
                               }),
                credits.end());
  return credits;
}

absl::StatusOr<std::vector<MetricFact>> FactsView::GetMetrics(const std::string& metric,
                                                              uint32_t participant, Date first,
                                                              Date last) const {
  std::vector<MetricFact> metrics;
  RETURN_IF_ERROR(
      facts_->ReadMetrics({metric, participant}, MonthWithin(first), MonthWithin(last), &metrics));
  std::erase_if(metrics, [&](const MetricFact& fact) {
    return fact.voided_at != 0 || fact.date < first || last < fact.date;
  });
  return metrics;
}

}  // namespace payfold
