#include "projections/statements/openings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/statements/period_sums.h"
#include "projections/statements/settlement.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// (participant id, kind, currency).
using Key = std::tuple<std::string, Opening::Kind, std::string>;

struct Sum {
  uint32_t participant = kNobody;
  int64_t amount = 0;
  int count = 0;
  std::set<Period> periods;  // that they are dated in, or payable from
};

v1::OpeningBalance::Kind KindProto(Opening::Kind kind) {
  switch (kind) {
    case Opening::Kind::kPayable:
      return v1::OpeningBalance::PAYABLE;
    case Opening::Kind::kDraw:
      return v1::OpeningBalance::DRAW;
    case Opening::Kind::kHeld:
      return v1::OpeningBalance::HELD;
  }
  return v1::OpeningBalance::KIND_UNSPECIFIED;
}

// A payable one is on the statement after its day.
Period PeriodOf(const Reference& reference, const Opening& opening) {
  const Period dated = reference.PayoutPeriodOf(opening.as_of);
  return opening.kind == Opening::Kind::kPayable ? reference.PayoutPeriodOf(dated.last() + 1)
                                                 : dated;
}

absl::StatusOr<std::map<Key, Sum>> SumsOf(const Reference& reference) {
  std::map<Key, Sum> sums;
  for (const Opening& opening : *reference.openings) {
    Sum& sum = sums[{reference.org->Id(opening.participant), opening.kind, opening.currency}];
    sum.participant = opening.participant;
    RETURN_IF_ERROR(AddMinorUnits(opening.amount, &sum.amount));
    ++sum.count;
    sum.periods.insert(PeriodOf(reference, opening));
  }
  return sums;
}

// What posted statements recovered or released of a plan in a currency.
absl::StatusOr<int64_t> TakenBy(const Posted& posted, const std::string& currency,
                                const std::string& plan_id, bool recovered) {
  int64_t taken = 0;
  for (const auto& [key, sums] : posted.sums) {
    const auto plan = sums.plans.find(plan_id);
    if (key.first != currency || plan == sums.plans.end()) continue;
    const v1::PlanSettlement& amounts = plan->second.amounts;
    RETURN_IF_ERROR(AddMinorUnits(
        recovered ? amounts.recovery_minor_units() : amounts.released_minor_units(), &taken));
  }
  return taken;
}

// The closes that took them up, and the periods that will.
void SetPeriods(const Reference& reference, const std::set<Period>& periods,
                v1::OpeningStanding* standing) {
  const Closes& closes = *reference.closes;
  standing->set_posted(true);
  std::set<std::string> known;
  for (const Period& period : periods) {
    const bool is_before = closes.any() && period.first() < closes.periods[0].days.first();
    const std::string label =
        is_before ? closes.periods[0].label : reference.calendar().Label(period);
    if (known.insert(label).second) standing->add_periods(label);
    if (!closes.any() || *closes.closed_through() < period.last()) standing->set_posted(false);
  }
}

// How much of payable ones is not on a posted statement.
absl::StatusOr<int64_t> NotCarried(const Reference& reference, const Sum& sum,
                                   const std::string& currency) {
  int64_t left = 0;
  for (const Opening& opening : *reference.openings) {
    if (opening.kind != Opening::Kind::kPayable || opening.participant != sum.participant ||
        opening.currency != currency) {
      continue;
    }
    const std::optional<Date> through = reference.closes->closed_through();
    if (through.has_value() && PeriodOf(reference, opening).last() <= *through) continue;
    RETURN_IF_ERROR(AddMinorUnits(opening.amount, &left));
  }
  return left;
}

absl::StatusOr<v1::OpeningStanding> StandingOf(Evaluator* evaluator, const StatedMoney& stated,
                                               const Key& key, const Sum& sum) {
  const auto& [participant_id, kind, currency] = key;
  const Reference& reference = evaluator->reference();
  v1::OpeningStanding standing;
  standing.set_participant_id(participant_id);
  standing.set_kind(KindProto(kind));
  standing.mutable_amount()->set_currency(currency);
  standing.mutable_amount()->set_minor_units(sum.amount);
  standing.set_count(sum.count);
  SetPeriods(reference, sum.periods, &standing);
  if (kind == Opening::Kind::kPayable) {
    ASSIGN_OR_RETURN(const int64_t left, NotCarried(reference, sum, currency));
    standing.set_left_minor_units(left);
    return standing;
  }
  if (kind == Opening::Kind::kDraw) {
    ASSIGN_OR_RETURN(const Settlement settlement,
                     Settlement::Make(evaluator, sum.participant, stated));
    standing.set_plan_id(settlement.PlanOfDrawOpening(currency));
  }
  ASSIGN_OR_RETURN(const Posted posted, ReadPosted(evaluator->view(), sum.participant));
  ASSIGN_OR_RETURN(const int64_t taken,
                   TakenBy(posted, currency, standing.plan_id(), kind == Opening::Kind::kDraw));
  // Recoveries take what was owed first before draws that came later.
  standing.set_left_minor_units(std::max<int64_t>(sum.amount - taken, 0));
  return standing;
}

}  // namespace

absl::StatusOr<std::vector<v1::OpeningStanding>> ListOpenings(const FactsView& view) {
  std::vector<v1::OpeningStanding> standings;
  if (view.reference().openings->empty()) return standings;
  Evaluator evaluator(view);
  const StatedMoney stated(view.reference(), kNobody);
  ASSIGN_OR_RETURN(const auto sums, SumsOf(view.reference()));
  for (const auto& [key, sum] : sums) {
    ASSIGN_OR_RETURN(v1::OpeningStanding standing, StandingOf(&evaluator, stated, key, sum));
    standings.push_back(std::move(standing));
  }
  return standings;
}

}  // namespace payfold
