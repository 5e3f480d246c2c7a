#include "projections/earnings/deal_measure.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/decimal.h"
#include "projections/earnings/conditions.h"

namespace payfold {
namespace {

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
// whether it counts. None if no member has a share. `credits` is null for counts.
std::optional<Rational> ValueOn(const MeasureContext& context, const Measure& measure,
                                const Deal& deal, const BaseCredits* credits, Date date) {
  std::optional<Rational> value;
  for (size_t s = 0; s < deal.shares.size(); ++s) {
    const Share& share = deal.shares[s];
    if (share.weight == 0) continue;
    const DaySet* days = MembershipOf(*context.members, share.participant);
    if (days == nullptr || !days->Contains(date)) continue;
    const Rational so_far = value.value_or(0);
    switch (measure.value) {
      case DealValue::kAmount:
        value = so_far + Rational(credits->credits[s]);
        break;
      case DealValue::kDealAmount:
        value = Rational(credits->change);
        break;
      case DealValue::kCount:
      case DealValue::kCountDistinct:
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
std::vector<bool> BasesThatCount(const std::vector<Base>& bases) {
  std::vector<bool> count;
  bool cancelled = false;
  for (const Base& base : bases) {
    const bool in_full = base.kind == Base::Kind::kCancelled && base.in_full;
    count.push_back(base.kind == Base::Kind::kBooked || (in_full && !cancelled));
    cancelled = cancelled || in_full;
  }
  return count;
}

absl::StatusOr<std::vector<BaseCredits>> CreditsIn(const MeasureContext& context, const Deal& deal,
                                                   const std::vector<Base>& bases,
                                                   Trigger trigger) {
  const DealTerms& terms = context.terms;
  ASSIGN_OR_RETURN(const Currency currency, Currency::Parse(deal.currency));
  if (currency == terms.currency) {
    return CreditBases(deal, bases, trigger, nullptr, terms.rounding);
  }
  const Reference& reference = context.view->reference();
  const Conversion conversion = [&](Date d) {
    return MinorUnitFactor(reference, currency, terms.currency, terms.RateDay(d));
  };
  std::vector<absl::Status> missing;
  ASSIGN_OR_RETURN(std::vector<BaseCredits> credits,
                   CreditBases(deal, bases, trigger, conversion, terms.rounding, &missing));
  for (const absl::Status& why : missing) context.exception(deal, why);
  return credits;
}

bool Cancels(const Credit& credit) { return credit.kind == Base::Kind::kCancelled; }

bool CreditsDecide(const MeasureContext& context, const Measure& measure,
                   const std::vector<Credit>& credits) {
  const DealTerms& terms = context.terms;
  if (measure.value != DealValue::kAmount || !measure.where.empty() || !context.text_of.empty() ||
      terms.trigger != Trigger::kBooked || terms.clawback == Clawback::Mode::kRestate) {
    return false;
  }
  const absl::string_view code = terms.currency.code();
  const bool net = terms.clawback == Clawback::Mode::kNet;
  return std::all_of(credits.begin(), credits.end(), [&](const Credit& credit) {
    return credit.plain && credit.is_booking() && (net || !Cancels(credit)) &&
           absl::string_view(credit.currency, sizeof(credit.currency)) == code;
  });
}

// The bases that a measure sees of a deal, and whether it counts at all.
DealBases BasesFor(const MeasureContext& context, const Measure& measure, const Deal& deal) {
  const DealTerms& terms = context.terms;
  const Trigger trigger = measure.is_money() ? terms.trigger : Trigger::kBooked;
  DealBases whole = BasesUnder(deal, trigger, terms.clawback, std::nullopt);
  if (terms.clawback != Clawback::Mode::kRestate || whole.bases.empty() ||
      !context.counts->Contains(whole.bases.front().date)) {
    return whole;
  }
  if (context.cancellation) {
    for (const CancellationKey& key : CancellationsOf(deal)) context.cancellation(key);
  }
  if (!terms.restated_to.has_value()) return whole;
  return BasesUnder(deal, trigger, terms.clawback, terms.restated_to);
}

std::string TextOf(const MeasureContext& context, const Measure& measure, const Deal& deal) {
  const std::string& name = measure.distinct.empty() ? context.text_of : measure.distinct;
  if (name.empty()) return "";
  std::string scratch;
  const std::string* text = deal.Attribute(name, &scratch);
  return text == nullptr ? "" : *text;
}

}  // namespace

absl::StatusOr<std::vector<Contribution>> ContributionsOfDeal(const MeasureContext& context,
                                                              const Measure& measure,
                                                              std::shared_ptr<const Deal> deal) {
  std::vector<Contribution> contributions;
  if (!deal->booked || deal->shares.empty() || !MatchesAll(measure.where, *deal)) {
    return contributions;
  }
  const DealBases taken = BasesFor(context, measure, *deal);
  const std::vector<Base>& bases = taken.bases;
  const bool is_money = measure.is_money();
  if (bases.empty() || (!is_money && taken.cancelled_in_full)) return contributions;
  std::vector<BaseCredits> credits;
  if (is_money) {
    absl::StatusOr<std::vector<BaseCredits>> converted =
        CreditsIn(context, *deal, bases, context.terms.trigger);
    if (!converted.ok()) {
      context.exception(*deal, converted.status());
      return contributions;
    }
    credits = *std::move(converted);
  }
  const std::vector<bool> counts =
      is_money ? std::vector<bool>(bases.size(), true) : BasesThatCount(bases);
  const std::string text = TextOf(context, measure, *deal);
  Rational counted = 0;
  for (uint32_t b = 0; b < bases.size(); ++b) {
    const Base& base = bases[b];
    const bool cancels = base.kind == Base::Kind::kCancelled;
    if (!counts[b] || !context.counts->Contains(cancels ? bases.front().date : base.date)) continue;
    std::optional<Rational> value =
        ValueOn(context, measure, *deal, is_money ? &credits[b] : nullptr, base.date);
    // Distinct values are those of deals not cancelled in full, whoever is there then.
    if (cancels && measure.value == DealValue::kCountDistinct) value = Rational(1);
    if (!value.has_value()) continue;
    if (cancels) {
      const Rational back = is_money ? -*value : *value;
      value = -Min(back, Max(counted, Rational(0)));
    }
    counted += *value;
    Contribution contribution;
    contribution.date = base.date;
    contribution.value = *std::move(value);
    contribution.cancels = cancels;
    contribution.in_full = cancels && base.in_full;
    contribution.deal = deal;
    contribution.base = b;
    contribution.text = text;
    contributions.push_back(std::move(contribution));
  }
  return contributions;
}

absl::StatusOr<std::vector<uint32_t>> DealsOfMembers(const FactsView& view, const Members& members,
                                                     Days days) {
  std::set<uint32_t> deals;
  for (const auto& [member, membership] : members) {
    if (!membership.Overlaps(days)) continue;
    ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                     view.GetCredits(member, days.first, days.last));
    for (const Credit& credit : credits) deals.insert(credit.deal);
  }
  return std::vector<uint32_t>(deals.begin(), deals.end());
}

absl::StatusOr<std::vector<Contribution>> Contributions(const MeasureContext& context,
                                                        const Measure& measure, Days days,
                                                        bool whole_deals) {
  std::vector<Contribution> all;
  ASSIGN_OR_RETURN(const std::vector<uint32_t> streams,
                   DealsOfMembers(*context.view, *context.members, days));
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
  // Of who was not in the scope all the time a cancellation may take back what never
  // counted: the deal must be asked.
  const bool asks =
      !membership.Contains(Date::Min()) && std::any_of(credits.begin(), credits.end(), Cancels);
  if (asks || !CreditsDecide(context, measure, credits)) {
    return Contributions(context, measure, days, false);
  }
  std::erase_if(credits, [&context, &days_of_member = membership](const Credit& credit) {
    return !context.counts->Contains(Cancels(credit) ? credit.first_base : credit.date) ||
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
    Contribution contribution;
    contribution.date = first.date;
    contribution.value = Rational(sum);
    contribution.cancels = Cancels(first);
    sums.push_back(std::move(contribution));
  }
  return sums;
}

}  // namespace payfold
