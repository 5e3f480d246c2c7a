#include "projections/earnings/deal_measure.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "ledger/base/status_macros.h"
#include "ledger/money/decimal.h"
#include "projections/earnings/deal_filter.h"

namespace payfold {
namespace {

using Members = std::vector<std::pair<uint32_t, DaySet>>;

const DaySet* MembershipOf(const Members& members, uint32_t participant) {
  auto at = std::lower_bound(
      members.begin(), members.end(), participant,
      [](const std::pair<uint32_t, DaySet>& member, uint32_t p) { return member.first < p; });
  return at != members.end() && at->first == participant ? &at->second : nullptr;
}

Rational ShareOf(const Deal& deal, const Share& share) {
  if (share.overlay) return Rational(Decimal::FromNanos(share.weight));
  return Rational::Of(share.weight, deal.weight_sum);
}

// What a base would add to the measure for the members of that day, not asking
// whether it counts. Null if no member has a share.
std::optional<Rational> ValueOn(const MeasureContext& context, const Measure& measure,
                                const Deal& deal, const BaseCredits& base, Date date) {
  std::optional<Rational> value;
  for (size_t s = 0; s < deal.shares.size(); ++s) {
    const Share& share = deal.shares[s];
    if (share.weight == 0) continue;
    const DaySet* days = MembershipOf(*context.members, share.participant);
    if (days == nullptr || !days->Contains(date)) continue;
    const Rational so_far = value.value_or(0);
    switch (measure.value) {
      case DealValue::kAmount:
        value = so_far + Rational(base.credits[s]);
        break;
      case DealValue::kDealAmount:
        value = Rational(base.change);
        break;
      case DealValue::kCount:
        value = Rational(1);
        break;
      case DealValue::kSharedCount:
        value = so_far + ShareOf(deal, share);
        break;
    }
  }
  return value;
}

// Counts go up with the booking and down with the first cancellation in full.
std::vector<bool> BasesThatCount(const Measure& measure, const Deal& deal) {
  std::vector<bool> count;
  bool cancelled = false;
  for (const Base& base : deal.bases) {
    const bool in_full = base.kind == Base::Kind::kCancelled && base.in_full;
    count.push_back(measure.is_money() || base.kind == Base::Kind::kBooked ||
                    (in_full && !cancelled));
    cancelled = cancelled || in_full;
  }
  return count;
}

// The deal's bases in the plan's currency; a count needs no rate.
absl::StatusOr<std::vector<BaseCredits>> CreditsIn(const MeasureContext& context,
                                                   const Measure& measure, const Deal& deal) {
  ASSIGN_OR_RETURN(const Currency currency, Currency::Parse(deal.currency));
  if (currency == context.currency || !measure.is_money()) {
    return CreditBases(deal, nullptr, context.rounding);
  }
  const Reference& reference = context.view->reference();
  const Conversion conversion = [&](Date d) {
    return MinorUnitFactor(reference, currency, context.currency, d);
  };
  std::vector<absl::Status> missing;
  ASSIGN_OR_RETURN(std::vector<BaseCredits> credits,
                   CreditBases(deal, conversion, context.rounding, &missing));
  for (const absl::Status& why : missing) context.exception(deal, why);
  return credits;
}

absl::StatusOr<std::set<uint32_t>> DealsOfMembers(const MeasureContext& context, Days days) {
  std::set<uint32_t> deals;
  for (const auto& [member, membership] : *context.members) {
    if (!membership.Overlaps(days)) continue;
    ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                     context.view->GetCredits(member, days.first, days.last));
    for (const Credit& credit : credits) deals.insert(credit.deal);
  }
  return deals;
}

bool Cancels(const Credit& credit) { return credit.kind == Base::Kind::kCancelled; }

bool CreditsDecide(const MeasureContext& context, const Measure& measure,
                   const std::vector<Credit>& credits) {
  const absl::string_view code = context.currency.code();
  return measure.value == DealValue::kAmount && measure.where.empty() &&
         std::all_of(credits.begin(), credits.end(), [&](const Credit& credit) {
           return credit.plain &&
                  absl::string_view(credit.currency, sizeof(credit.currency)) == code;
         });
}

}  // namespace

absl::StatusOr<std::vector<Contribution>> ContributionsOfDeal(const MeasureContext& context,
                                                              const Measure& measure,
                                                              std::shared_ptr<const Deal> deal) {
  std::vector<Contribution> contributions;
  if (!deal->booked || deal->shares.empty() || !MatchesAll(measure.where, *deal)) {
    return contributions;
  }
  absl::StatusOr<std::vector<BaseCredits>> credits = CreditsIn(context, measure, *deal);
  if (!credits.ok()) {
    context.exception(*deal, credits.status());
    return contributions;
  }
  const std::vector<bool> counts = BasesThatCount(measure, *deal);
  const Date first_base = deal->bases.front().date;
  Rational counted = 0;
  for (uint32_t b = 0; b < deal->bases.size(); ++b) {
    const Base& base = deal->bases[b];
    const bool cancels = base.kind == Base::Kind::kCancelled;
    if (!counts[b]) continue;
    if (!context.in_plan->Contains(cancels ? first_base : base.date)) continue;
    std::optional<Rational> value = ValueOn(context, measure, *deal, (*credits)[b], base.date);
    if (!value.has_value()) continue;
    if (cancels) {
      const Rational taken = measure.is_money() ? -*value : *value;
      value = -Min(taken, Max(counted, Rational(0)));
    }
    counted += *value;
    contributions.push_back({base.date, deal, b, *std::move(value), cancels});
  }
  return contributions;
}

absl::StatusOr<std::vector<Contribution>> Contributions(const MeasureContext& context,
                                                        const Measure& measure, Days days,
                                                        bool whole_deals) {
  std::vector<Contribution> all;
  ASSIGN_OR_RETURN(const std::set<uint32_t> streams, DealsOfMembers(context, days));
  for (uint32_t stream : streams) {
    ASSIGN_OR_RETURN(std::shared_ptr<const Deal> deal, context.deal(stream));
    ASSIGN_OR_RETURN(std::vector<Contribution> of_deal,
                     ContributionsOfDeal(context, measure, std::move(deal)));
    for (Contribution& contribution : of_deal) {
      if (whole_deals || days.Contains(contribution.date)) all.push_back(std::move(contribution));
    }
  }
  std::sort(all.begin(), all.end(), [](const Contribution& a, const Contribution& b) {
    return std::tie(a.date, a.deal->deal_id, a.base) < std::tie(b.date, b.deal->deal_id, b.base);
  });
  return all;
}

absl::StatusOr<std::vector<Contribution>> DailyContributions(const MeasureContext& context,
                                                             const Measure& measure, Days days) {
  if (context.members->size() != 1) return Contributions(context, measure, days, false);
  const auto& [member, membership] = context.members->front();
  ASSIGN_OR_RETURN(std::vector<Credit> credits,
                   context.view->GetCredits(member, days.first, days.last));
  if (!CreditsDecide(context, measure, credits)) {
    return Contributions(context, measure, days, false);
  }
  std::erase_if(credits, [&context, &days_of_member = membership](const Credit& credit) {
    return !context.in_plan->Contains(Cancels(credit) ? credit.first_base : credit.date) ||
           !days_of_member.Contains(credit.date);
  });
  if (!std::is_sorted(credits.begin(), credits.end())) std::sort(credits.begin(), credits.end());
  std::vector<Contribution> sums;
  for (size_t i = 0; i < credits.size();) {
    const Credit& first = credits[i];
    absl::int128 sum = first.amount;
    for (++i; i < credits.size() && credits[i].date == first.date && !Cancels(first) &&
              !Cancels(credits[i]);
         ++i) {
      sum += credits[i].amount;
    }
    sums.push_back({first.date, nullptr, 0, Rational(sum), Cancels(first)});
  }
  return sums;
}

Rational SumUpTo(const std::vector<Contribution>& contributions, Date last) {
  Rational sum = 0;
  for (const Contribution& contribution : contributions) {
    if (last < contribution.date) break;
    sum += contribution.value;
  }
  return sum;
}

}  // namespace payfold
