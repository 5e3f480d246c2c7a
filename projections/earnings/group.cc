#include "projections/earnings/group.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

Rational PerMajor(Currency currency) { return Rational(currency.minor_per_major()); }

std::optional<Rational> TargetInPayoutUnit(const Group& group) {
  if (!group.target.has_value()) return std::nullopt;
  return InPayoutUnit(group.target->value, *group.component->measure, group.program().currency);
}

std::optional<Rational> ByUpTo(const Group& group, const Bands& bands, Date day) {
  const Rational value = SumUpTo(group.by, day);
  if (!bands.by_target.has_value()) {
    return InPayoutUnit(value, *bands.by_measure, group.program().currency);
  }
  if (!group.by_target.has_value() || group.by_target->value.is_zero()) return std::nullopt;
  return value / group.by_target->value;
}

std::vector<Element> BandElements(const Group& group, const Bands& bands, const Rational& measure,
                                  Date day) {
  BandsInput input;
  input.measure = measure;
  input.target = TargetInPayoutUnit(group);
  input.target_incentive = group.target_incentive.value / PerMajor(group.program().currency);
  input.has_by = bands.by_measure.has_value();
  if (input.has_by) input.by = ByUpTo(group, bands, day);
  std::vector<Element> elements;
  for (BandPay& pay : PayBands(bands, input)) {
    Element element;
    element.name = absl::StrCat("band", pay.band);
    element.amount = pay.amount;
    element.measure = measure;
    element.band = std::move(pay);
    elements.push_back(std::move(element));
  }
  return elements;
}

// f of one deal's credit, from zero.
Rational PayOfDeal(const PerDeal& per_deal, const Rational& credit) {
  if (credit.is_zero()) return 0;
  if (per_deal.min_amount.has_value() && credit < *per_deal.min_amount) return 0;
  Rational pay = 0;
  if (per_deal.rate.has_value()) {
    pay = *per_deal.rate * credit;
  } else {
    BandsInput input;
    input.measure = credit;
    for (const BandPay& band : PayBands(per_deal.bands, input)) pay += band.amount;
  }
  return per_deal.cap.has_value() ? Min(pay, *per_deal.cap) : pay;
}

std::vector<Element> DealElements(const Group& group, Date day,
                                  const std::vector<Contribution>& contributions) {
  struct Credit {
    Rational eve, to_date;
    bool dated_in_period = false;
  };
  std::map<std::string, Credit> deals;
  for (const Contribution& contribution : contributions) {
    if (day < contribution.date) continue;
    Credit& credit = deals[contribution.deal->deal_id];
    credit.to_date += contribution.value;
    if (contribution.date < group.period.first()) {
      credit.eve += contribution.value;
    } else {
      credit.dated_in_period = true;
    }
  }
  const PerDeal& per_deal = group.component->payout.per_deal;
  const Rational per_major = PerMajor(group.program().currency);
  std::vector<Element> elements;
  for (const auto& [deal_id, credit] : deals) {
    if (!credit.dated_in_period) continue;
    Element element;
    element.name = absl::StrCat("deal:", deal_id);
    element.measure = credit.to_date / per_major;
    element.amount =
        PayOfDeal(per_deal, element.measure) - PayOfDeal(per_deal, credit.eve / per_major);
    elements.push_back(std::move(element));
  }
  return elements;
}

// Nothing is earned before the participant's first day in the plan.
bool IsReached(const Group& group, Date day) {
  const std::optional<Date> first_day = (*group.in_plan & group.days()).first();
  return first_day.has_value() ? *first_day <= day : group.leaver;
}

}  // namespace

Rational InPayoutUnit(const Rational& value, const Measure& measure, Currency currency) {
  return measure.is_money() ? value / PerMajor(currency) : value;
}

Rational MeasureUpTo(const Group& group, Date day) {
  Rational sum = 0;
  for (const Contribution& contribution : group.contributions) {
    if (day < contribution.date) break;
    if (group.period.first() <= contribution.date) sum += contribution.value;
  }
  return sum;
}

std::vector<Element> ElementsUpTo(const Group& group, Date day,
                                  const std::vector<Contribution>& contributions) {
  if (!IsReached(group, day)) return {};
  if (group.component->payout.kind == Payout::Kind::kPerDeal) {
    return DealElements(group, day, contributions);
  }
  Rational measure = 0;
  if (group.component->measure.has_value()) {
    measure = InPayoutUnit(SumUpTo(contributions, day), *group.component->measure,
                           group.program().currency);
  }
  return ElementsOn(group, day, measure);
}

std::vector<Element> ElementsOn(const Group& group, Date day, const Rational& measure) {
  if (!IsReached(group, day)) return {};
  const Payout& payout = group.component->payout;
  switch (payout.kind) {
    case Payout::Kind::kRate:
      return {{"rate", payout.value * measure, std::nullopt, measure}};
    case Payout::Kind::kPerUnit:
      return {{"per_unit", payout.value * measure, std::nullopt, measure}};
    case Payout::Kind::kFixed:
      return {{"fixed", payout.value, std::nullopt, measure}};
    case Payout::Kind::kBands:
      return BandElements(group, payout.bands, measure, day);
    case Payout::Kind::kPerDeal:
      break;
  }
  return {};
}

absl::StatusOr<std::map<std::string, int64_t>> AmountsUpTo(
    const Group& group, Date day, const std::vector<Contribution>& contributions) {
  std::map<std::string, int64_t> amounts;
  const Rational per_major = PerMajor(group.program().currency);
  for (const Element& element : ElementsUpTo(group, day, contributions)) {
    ASSIGN_OR_RETURN(const int64_t rounded,
                     (element.amount * per_major).Round(group.program().rounding));
    amounts[element.name] = rounded;
  }
  return amounts;
}

std::optional<Rational> BandPosition(const Group& group, const Bands& bands,
                                     const Rational& measure) {
  if (bands.basis == Bands::Basis::kMeasure) return measure;
  const std::optional<Rational> target = TargetInPayoutUnit(group);
  if (!target.has_value() || target->is_zero()) return std::nullopt;
  return measure / *target;
}

}  // namespace payfold
