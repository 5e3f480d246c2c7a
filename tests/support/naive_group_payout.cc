// What the payout of a group pays, element by element.

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/support/naive_group.h"

namespace payfold_testing {
namespace {

using ::payfold::Date;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

// Of the participant, not of deals.
bool IsPersonal(const std::string& attribute) {
  return attribute == "tenure_months" || attribute == "role" || attribute == "team";
}

}  // namespace

NaiveGroup::Exact NaiveGroup::PayoutTo(Date e, size_t steps) {
  const v1::Payout& payout = component_.payout();
  const auto measure = [&] { return MeasureOr(false, {}, e, steps).value_or(0); };
  switch (payout.kind_case()) {
    case v1::Payout::kRate:
      return {{"rate", RateTo(e, steps, payout.rate())}};
    case v1::Payout::kPerUnit:
      return {{"per_unit", RateTo(e, steps, payout.per_unit())}};
    case v1::Payout::kFixed:
      return {{"fixed", Scaled(v1::Component::AMOUNTS, NaiveNumber(payout.fixed()), PaysMoney())}};
    case v1::Payout::kBands:
      return BandsTo(e, steps);
    case v1::Payout::kCurve: {
      const std::optional<Rational> target = TargetTo(e);
      if (!target.has_value() || target->is_zero()) return {};
      return {{"curve", TargetIncentive() * CurveMultiple(payout.curve(), measure() / *target)}};
    }
    case v1::Payout::kMatrix:
      return MatrixTo(e, steps);
    case v1::Payout::kPerDeal:
      return PerDealTo(e, steps);
    case v1::Payout::kRank:
      return RankTo(e, steps);
    case v1::Payout::kPool:
      return {{"pool", PoolTo(e) / Unit()}};
    case v1::Payout::kGoals:
      return GoalTo(e, steps);
    default:  // a reward's
      return {{"fixed", Scaled(v1::Component::AMOUNTS, 1, PaysMoney())}};
  }
}

Rational NaiveGroup::RateTo(Date e, size_t steps, const std::string& otherwise) {
  const v1::Payout& payout = component_.payout();
  const Rational measure = MeasureOr(false, {}, e, steps).value_or(0);
  if (payout.rate_by().empty()) return NaiveNumber(otherwise) * measure;
  const auto& [attribute, table] = *payout.rate_by().begin();
  if (IsPersonal(attribute)) {
    return LookUp(attribute, table.rates()).value_or(NaiveNumber(otherwise)) * measure;
  }
  return RatePerCredit(OwnMeasure(), Question(e, steps), attribute, table, otherwise);
}

Rational NaiveGroup::RatePerCredit(const v1::Measure& measure, const NaiveQuestion& asked,
                                   const std::string& attribute, const v1::RateTable& table,
                                   const std::string& otherwise) {
  NaiveQuestion question = asked;
  question.around.scope = NaiveScope(measure.scope(), asked.around.scope);
  Rational sum;
  for (int i = 0; i < measure.sum().measures_size(); ++i) {
    const Rational part =
        RatePerCredit(measure.sum().measures(i), question, attribute, table, otherwise);
    sum += measure.sum().weights().empty() ? part : part * NaiveNumber(measure.sum().weights(i));
  }
  if (!measure.has_deals()) return sum;
  for (const NaiveEntry& entry : measures_.Credits(measure, question)) {
    if (entry.date < question.from || question.to < entry.date) continue;
    const auto value = entry.deal->attributes.find(attribute);
    auto rate = table.rates().end();
    if (value != entry.deal->attributes.end()) rate = table.rates().find(value->second);
    if (rate == table.rates().end()) rate = table.rates().find("*");
    sum += entry.value * NaiveNumber(rate == table.rates().end() ? otherwise : rate->second);
  }
  return IsMoney(measure) ? sum / minor_per_major_ : sum;
}

void NaiveGroup::SetNumbers(const v1::Measure& chooser, NaivePay* pay) {
  pay->fixed = [this](const std::string& text) {
    return Scaled(v1::Component::AMOUNTS, NaiveNumber(text), PaysMoney());
  };
  pay->edge = [this, &chooser](const std::string& text) {
    if (!Prorates(v1::Component::BANDS)) return NaiveNumber(text);
    return Scaled(v1::Component::BANDS, NaiveNumber(text), IsMoney(chooser));
  };
  pay->rate = [this](const v1::Band& band) {
    if (band.rate_by().empty()) return NaiveNumber(band.rate());
    const auto& [attribute, table] = *band.rate_by().begin();
    return LookUp(attribute, table.rates()).value_or(NaiveNumber(band.rate()));
  };
}

NaiveGroup::Exact NaiveGroup::BandsTo(Date e, size_t steps) {
  const v1::Bands& bands = component_.payout().bands();
  const v1::MeasureAndTarget& by = bands.by();
  const v1::Measure& chooser = by.has_measure() ? by.measure() : OwnMeasure();
  NaivePay pay;
  pay.measure = MeasureOr(false, {}, e, steps).value_or(0);
  pay.target = TargetTo(e);
  pay.incentive = TargetIncentive();
  if (bands.has_by()) {
    // An undefined measure chooses no band.
    const std::optional<Rational> measure = MeasureOr(by.has_measure(), by.measure(), e, steps);
    if (!measure.has_value()) return {};
    pay.by_measure = measure;
    if (by.has_target()) pay.by_target = Target(by.target(), chooser, e);
  }
  SetNumbers(chooser, &pay);
  Exact elements;
  int number = 0;
  for (const Rational& amount : BandAmounts(bands, pay)) {
    elements.emplace_back(absl::StrCat("band", ++number), amount);
  }
  return elements;
}

std::optional<int> NaiveGroup::MatrixBand(const v1::MatrixAxis& axis, Date e, size_t steps) {
  const std::optional<Rational> measure = MeasureOr(axis.has_measure(), axis.measure(), e, steps);
  if (!measure.has_value()) return std::nullopt;
  Rational x = *measure;
  if (axis.has_target()) {
    const std::optional<Rational> target =
        Target(axis.target(), axis.has_measure() ? axis.measure() : OwnMeasure(), e);
    if (!target.has_value() || target->is_zero()) return std::nullopt;
    x /= *target;
  }
  return static_cast<int>(
      std::count_if(axis.edges().begin(), axis.edges().end(),
                    [&](const std::string& edge) { return NaiveNumber(edge) <= x; }));
}

NaiveGroup::Exact NaiveGroup::MatrixTo(Date e, size_t steps) {
  const v1::Matrix& matrix = component_.payout().matrix();
  const std::optional<int> row = MatrixBand(matrix.rows(), e, steps);
  const std::optional<int> column = MatrixBand(matrix.columns(), e, steps);
  if (!row.has_value() || !column.has_value()) return {};
  const v1::MatrixCell& cell = matrix.cells(*row).cells(*column);
  const Rational amount =
      cell.has_fixed()      ? Scaled(v1::Component::AMOUNTS, NaiveNumber(cell.fixed()), PaysMoney())
      : cell.has_multiple() ? NaiveNumber(cell.multiple()) * TargetIncentive()
                            : NaiveNumber(cell.rate()) * MeasureOr(false, {}, e, steps).value_or(0);
  return {{absl::StrCat("cell", *row + 1, ".", *column + 1), amount}};
}

NaiveGroup::Exact NaiveGroup::PerDealTo(Date e, size_t steps) {
  std::map<std::string, std::pair<Rational, Rational>> credits;  // on the eve, to date
  for (const NaiveEntry& entry : measures_.Credits(OwnMeasure(), Question(e, steps))) {
    auto& [eve, to_date] = credits[entry.deal->deal_id];
    if (entry.date < id_.days.first) eve += entry.value;
    if (entry.date <= e) to_date += entry.value;
  }
  const v1::PerDeal& f = component_.payout().per_deal();
  NaivePay pay;
  SetNumbers(OwnMeasure(), &pay);
  Exact elements;
  for (const auto& [deal_id, credit] : credits) {
    const Rational eve = PerDealAmount(f, credit.first / minor_per_major_, pay);
    const Rational to_date = PerDealAmount(f, credit.second / minor_per_major_, pay);
    elements.emplace_back(absl::StrCat("deal:", deal_id), to_date - eve);
  }
  return elements;
}

NaiveGroup::Exact NaiveGroup::GoalTo(Date e, size_t steps) {
  const v1::Goal* goal = ChosenGoal();
  if (goal == nullptr) return {};
  const Rational measure = measures_.Value(OwnMeasure(), Question(e, steps)).value_or(0);
  const std::optional<Rational> target = Target(goal->target(), OwnMeasure(), e);
  if (NaiveAttainment(measure, target) < 1) return {};
  return {{absl::StrCat("goal:", goal->goal_id()),
           Scaled(v1::Component::AMOUNTS, NaiveNumber(goal->amount()), PaysMoney())}};
}

}  // namespace payfold_testing
