// Payouts in words.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/plan/prose.h"
#include "ledger/plan/prose_parts.h"

namespace payfold {
namespace {

// One component's payout; what it pays in is the component's reward.
struct Teller {
  const Component& component;
  const Program& program;

  const Measure* OwnMeasure() const {
    return component.measure.has_value() ? &*component.measure : nullptr;
  }
  std::string Pay(const Rational& amount) const { return PayText(amount, component, program); }

  std::string RateText(const Rational& rate, const std::optional<LookupTable>& by) const;
  std::string UnitPriceText(const Rational& price, const std::optional<LookupTable>& by) const;
  std::string BandPayText(const Band& band, const Bands& bands) const;
  std::string BandsText(const Bands& bands, const Measure* own) const;
  std::string CurveText(const Curve& curve) const;
  std::string AxisText(absl::string_view name, const Matrix::Axis& axis) const;
  std::string CellText(const Matrix::Cell& cell) const;
  std::string MatrixText(const Matrix& matrix) const;
  std::string PerDealText(const PerDeal& per_deal) const;
  std::string RankText(const Rank& rank) const;
  std::string PoolText(const Pool& pool) const;
  std::string GoalsText() const;
};

std::string Teller::RateText(const Rational& rate, const std::optional<LookupTable>& by) const {
  if (!by.has_value()) return PercentText(rate);
  return absl::StrCat(PercentText(rate), " (by ", by->by, ": ", TableText(*by, PercentText), ")");
}

std::string Teller::UnitPriceText(const Rational& price,
                                  const std::optional<LookupTable>& by) const {
  if (!by.has_value()) return Pay(price);
  return absl::StrCat(Pay(price), " (by ", by->by, ": ", TableText(*by, NumberText), ")");
}

// What one band pays, and on what.
std::string Teller::BandPayText(const Band& band, const Bands& bands) const {
  const bool on_slice = bands.mode == Bands::Mode::kMarginal;
  const std::string part = on_slice ? "the part inside" : "the whole";
  std::string text;
  switch (band.pay) {
    case Band::Pay::kRate:
      text = absl::StrCat(RateText(band.value, band.rate_by), " of ", part);
      break;
    case Band::Pay::kPerUnit:
      text = absl::StrCat(UnitPriceText(band.value, band.rate_by), " for each unit of ", part);
      break;
    case Band::Pay::kFixed:
      text = Pay(band.value);
      if (on_slice) text += " once it is reached";
      if (bands.mode == Bands::Mode::kInterpolated) text += " spread evenly over it";
      break;
    case Band::Pay::kMultiple:
      text = absl::StrCat(NumberText(band.value),
                          " times the target incentive by the attainment of ", part);
      break;
  }
  if (band.retroactive) text += ", and once it is reached on everything below too";
  return text;
}

std::string Teller::BandsText(const Bands& bands, const Measure* own) const {
  const bool has_by = bands.by_measure.has_value();
  const bool is_share =
      has_by ? bands.by_target.has_value() : bands.basis == Bands::Basis::kAttainment;
  const Measure* chooser = has_by ? &*bands.by_measure : own;
  std::string text = is_share ? "by attainment" : "by the measure";
  if (has_by) {
    absl::StrAppend(&text, is_share ? " of " : ": ", MeasureText(*chooser));
    if (is_share) {
      absl::StrAppend(&text, " against ", TargetText(*bands.by_target, *chooser, program));
    }
  }
  absl::StrAppend(&text, bands.mode == Bands::Mode::kRetroactive ? ", the band reached counts:"
                                                                 : ", band by band:");
  Rational low = bands.from;
  bool low_is_in = !bands.from_excluded;
  for (const Band& band : bands.bands) {
    absl::StrAppend(&text, "\n  - ", low_is_in ? "from " : "above ",
                    EdgeText(low, is_share, chooser, program));
    if (band.upto.has_value()) {
      absl::StrAppend(&text, band.includes_upto ? " up to and including " : " up to ",
                      EdgeText(*band.upto, is_share, chooser, program));
      low = *band.upto;
      low_is_in = !band.includes_upto;
    }
    absl::StrAppend(&text, ": ", BandPayText(band, bands));
  }
  return text;
}

std::string Teller::CurveText(const Curve& curve) const {
  std::string text =
      "the target incentive times a multiple that follows the attainment in straight lines:";
  for (const Curve::Point& point : curve.points) {
    absl::StrAppend(&text, "\n  - at ", PercentText(point.attainment), ": ",
                    NumberText(point.multiple));
  }
  absl::StrAppend(
      &text, curve.extend ? "\n  - outside: the lines go on" : "\n  - outside: as at the ends");
  return text;
}

std::string Teller::AxisText(absl::string_view name, const Matrix::Axis& axis) const {
  const Target* target = axis.target.has_value() ? &*axis.target : nullptr;
  const std::string edges =
      absl::StrJoin(axis.edges, ", ", [&](std::string* out, const Rational& edge) {
        out->append(EdgeText(edge, target != nullptr, &axis.measure, program));
      });
  return absl::StrCat("\n  - ", name, " by ", HeldText(axis.measure, target, program),
                      edges.empty() ? "" : ", from ", edges);
}

std::string Teller::CellText(const Matrix::Cell& cell) const {
  switch (cell.pay) {
    case Matrix::Cell::Pay::kFixed:
      return Pay(cell.value);
    case Matrix::Cell::Pay::kMultiple:
      return absl::StrCat(NumberText(cell.value), " × target incentive");
    case Matrix::Cell::Pay::kRate:
      return absl::StrCat(PercentText(cell.value), " of the measure");
  }
  return "";
}

std::string Teller::MatrixText(const Matrix& matrix) const {
  std::string text = absl::StrCat("what stands in the cell reached:", AxisText("rows", matrix.rows),
                                  AxisText("columns", matrix.columns));
  for (size_t i = 0; i < matrix.cells.size(); ++i) {
    absl::StrAppend(
        &text, "\n  - row ", i + 1, ": ",
        absl::StrJoin(matrix.cells[i], " | ", [&](std::string* out, const Matrix::Cell& cell) {
          out->append(CellText(cell));
        }));
  }
  return text;
}

std::string Teller::PerDealText(const PerDeal& per_deal) const {
  std::string text = "each deal by itself";
  if (per_deal.min_amount.has_value()) {
    absl::StrAppend(&text, ", from a credit of ", MoneyText(*per_deal.min_amount, program));
  }
  if (per_deal.cap.has_value()) {
    absl::StrAppend(&text, ", at most ", Pay(*per_deal.cap));
  }
  if (per_deal.rate.has_value()) {
    return absl::StrCat(text, ": ", PercentText(*per_deal.rate), " of its credit.");
  }
  return absl::StrCat(text, ", ", BandsText(per_deal.bands, OwnMeasure()));
}

std::string Teller::RankText(const Rank& rank) const {
  std::vector<std::string> awards;
  for (size_t i = 0; i < rank.awards.size(); ++i) {
    awards.push_back(absl::StrCat("rank ", i + 1, " ", Pay(rank.awards[i])));
  }
  return absl::StrCat(
      "by rank among ",
      rank.population == Scope::kCompany ? "all in the plan" : PeopleText(rank.population), ": ",
      absl::StrJoin(awards, ", "), ".");
}

std::string Teller::PoolText(const Pool& pool) const {
  const Scope scope = component.scope == Scope::kOwn ? Scope::kCompany : component.scope;
  std::string text = pool.amount.has_value()
                         ? absl::StrCat("a pool of ", Pay(*pool.amount))
                         : absl::StrCat("a pool of ", PercentText(pool.rate),
                                        " of what is measured for ", PeopleText(scope));
  if (pool.scaled) absl::StrAppend(&text, " times the attainment of ", PeopleText(scope));
  absl::StrAppend(&text, ", shared among ", PeopleText(scope));
  switch (pool.share) {
    case Pool::Share::kEqual:
      return absl::StrCat(text, " equally.");
    case Pool::Share::kByMeasure:
      return absl::StrCat(text, " by what each has measured.");
    case Pool::Share::kByTargetIncentive:
      return absl::StrCat(text, " by target incentive.");
    case Pool::Share::kByAttribute:
      return absl::StrCat(text, " by ", pool.attribute, ".");
  }
  return text;
}

std::string Teller::GoalsText() const {
  std::string text = "what the chosen goal pays, when it is reached:";
  for (const Goal& goal : component.goals) {
    absl::StrAppend(&text, "\n  - ", goal.display_name.empty() ? goal.goal_id : goal.display_name,
                    ": ", Pay(goal.amount), " for ", MeasureText(goal.measure));
    if (goal.target.has_value()) {
      absl::StrAppend(&text, " reaching ", TargetText(*goal.target, goal.measure, program));
    }
  }
  return text;
}

}  // namespace

std::string PayoutText(const Component& component, const Program& program) {
  const Payout& payout = component.payout;
  const Teller teller = {component, program};
  switch (payout.kind) {
    case Payout::Kind::kRate:
      return absl::StrCat(teller.RateText(payout.value, payout.rate_by), " of that.");
    case Payout::Kind::kPerUnit:
      return absl::StrCat(teller.UnitPriceText(payout.value, payout.rate_by),
                          " for each unit of that.");
    case Payout::Kind::kFixed:
      return absl::StrCat(teller.Pay(payout.value), ".");
    case Payout::Kind::kBands:
      return teller.BandsText(payout.bands, teller.OwnMeasure());
    case Payout::Kind::kCurve:
      return teller.CurveText(payout.curve);
    case Payout::Kind::kMatrix:
      return teller.MatrixText(payout.matrix);
    case Payout::Kind::kPerDeal:
      return teller.PerDealText(payout.per_deal);
    case Payout::Kind::kRank:
      return teller.RankText(payout.rank);
    case Payout::Kind::kPool:
      return teller.PoolText(payout.pool);
    case Payout::Kind::kGoals:
      return teller.GoalsText();
  }
  return "";
}

}  // namespace payfold
