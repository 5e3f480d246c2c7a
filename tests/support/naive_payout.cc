#include "tests/support/naive_payout.h"

#include <cstddef>

namespace payfold_testing {
namespace {

using ::payfold::Rational;
namespace v1 = ::payfold::v1;

bool IsDefined(const std::optional<Rational>& target) {
  return target.has_value() && !target->is_zero();
}

// The bands with their edges, in units of the basis.
class BandTable {
 public:
  BandTable(const v1::Bands& bands, const NaivePay& pay) : bands_(bands), pay_(pay) {}

  std::vector<Rational> Amounts() const {
    std::vector<Rational> amounts(static_cast<size_t>(bands_.bands_size()));
    if (IsOnUndefinedAttainment()) return amounts;
    for (int i = 0; i < bands_.bands_size(); ++i) amounts[static_cast<size_t>(i)] = Amount(i);
    return amounts;
  }

 private:
  bool on_attainment() const { return bands_.basis() == v1::Bands::ATTAINMENT; }
  const v1::Band& band(int i) const { return bands_.bands(i); }

  bool IsOnUndefinedAttainment() const {
    if (on_attainment() && !IsDefined(pay_.target)) return true;
    return bands_.mode() == v1::Bands::RETROACTIVE && bands_.by().has_target() &&
           !IsDefined(pay_.by_target);
  }

  // Edges on a measure may be prorated, those on an attainment are as written.
  Rational Edge(const std::string& text) const {
    const bool on_measure = !on_attainment() && !bands_.by().has_target();
    return on_measure ? pay_.edge(text) : NaiveNumber(text);
  }
  Rational Lower(int i) const { return Edge(i == 0 ? bands_.from() : band(i - 1).upto()); }
  bool HasUpper(int i) const { return !band(i).upto().empty(); }
  Rational Upper(int i) const { return Edge(band(i).upto()); }
  bool UpperBelongsTo(int i) const {
    return bands_.edges() == v1::Bands::UPPER_INCLUSIVE || band(i).includes_upto();
  }
  // The first band goes on below a start of 0, unless it pays a fixed amount.
  bool ExtendsBelow(int i) const { return i == 0 && Lower(0).is_zero() && !band(0).has_fixed(); }

  bool IsEntered(int i, const Rational& x) const {
    if (ExtendsBelow(i)) return true;
    const bool lower_belongs =
        i == 0 ? bands_.edges() != v1::Bands::UPPER_INCLUSIVE : !UpperBelongsTo(i - 1);
    return x > Lower(i) || (lower_belongs && x == Lower(i));
  }
  bool Contains(int i, const Rational& x) const {
    if (!IsEntered(i, x)) return false;
    return !HasUpper(i) || x < Upper(i) || (UpperBelongsTo(i) && x == Upper(i));
  }
  // The part of x inside the band.
  Rational Slice(int i, const Rational& x) const {
    const Rational top = HasUpper(i) ? Min(x, Upper(i)) : x;
    const Rational slice = top - Lower(i);
    return ExtendsBelow(i) ? slice : Max(slice, 0);
  }

  // What is paid for so much of the basis, at the rate of band i.
  Rational PayFor(int i, const Rational& amount_of_basis) const {
    if (band(i).has_multiple()) {
      const Rational attainment =
          on_attainment() ? amount_of_basis : NaiveAttainment(amount_of_basis, pay_.target);
      return pay_.incentive * NaiveNumber(band(i).multiple()) * attainment;
    }
    const Rational measure = on_attainment() ? amount_of_basis * *pay_.target : amount_of_basis;
    return measure * (band(i).has_rate() ? pay_.rate(band(i)) : NaiveNumber(band(i).per_unit()));
  }

  // The x that the basis names, and the one that chooses a RETROACTIVE band.
  Rational X() const {
    return on_attainment() ? NaiveAttainment(pay_.measure, pay_.target) : pay_.measure;
  }
  Rational ChoosingX() const {
    if (!bands_.has_by()) return X();
    const Rational& measure = pay_.by_measure.has_value() ? *pay_.by_measure : pay_.measure;
    if (bands_.by().has_target()) return NaiveAttainment(measure, pay_.by_target);
    return on_attainment() ? NaiveAttainment(measure, pay_.target) : measure;
  }

  Rational Amount(int i) const {
    switch (bands_.mode()) {
      case v1::Bands::RETROACTIVE:
        if (!Contains(i, ChoosingX())) return 0;
        return band(i).has_fixed() ? pay_.fixed(band(i).fixed()) : PayFor(i, X());
      case v1::Bands::INTERPOLATED:
        if (!HasUpper(i)) return 0;
        if (Upper(i) == Lower(i)) return 0;  // prorated to nothing
        return pay_.fixed(band(i).fixed()) * Max(Slice(i, X()), 0) / (Upper(i) - Lower(i));
      default:
        return Marginal(i, X());
    }
  }

  Rational Marginal(int i, const Rational& x) const {
    if (!IsEntered(i, x)) return 0;
    if (band(i).has_fixed()) return pay_.fixed(band(i).fixed());
    int highest_retroactive = -1;
    for (int j = 0; j < bands_.bands_size(); ++j) {
      if (band(j).retroactive() && !band(j).has_fixed() && IsEntered(j, x)) highest_retroactive = j;
    }
    if (i < highest_retroactive) return 0;
    Rational slice = Slice(i, x);
    if (i == highest_retroactive) {
      for (int j = 0; j < i; ++j) slice += Slice(j, x);
    }
    return PayFor(i, slice);
  }

  const v1::Bands& bands_;
  const NaivePay& pay_;
};

}  // namespace

Rational NaiveAttainment(const Rational& measure, const std::optional<Rational>& target) {
  return IsDefined(target) ? measure / *target : Rational(0);
}

Rational CurveMultiple(const v1::Curve& curve, const Rational& x) {
  const auto at = [&](int i) { return NaiveNumber(curve.points(i).attainment()); };
  const auto multiple = [&](int i) { return NaiveNumber(curve.points(i).multiple()); };
  // The line through two points with different attainments.
  const auto line = [&](int i, int j) {
    return multiple(i) + (x - at(i)) * (multiple(j) - multiple(i)) / (at(j) - at(i));
  };
  const int last = curve.points_size() - 1;
  int below = -1;  // the last point not above x
  for (int i = 0; i <= last; ++i) {
    if (at(i) <= x) below = i;
  }
  if (0 <= below && below < last) return line(below, below + 1);
  const int end = below < 0 ? 0 : last;
  if (curve.beyond() != v1::Curve::EXTEND || at(end) == x) return multiple(end);
  const int inwards = below < 0 ? 1 : -1;
  for (int i = end + inwards; 0 <= i && i <= last; i += inwards) {
    if (at(i) != at(end)) return line(end, i);
  }
  return multiple(end);
}

Rational MultiplierAt(const v1::Multiplier& multiplier, const Rational& x) {
  for (const v1::MultiplierBand& band : multiplier.bands()) {
    if (band.upto().empty()) return NaiveNumber(band.multiple());
    const Rational upto = NaiveNumber(band.upto());
    if (x < upto || (band.includes_upto() && x == upto)) return NaiveNumber(band.multiple());
  }
  return 1;
}

std::vector<Rational> BandAmounts(const v1::Bands& bands, const NaivePay& pay) {
  return BandTable(bands, pay).Amounts();
}

Rational PerDealAmount(const v1::PerDeal& per_deal, const Rational& credit, NaivePay pay) {
  if (credit.is_zero()) return 0;
  if (!per_deal.min_amount().empty() && credit < NaiveNumber(per_deal.min_amount())) return 0;
  Rational amount;
  if (per_deal.has_rate()) {
    amount = credit * NaiveNumber(per_deal.rate());
  } else {
    pay.measure = credit;
    for (const Rational& band : BandAmounts(per_deal.bands(), pay)) {
      amount += band;
    }
  }
  return per_deal.cap().empty() ? amount : Min(amount, NaiveNumber(per_deal.cap()));
}

}  // namespace payfold_testing
