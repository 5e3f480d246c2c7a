#include "projections/earnings/elements.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/allocate.h"
#include "ledger/plan/curve.h"
#include "ledger/plan/matrix.h"
#include "projections/earnings/amounts.h"

namespace payfold {
namespace {

using Elements = std::vector<Element>;

Element Make(std::string name, Rational amount, Rational measure, Rational value) {
  Element element;
  element.name = std::move(name);
  element.amount = std::move(amount);
  element.measure = std::move(measure);
  element.value = std::move(value);
  return element;
}

Rational TargetIncentive(const Group& group) {
  return group.target_incentive.value / Rational(group.currency().minor_per_major());
}

std::optional<Rational> TargetInPlanUnit(const Gauge& gauge, Currency currency) {
  if (!gauge.target.has_value()) return std::nullopt;
  return InPlanUnit(gauge.target->value, *gauge.taken->measure, currency);
}

absl::StatusOr<Elements> Fixed(const Group& group, std::string name, const Rational& amount) {
  ASSIGN_OR_RETURN(const Rational scaled, Scaled(amount, group.pays_money(), group.amounts,
                                                 group.currency(), group.rounding()));
  return Elements{Make(std::move(name), scaled, 0, scaled)};
}

Elements OnMeasure(const Group& group, const Cut& cut, const Rational& measure) {
  const char* name = group.component->payout.kind == Payout::Kind::kRate ? "rate" : "per_unit";
  if (group.rated == nullptr) {
    return {Make(name, group.value * measure, measure, group.value)};
  }
  const Rational rated = InPlanUnit(ValueAt(*group.rated, cut, group.currency()).value_or(0),
                                    *group.own.taken->measure, group.currency());
  return {Make(name, rated, measure, group.value)};
}

Elements OfBands(const Group& group, const Cut& cut, const Rational& measure) {
  BandsInput input;
  input.measure = measure;
  input.target = TargetInPlanUnit(group.own, group.currency());
  input.target_incentive = TargetIncentive(group);
  input.has_by = group.by.has_value();
  if (input.has_by) input.by = PositionAt(*group.by, cut, group.currency());
  Elements elements;
  for (BandPay& pay : PayBands(group.bands, input)) {
    elements.push_back(Make(absl::StrCat("band", pay.band), pay.amount, measure, pay.value));
    elements.back().band = std::move(pay);
  }
  return elements;
}

Elements OfCurve(const Group& group, const Cut& cut) {
  const std::optional<Rational> attainment = AttainmentAt(group.own, cut, group.currency());
  if (!attainment.has_value()) return {};
  const Rational multiple = CurveMultiple(group.component->payout.curve, *attainment);
  return {Make("curve", TargetIncentive(group) * multiple, *attainment, multiple)};
}

absl::StatusOr<Elements> OfMatrix(const Group& group, const Cut& cut,
                                  const std::optional<Rational>& measure) {
  const std::optional<Rational> row = PositionAt(*group.rows, cut, group.currency());
  const std::optional<Rational> column = PositionAt(*group.columns, cut, group.currency());
  if (!row.has_value() || !column.has_value()) return Elements();
  const Matrix& matrix = group.component->payout.matrix;
  const MatrixPlace place = PlaceAt(matrix, *row, *column);
  const Matrix::Cell& cell = CellAt(matrix, *row, *column);
  const std::string name = absl::StrCat("cell", place.row, ".", place.column);
  Elements elements;
  switch (cell.pay) {
    case Matrix::Cell::Pay::kFixed: {
      ASSIGN_OR_RETURN(elements, Fixed(group, name, cell.value));
      break;
    }
    case Matrix::Cell::Pay::kMultiple:
      elements.push_back(Make(name, TargetIncentive(group) * cell.value, *row, cell.value));
      break;
    case Matrix::Cell::Pay::kRate:
      if (!measure.has_value()) return Elements();
      elements.push_back(Make(name, *measure * cell.value, *measure, cell.value));
      break;
  }
  elements.back().cell = cell.pay;
  return elements;
}

// f of one deal's credit, from zero.
Rational PayOfDeal(const PerDeal& per_deal, const Bands& bands, const Rational& credit) {
  if (credit.is_zero()) return 0;
  if (per_deal.min_amount.has_value() && credit < *per_deal.min_amount) return 0;
  Rational pay = 0;
  if (per_deal.rate.has_value()) {
    pay = *per_deal.rate * credit;
  } else {
    BandsInput input;
    input.measure = credit;
    for (const BandPay& band : PayBands(bands, input)) pay += band.amount;
  }
  return per_deal.cap.has_value() ? Min(pay, *per_deal.cap) : pay;
}

Elements OfDeals(const Group& group, const Cut& cut) {
  struct Credit {
    Rational eve, to_date;
    bool in_period = false;
  };
  std::map<std::string, Credit> deals;
  for (const Contribution& fact : group.whole_deals) {
    if (cut.day < fact.date || cut.order < fact.order) continue;
    Credit& credit = deals[fact.deal->deal_id];
    credit.to_date += fact.value;
    if (fact.date < group.measured.first) {
      credit.eve += fact.value;
    } else {
      credit.in_period = true;
    }
  }
  const PerDeal& per_deal = group.component->payout.per_deal;
  const Rational per_major(group.currency().minor_per_major());
  Elements elements;
  for (const auto& [deal_id, credit] : deals) {
    if (!credit.in_period) continue;
    const Rational to_date = credit.to_date / per_major;
    elements.push_back(Make(absl::StrCat("deal:", deal_id),
                            PayOfDeal(per_deal, group.bands, to_date) -
                                PayOfDeal(per_deal, group.bands, credit.eve / per_major),
                            to_date, per_deal.rate.value_or(0)));
  }
  return elements;
}

Elements OfRank(const Group& group, const Cut& cut, const Rational& measure) {
  const std::optional<int> rank = RankAt(group, cut);
  const std::vector<Rational>& awards = group.component->payout.rank.awards;
  if (!rank.has_value() || static_cast<size_t>(*rank) > awards.size()) return {};
  const Rational& award = awards[static_cast<size_t>(*rank) - 1];
  return {Make(absl::StrCat("award", *rank), award, measure, award)};
}

// Those who share a pool, by weight.
struct Sharing {
  std::vector<Rational> weights;
  std::optional<size_t> place;  // the participant's
};

Sharing SharingAt(const PoolPart& pool, Date day, Currency currency) {
  Sharing sharing;
  for (size_t i = 0; i < pool.weights.size(); ++i) {
    if (!pool.gates.empty() && ModificationAt(*pool.gates[i], {day}).stopped) continue;
    if (pool.place == i) sharing.place = sharing.weights.size();
    sharing.weights.push_back(
        pool.measures.empty()
            ? pool.weights[i]
            : Max(ValueAt(*pool.measures[i], {day}, currency).value_or(0), Rational(0)));
  }
  return sharing;
}

absl::StatusOr<Elements> OfPool(const Group& group, const Cut& cut) {
  const PoolPart& part = *group.pool;
  const Sharing sharing = SharingAt(part, cut.day, group.currency());
  if (!sharing.place.has_value()) return Elements();
  const Pool& pool = group.component->payout.pool;
  const Currency currency = group.currency();
  Rational size = pool.amount.value_or(0);
  Rational measure;
  if (part.size != nullptr) {
    const std::optional<Rational> value = ValueAt(*part.size, cut, currency);
    if (!value.has_value()) return Elements();
    measure = InPlanUnit(*value, *part.size->measure, currency);
    if (!pool.amount.has_value()) size = pool.rate * measure;
    if (part.scaled) {
      if (!part.target.has_value() || part.target->value.is_zero()) return Elements();
      size *= *value / part.target->value;
    }
  }
  const Rational per_unit(group.minor_per_unit());
  ASSIGN_OR_RETURN(const int64_t rounded, (size * per_unit).Round(group.rounding()));
  const std::vector<Rational>& weights = sharing.weights;
  if (std::all_of(weights.begin(), weights.end(), [](const Rational& w) { return w.is_zero(); })) {
    return Elements();
  }
  ASSIGN_OR_RETURN(const std::vector<int64_t> parts, AllocateByFractions(rounded, weights));
  return Elements{Make("pool", Rational(parts[*sharing.place]) / per_unit, measure,
                       Rational(rounded) / per_unit)};
}

absl::StatusOr<Elements> OfGoal(const Group& group, const Cut& cut) {
  if (!group.goal.has_value()) return Elements();
  const std::optional<Rational> attainment = AttainmentAt(group.goal->gauge, cut, group.currency());
  if (!attainment.has_value() || *attainment < Rational(1)) return Elements();
  return Fixed(group, absl::StrCat("goal:", group.goal->goal->goal_id), group.goal->goal->amount);
}

}  // namespace

size_t PoolMembersAt(const Group& group, Date day) {
  return SharingAt(*group.pool, day, group.currency()).weights.size();
}

bool IsReached(const Group& group, Date day) {
  const std::optional<Date> first_day =
      (*group.in_plan & Days{group.period.first(), group.period.last()}).first();
  return first_day.has_value() ? *first_day <= day : group.leaver;
}

std::optional<int> RankAt(const Group& group, const Cut& cut) {
  if (group.rivals == nullptr || !group.rivals->takes_part) return std::nullopt;
  const std::optional<Rational> own = ValueAt(*group.own.taken, cut, group.currency());
  if (!own.has_value() || own->sign() <= 0) return std::nullopt;
  int rank = 1;
  for (const auto& other : group.rivals->others) {
    const std::optional<Rational> value = ValueAt(*other, {cut.day}, group.currency());
    if (value.has_value() && *value > *own) ++rank;
  }
  return rank;
}

absl::StatusOr<std::vector<Element>> ElementsAt(const Group& group, const Cut& cut) {
  if (cut.day < group.measured.first || !IsReached(group, cut.day)) return Elements();
  const Payout& payout = group.component->payout;
  std::optional<Rational> measure;
  if (group.own.taken != nullptr) {
    measure = MeasureAt(group.own, cut, group.currency());
    // A goal has a measure of its own.
    if (!measure.has_value() && payout.kind != Payout::Kind::kGoals) return Elements();
  }
  switch (payout.kind) {
    case Payout::Kind::kRate:
    case Payout::Kind::kPerUnit:
      return OnMeasure(group, cut, *measure);
    case Payout::Kind::kFixed:
      return Fixed(group, "fixed", payout.value);
    case Payout::Kind::kBands:
      return OfBands(group, cut, *measure);
    case Payout::Kind::kCurve:
      return OfCurve(group, cut);
    case Payout::Kind::kMatrix:
      return OfMatrix(group, cut, measure);
    case Payout::Kind::kPerDeal:
      return OfDeals(group, cut);
    case Payout::Kind::kRank:
      return OfRank(group, cut, *measure);
    case Payout::Kind::kPool:
      return OfPool(group, cut);
    case Payout::Kind::kGoals:
      return OfGoal(group, cut);
  }
  return Elements();
}

}  // namespace payfold
