#include "projections/earnings/element_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "projections/earnings/amounts.h"

namespace payfold {
namespace {

std::string MajorText(const Rational& major, Currency currency) {
  return MinorText(major * Rational(currency.minor_per_major()), currency);
}

// A number of the plan of what the group pays.
std::string PaidText(const Group& group, const Rational& amount) {
  return group.pays_money() ? MajorText(amount, group.currency()) : amount.ToText(9);
}

// A number in the unit of plans of the component's measure.
std::string UnitText(const Rational& value, const Group& group) {
  const bool is_money =
      group.component->measure.has_value() && group.component->measure->is_money();
  return is_money ? MajorText(value, group.currency()) : value.ToText(9);
}

std::string IncentiveText(const Group& group) {
  return absl::StrCat("target incentive ",
                      MinorText(group.target_incentive.value, group.currency()));
}

std::string SliceText(const Group& group, const BandPay& pay) {
  std::string text = UnitText(pay.slice_to - pay.slice_from, group);
  if (!pay.slice_from.is_zero()) {
    absl::StrAppend(&text, " above ", UnitText(pay.slice_from, group));
  }
  return text;
}

std::string BandText(const Group& group, const BandPay& pay) {
  const std::string band = absl::StrCat(" (band ", pay.band, " of ", group.bands.bands.size(), ")");
  switch (pay.pay) {
    case Band::Pay::kRate:
      return absl::StrCat(RateText(pay.value), " × ", SliceText(group, pay), band);
    case Band::Pay::kPerUnit:
      return absl::StrCat(PaidText(group, pay.value), " × ", SliceText(group, pay), band);
    case Band::Pay::kFixed: {
      const std::string text = absl::StrCat("fixed ", PaidText(group, pay.value), band);
      if (pay.amount == pay.value) return text;
      return absl::StrCat(text, ", accrued over ", SliceText(group, pay));
    }
    case Band::Pay::kMultiple: {
      Rational slice = 0;
      if (group.own.target.has_value() && !group.own.target->value.is_zero()) {
        slice = (pay.slice_to - pay.slice_from) /
                InPlanUnit(group.own.target->value, *group.component->measure, group.currency());
      }
      return absl::StrCat(IncentiveText(group), " × ", pay.value.ToText(9), " × ", RateText(slice),
                          " of target", band);
    }
  }
  return band;
}

std::string CellText(const Group& group, const Element& element) {
  const std::string cell = absl::StrCat(" (", element.name, ")");
  switch (element.cell) {
    case Matrix::Cell::Pay::kFixed:
      return absl::StrCat("fixed ", PaidText(group, element.value), cell);
    case Matrix::Cell::Pay::kMultiple:
      return absl::StrCat(IncentiveText(group), " × ", element.value.ToText(9), cell);
    case Matrix::Cell::Pay::kRate:
      return absl::StrCat(RateText(element.value), " × ", UnitText(element.measure, group), cell);
  }
  return cell;
}

std::string PerDealText(const Group& group, const Element& element) {
  const PerDeal& per_deal = group.component->payout.per_deal;
  const Currency currency = group.currency();
  const std::string credit = absl::StrCat("credit ", MajorText(element.measure, currency),
                                          " of deal ", absl::StripPrefix(element.name, "deal:"));
  std::string text = per_deal.rate.has_value()
                         ? absl::StrCat(RateText(*per_deal.rate), " × ", credit)
                         : absl::StrCat("bands on ", credit);
  if (per_deal.min_amount.has_value()) {
    absl::StrAppend(&text, ", nothing below ", MajorText(*per_deal.min_amount, currency));
  }
  if (per_deal.cap.has_value()) {
    absl::StrAppend(&text, ", at most ", MajorText(*per_deal.cap, currency));
  }
  return text;
}

std::string MeasureRateText(const Group& group, const Element& element) {
  const std::string measure = UnitText(element.measure, group);
  if (group.rated != nullptr) {
    return absl::StrCat("rates by ", group.component->payout.rate_by->by, " × ", measure);
  }
  const bool is_rate = group.component->payout.kind == Payout::Kind::kRate;
  return absl::StrCat(is_rate ? RateText(element.value) : PaidText(group, element.value), " × ",
                      measure);
}

std::string PoolText(const Group& group, const Element& element) {
  const size_t members = PoolMembersAt(group, group.measured.last);
  return absl::StrCat("part of the pool of ", PaidText(group, element.value), " among ", members,
                      members == 1 ? " member" : " members");
}

}  // namespace

std::string RateText(const Rational& rate) { return absl::StrCat((rate * 100).ToText(9), "%"); }

std::string MinorText(const Rational& minor, Currency currency) {
  const absl::StatusOr<int64_t> rounded = minor.Round(Rounding::kHalfUp);
  return rounded.ok() ? FormatAmount(*rounded, currency) : minor.ToText(2);
}

std::string MeasureNumber(const Rational& value, const Measure& measure, Currency currency) {
  return measure.is_money() ? MinorText(value, currency) : value.ToText(9);
}

std::string AmountText(const Group& group, int64_t amount) {
  return group.pays_money() ? FormatAmount(amount, group.currency()) : absl::StrCat(amount);
}

std::string ElementText(const Group& group, const Element& element) {
  switch (group.component->payout.kind) {
    case Payout::Kind::kRate:
    case Payout::Kind::kPerUnit:
      return MeasureRateText(group, element);
    case Payout::Kind::kFixed:
      return absl::StrCat("fixed ", PaidText(group, element.value));
    case Payout::Kind::kBands:
      return BandText(group, *element.band);
    case Payout::Kind::kCurve:
      return absl::StrCat(IncentiveText(group), " × ", element.value.ToText(9), " at ",
                          RateText(element.measure), " of target");
    case Payout::Kind::kMatrix:
      return CellText(group, element);
    case Payout::Kind::kPerDeal:
      return PerDealText(group, element);
    case Payout::Kind::kRank:
      return absl::StrCat("award ", PaidText(group, element.value), " for rank ",
                          absl::StripPrefix(element.name, "award"), " with ",
                          UnitText(element.measure, group));
    case Payout::Kind::kPool:
      return PoolText(group, element);
    case Payout::Kind::kGoals:
      return absl::StrCat("goal ", absl::StripPrefix(element.name, "goal:"),
                          " is reached: ", PaidText(group, element.value));
  }
  return "";
}

std::string ModificationText(const Group& group, const Cut& cut) {
  const Modification modification = ModificationAt(group, cut);
  std::string text;
  for (size_t i = 0; i < modification.gate_multiples.size(); ++i) {
    if (modification.gate_multiples[i] == Rational(1)) continue;
    absl::StrAppend(&text, " × ", RateText(modification.gate_multiples[i]), " (gate ", i + 1,
                    " does not hold)");
  }
  for (size_t i = 0; i < modification.multiples.size(); ++i) {
    if (modification.multiples[i] == Rational(1)) continue;
    absl::StrAppend(&text, " × ", modification.multiples[i].ToText(9), " (multiplier ", i + 1, ")");
  }
  return text;
}

std::string ModifierLineText(const Group& group, const EarnedLine& line) {
  const absl::StatusOr<int64_t> cap =
      group.component->cap.has_value() ? CapOf(group) : absl::StatusOr<int64_t>(0);
  const std::string cap_text = cap.ok() ? AmountText(group, *cap) : "its amount";
  if (line.element == "carry") return "carried in from above the cap of the period before";
  if (line.element == "floor") {
    return absl::StrCat("lifts the component to its floor of ",
                        PaidText(group, group.component->floor.value_or(0)));
  }
  if (line.element == "excess") {
    return absl::StrCat(RateText(group.component->cap->rate), " of what is above the cap of ",
                        cap_text);
  }
  return absl::StrCat(AmountText(group, line.to_date), " above the cap of ", cap_text,
                      " are forfeited");
}

}  // namespace payfold
