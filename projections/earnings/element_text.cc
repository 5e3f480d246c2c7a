#include "projections/earnings/element_text.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "ledger/plan/prose.h"
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

std::string TargetText(const Group& group) {
  return MeasureNumber(group.own.target->value, *group.component->measure, group.currency());
}

// Where a gauge stands: its measure, or with a target its attainment.
std::string GaugeText(const Gauge& gauge, const Cut& cut, Currency currency) {
  const Measure& measure = *gauge.taken->measure;
  const std::optional<Rational> value = ValueAt(*gauge.taken, cut, currency);
  if (!value.has_value()) return "undefined";
  if (!gauge.has_target) return MeasureNumber(*value, measure, currency);
  const std::optional<Rational> attainment = AttainmentAt(gauge, cut, currency);
  if (!attainment.has_value()) {
    return absl::StrCat(MeasureNumber(*value, measure, currency), " without a target");
  }
  return absl::StrCat(AttainmentText(*attainment), " of target ",
                      MeasureNumber(gauge.target->value, measure, currency));
}

// What chose the band, where the slice does not say it: " at 83.25% of target 80,000.00".
std::string ChoiceText(const Group& group, const BandPay& pay, const Cut& cut) {
  if (group.by.has_value()) {
    return absl::StrCat(" as the ", MeasureText(*group.by->taken->measure), " is ",
                        GaugeText(*group.by, cut, group.currency()));
  }
  const bool by_attainment = group.bands.basis == Bands::Basis::kAttainment;
  if (!by_attainment && pay.pay != Band::Pay::kFixed) return "";
  return absl::StrCat(" at ", StandingText(group, cut));
}

std::string MultipleText(const Group& group, const BandPay& pay) {
  const Rational target =
      InPlanUnit(group.own.target->value, *group.component->measure, group.currency());
  const Rational slice = (pay.slice_to - pay.slice_from) / target;
  std::string text = absl::StrCat(IncentiveText(group), " × ", pay.value.ToText(9), " × ",
                                  RateText(slice), " of target ", TargetText(group));
  if (!pay.slice_from.is_zero()) {
    absl::StrAppend(&text, " above ", AttainmentText(pay.slice_from / target));
  }
  return text;
}

std::string BandText(const Group& group, const BandPay& pay, const Cut& cut) {
  const std::string band = absl::StrCat(ChoiceText(group, pay, cut), " (band ", pay.band, " of ",
                                        group.bands.bands.size(), ")");
  switch (pay.pay) {
    case Band::Pay::kRate:
      return absl::StrCat(RateText(pay.value), " × ", SliceText(group, pay), band);
    case Band::Pay::kPerUnit:
      return absl::StrCat(PaidText(group, pay.value), " × ", SliceText(group, pay), band);
    case Band::Pay::kFixed: {
      std::string text = absl::StrCat("fixed ", PaidText(group, pay.value), band);
      if (pay.amount == pay.value) return text;
      return absl::StrCat(text, ", accrued over ", SliceText(group, pay));
    }
    case Band::Pay::kMultiple:
      return absl::StrCat(MultipleText(group, pay), " (band ", pay.band, " of ",
                          group.bands.bands.size(), ")");
  }
  return "";
}

std::string CellText(const Group& group, const Element& element, const Cut& cut) {
  const auto axis = [&](const Gauge& gauge) {
    return absl::StrCat("the ", MeasureText(*gauge.taken->measure), " is ",
                        GaugeText(gauge, cut, group.currency()));
  };
  const std::string cell = absl::StrCat(" as ", axis(*group.rows), " and ", axis(*group.columns),
                                        " (", ElementName(element.name), ")");
  switch (element.cell) {
    case Matrix::Cell::Pay::kFixed:
      return absl::StrCat("fixed ", PaidText(group, element.value), cell);
    case Matrix::Cell::Pay::kMultiple:
      return absl::StrCat(IncentiveText(group), " × ", element.value.ToText(9), cell);
    case Matrix::Cell::Pay::kRate:
      return absl::StrCat(RateText(element.value), " × ", UnitText(element.measure, group), cell);
  }
  return "";
}

// "5% × 10,000.00 (band 1 of 2) + 7% × 2,000.00 above 10,000.00 (band 2 of 2)".
std::string BandsOnCredit(const Group& group, const Rational& credit) {
  BandsInput input;
  input.measure = credit;
  std::vector<std::string> parts;
  for (const BandPay& pay : PayBands(group.bands, input)) {
    const std::string band =
        absl::StrCat(" (band ", pay.band, " of ", group.bands.bands.size(), ")");
    const std::string slice = SliceText(group, pay);
    switch (pay.pay) {
      case Band::Pay::kRate:
        parts.push_back(absl::StrCat(RateText(pay.value), " × ", slice, band));
        break;
      case Band::Pay::kPerUnit:
        parts.push_back(absl::StrCat(PaidText(group, pay.value), " × ", slice, band));
        break;
      default:
        parts.push_back(absl::StrCat("fixed ", PaidText(group, pay.value), band));
        break;
    }
  }
  return parts.empty() ? "nothing" : absl::StrJoin(parts, " + ");
}

// What of the deal's credit lies before the period, in major units.
Rational CreditBefore(const Group& group, absl::string_view deal_id) {
  Rational before = 0;
  for (const Contribution& fact : group.whole_deals) {
    if (fact.deal->deal_id == deal_id && fact.date < group.measured.first) before += fact.value;
  }
  return before / Rational(group.currency().minor_per_major());
}

std::string PerDealText(const Group& group, const Element& element) {
  const PerDeal& per_deal = group.component->payout.per_deal;
  const Currency currency = group.currency();
  const absl::string_view deal_id = absl::StripPrefix(element.name, "deal:");
  const std::string credit = MajorText(element.measure, currency);
  std::string text =
      per_deal.rate.has_value()
          ? absl::StrCat(RateText(*per_deal.rate), " × credit ", credit, " of deal ", deal_id)
          : absl::StrCat(BandsOnCredit(group, element.measure), " of credit ", credit, " of deal ",
                         deal_id);
  if (per_deal.min_amount.has_value()) {
    absl::StrAppend(&text, ", nothing below ", MajorText(*per_deal.min_amount, currency));
  }
  if (per_deal.cap.has_value()) {
    absl::StrAppend(&text, ", at most ", MajorText(*per_deal.cap, currency));
  }
  const Rational before = CreditBefore(group, deal_id);
  if (!before.is_zero()) {
    absl::StrAppend(&text, ", less the same of its credit ", MajorText(before, currency),
                    " before the period");
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
  const Pool& pool = group.component->payout.pool;
  std::string part;
  switch (pool.share) {
    case Pool::Share::kEqual:
      part = "an equal part";
      break;
    case Pool::Share::kByMeasure:
      part = "a part by own measure";
      break;
    case Pool::Share::kByTargetIncentive:
      part = "a part by target incentive";
      break;
    case Pool::Share::kByAttribute:
      part = absl::StrCat("a part by ", pool.attribute);
      break;
  }
  return absl::StrCat(part, " of the pool of ", PaidText(group, element.value), " among ", members,
                      members == 1 ? " member" : " members");
}

// What the gates of a fixed amount look at: " as the total of own calls is 28".
std::string GatesText(const Group& group, const Cut& cut) {
  std::vector<std::string> parts;
  for (const Gauge& gate : group.gates) {
    if (gate.taken == nullptr) continue;
    const std::string measure = MeasureText(*gate.taken->measure);
    // "one's own grade" has its article.
    const bool is_attribute = gate.taken->measure->kind == Measure::Kind::kAttribute;
    parts.push_back(absl::StrCat(is_attribute ? "" : "the ", measure, " is ",
                                 GaugeText(gate, cut, group.currency())));
  }
  return parts.empty() ? "" : absl::StrCat(" as ", absl::StrJoin(parts, " and "));
}

}  // namespace

std::string RateText(const Rational& rate) { return absl::StrCat((rate * 100).ToText(9), "%"); }

std::string AttainmentText(const Rational& attainment) {
  const Rational percent = attainment * 100;
  const absl::StatusOr<int64_t> hundredths = (percent * 100).Round(Rounding::kHalfUp);
  // Nothing is shown as if it were on an edge that it has not reached.
  const bool looks_whole =
      hundredths.ok() && *hundredths % 100 == 0 && Rational(*hundredths) != percent * 100;
  return absl::StrCat(percent.ToText(looks_whole ? 9 : 2), "%");
}

std::string ElementName(absl::string_view element) {
  const std::pair<absl::string_view, absl::string_view> kNames[] = {
      {"band", "band "},  {"cell", "cell "},  {"award", "the award for rank "},
      {"goal:", "goal "}, {"deal:", "deal "},
  };
  for (const auto& [prefix, words] : kNames) {
    if (absl::ConsumePrefix(&element, prefix)) return absl::StrCat(words, element);
  }
  return element == "per_unit" ? "the price per unit" : absl::StrCat("the ", element);
}

std::string StandingText(const Group& group, const Cut& cut) {
  if (group.own.taken == nullptr) return "";
  const bool by_attainment = group.component->payout.kind == Payout::Kind::kCurve ||
                             (group.component->payout.kind == Payout::Kind::kBands &&
                              group.bands.basis == Bands::Basis::kAttainment);
  if (by_attainment) return GaugeText(group.own, cut, group.currency());
  const std::optional<Rational> value = ValueAt(*group.own.taken, cut, group.currency());
  if (!value.has_value()) return "undefined";
  return MeasureNumber(*value, *group.component->measure, group.currency());
}

std::string MinorText(const Rational& minor, Currency currency) {
  const absl::StatusOr<int64_t> rounded = minor.Round(Rounding::kHalfUp);
  return rounded.ok() ? FormatAmount(*rounded, currency) : minor.ToText(2);
}

std::string MeasureNumber(const Rational& value, const Measure& measure, Currency currency) {
  if (!measure.is_money()) return value.ToText(9);
  // A statistic need not be whole, and must not look as if it were.
  const absl::StatusOr<int64_t> rounded = value.Round(Rounding::kHalfUp);
  const bool is_whole = !rounded.ok() || Rational(*rounded) == value;
  if (is_whole) return MinorText(value, currency);
  return (value / Rational(currency.minor_per_major())).ToText(9);
}

std::string AmountText(const Group& group, int64_t amount) {
  return group.pays_money() ? FormatAmount(amount, group.currency()) : absl::StrCat(amount);
}

std::string ElementText(const Group& group, const Element& element, const Cut& cut) {
  switch (group.component->payout.kind) {
    case Payout::Kind::kRate:
    case Payout::Kind::kPerUnit:
      return MeasureRateText(group, element);
    case Payout::Kind::kFixed:
      return absl::StrCat("fixed ", PaidText(group, element.value), GatesText(group, cut));
    case Payout::Kind::kBands:
      return BandText(group, *element.band, cut);
    case Payout::Kind::kCurve:
      return absl::StrCat(IncentiveText(group), " × ", element.value.ToText(9), " at ",
                          StandingText(group, cut));
    case Payout::Kind::kMatrix:
      return CellText(group, element, cut);
    case Payout::Kind::kPerDeal:
      return PerDealText(group, element);
    case Payout::Kind::kRank:
      return absl::StrCat("award of ", PaidText(group, element.value), " for rank ",
                          absl::StripPrefix(element.name, "award"), " with ",
                          UnitText(element.measure, group));
    case Payout::Kind::kPool:
      return PoolText(group, element);
    case Payout::Kind::kGoals:
      return absl::StrCat("fixed ", PaidText(group, element.value), " for ",
                          ElementName(element.name), ", reached with ",
                          GaugeText(group.goal->gauge, cut, group.currency()));
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
