// Bands: their order, what they pay, what chooses them.

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/unsupported.h"

namespace payfold {
namespace {

void ErrorIfUnsupported(absl::string_view name, const std::string& path, Findings* findings) {
  if (const absl::string_view what = UnsupportedWhat(name); !what.empty()) {
    findings->Error(path, absl::StrCat("not supported yet: ", what));
  }
}

void CompilePay(const v1::Band& band, const BandsContext& context, const std::string& path,
                Findings* findings, Band* result) {
  switch (band.pay_case()) {
    case v1::Band::kRate:
      result->pay = Band::Pay::kRate;
      result->value = CompileRate(band.rate(), Child(path, "rate"), findings);
      break;
    case v1::Band::kPerUnit:
      result->pay = Band::Pay::kPerUnit;
      result->value = CompileMoney(band.per_unit(), Child(path, "per_unit"), findings);
      break;
    case v1::Band::kFixed:
      result->pay = Band::Pay::kFixed;
      result->value = CompileMoney(band.fixed(), Child(path, "fixed"), findings);
      break;
    case v1::Band::kMultiple: {
      const std::string here = Child(path, "multiple");
      result->pay = Band::Pay::kMultiple;
      result->value = findings->ReadShare(band.multiple(), here).value_or(0);
      if (context.per_deal) ErrorIfUnsupported("PerDeal.bands+multiple", here, findings);
      if (!context.has_target) {
        findings->Error(here,
                        "is of the target incentive by attainment, and the component has no "
                        "target: add `target`, as in target: {quota: {metric: bookings}}");
      }
      break;
    }
    case v1::Band::PAY_NOT_SET:
      findings->Error(path, "pays nothing: give one of rate, per_unit, fixed, multiple");
      break;
  }
}

// Checks that belong to the mode.
void CheckMode(const v1::Band& band, int index, const Bands& bands, const Band& result,
               const std::string& path, Findings* findings) {
  if (band.retroactive()) {
    const std::string here = Child(path, "retroactive");
    if (bands.mode != Bands::Mode::kMarginal) {
      findings->Error(here, "is for mode MARGINAL only: remove it");
    } else if (band.has_fixed()) {
      findings->Error(here,
                      "is for a rate, per_unit or multiple; a fixed amount has no slices: remove "
                      "it");
    } else if (index == 0) {
      findings->Warning(here, "has no effect on the first band: nothing lies below it");
    }
  }
  if (bands.mode != Bands::Mode::kInterpolated) return;
  if (band.pay_case() != v1::Band::PAY_NOT_SET && !band.has_fixed()) {
    findings->Error(path, "mode INTERPOLATED accrues fixed amounts: give `fixed` only");
  } else if (!result.upto.has_value() && !result.value.is_zero()) {
    findings->Warning(path, "accrues nothing: mode INTERPOLATED needs `upto` to know the width");
  }
}

// Reads `upto` and checks it against the edge below. Edges are shares where they
// are held against attainment.
void CompileEdge(const v1::Band& band, bool is_last, bool is_share, const Rational& below,
                 const std::string& path, Findings* findings, Band* result) {
  const std::string here = Child(path, "upto");
  if (band.upto().empty()) {
    if (!is_last) findings->Error(here, "is required: only the last band may leave it out");
    if (band.includes_upto()) {
      findings->Error(Child(path, "includes_upto"), "has no `upto` to include: remove it");
    }
    return;
  }
  result->upto =
      is_share ? findings->ReadShare(band.upto(), here) : findings->ReadDecimal(band.upto(), here);
  if (result->upto.has_value() && *result->upto <= below) {
    findings->Error(here, absl::StrCat(band.upto(), " is not above ", below.ToText(9),
                                       ", where the band begins: bands ascend"));
  }
}

// A choice by a count never falls between two whole numbers.
void WarnUnreachable(const Bands& bands, const Component& component, const std::string& path,
                     Findings* findings) {
  const std::optional<Measure>& chooser =
      bands.by_measure.has_value() ? bands.by_measure : component.measure;
  const bool by_attainment = bands.by_measure.has_value()
                                 ? bands.by_target.has_value()
                                 : bands.basis == Bands::Basis::kAttainment;
  if (bands.mode != Bands::Mode::kRetroactive || by_attainment || !chooser.has_value() ||
      chooser->value != DealValue::kCount) {
    return;
  }
  Rational low = bands.from;
  bool low_is_in = !bands.from_excluded;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Band& band = bands.bands[i];
    if (!band.upto.has_value()) break;
    const auto floor = low.Floor();
    if (!floor.ok()) break;
    const Rational first = low_is_in && low == Rational(*floor) ? low : Rational(*floor) + 1;
    const int order = Rational::Compare(first, *band.upto);
    if (order > 0 || (order == 0 && !band.includes_upto)) {
      findings->Warning(Element(path, static_cast<int>(i)),
                        "can never be reached: no count falls between its edges");
    }
    low = *band.upto;
    low_is_in = !band.includes_upto;
  }
}

void WarnGapAbove(const Bands& bands, const std::string& path, Findings* findings) {
  if (bands.bands.empty() || !bands.bands.back().upto.has_value()) return;
  const bool whole = bands.mode == Bands::Mode::kRetroactive;
  if (!whole && bands.bands.back().pay == Band::Pay::kFixed) return;
  findings->Warning(
      Element(path, static_cast<int>(bands.bands.size()) - 1),
      absl::StrCat("is the last band and ends: nothing ", whole ? "" : "more ", "is paid above ",
                   bands.bands.back().upto->ToText(9), "; leave `upto` out if it has no limit"));
}

void CompileBy(const v1::Bands& bands, const BandsContext& context, const std::string& path,
               Findings* findings, Bands* result) {
  if (!bands.has_by()) return;
  const std::string here = Child(path, "by");
  if (context.per_deal) ErrorIfUnsupported("PerDeal.bands+by", here, findings);
  if (result->mode != Bands::Mode::kRetroactive) {
    findings->Error(here, "is for mode RETROACTIVE only: there another measure chooses the band");
  }
  if (bands.by().has_measure()) {
    result->by_measure =
        CompileMeasure(bands.by().measure(), context.scope, Child(here, "measure"), findings);
  } else {
    findings->Error(Child(here, "measure"), "is required: the measure that chooses the band");
  }
  if (bands.by().has_target()) {
    result->by_target = CompileTarget(bands.by().target(), Child(here, "target"), findings);
  } else if (result->basis == Bands::Basis::kAttainment) {
    result->by_target = context.component->target;
    const std::optional<Measure>& measure = context.component->measure;
    if (result->by_measure.has_value() && measure.has_value() &&
        result->by_measure->is_money() != measure->is_money()) {
      findings->Error(here,
                      "measures money where the component measures a number, or the other way "
                      "round, so the component's target does not suit it: give `by` a target");
    }
  }
}

void CompileHead(const v1::Bands& bands, const BandsContext& context, const std::string& path,
                 Findings* findings, Bands* result) {
  if (bands.basis() == v1::Bands::ATTAINMENT) {
    const std::string here = Child(path, "basis");
    result->basis = Bands::Basis::kAttainment;
    if (context.per_deal) ErrorIfUnsupported("PerDeal.bands+ATTAINMENT", here, findings);
    if (!context.has_target) {
      findings->Error(here,
                      "ATTAINMENT is measure / target, and the component has no target: add "
                      "`target`, as in target: {quota: {metric: bookings}}");
    }
  }
  if (bands.mode() == v1::Bands::RETROACTIVE) result->mode = Bands::Mode::kRetroactive;
  if (bands.mode() == v1::Bands::INTERPOLATED) result->mode = Bands::Mode::kInterpolated;
  result->from_excluded = bands.edges() == v1::Bands::UPPER_INCLUSIVE;
  CompileBy(bands, context, path, findings, result);
}

}  // namespace

Bands CompileBands(const v1::Bands& bands, const BandsContext& context, const std::string& path,
                   Findings* findings) {
  Bands result;
  CompileHead(bands, context, path, findings, &result);
  const bool is_share = bands.by().has_target() || result.basis == Bands::Basis::kAttainment;
  if (!bands.from().empty()) {
    const std::string here = Child(path, "from");
    const std::optional<Rational> from = is_share ? findings->ReadShare(bands.from(), here)
                                                  : findings->ReadDecimal(bands.from(), here);
    result.from = from.value_or(0);
  }
  const std::string list = Child(path, "bands");
  if (bands.bands().empty()) {
    findings->Error(list, "has no band: give at least one, as in [{rate: 5%}]");
  }
  Rational below = result.from;
  for (int i = 0; i < bands.bands_size(); ++i) {
    const v1::Band& band = bands.bands(i);
    const std::string here = Element(list, i);
    Band one;
    CompileEdge(band, i + 1 == bands.bands_size(), is_share, below, here, findings, &one);
    one.includes_upto = one.upto.has_value() &&
                        (band.includes_upto() || bands.edges() == v1::Bands::UPPER_INCLUSIVE);
    one.retroactive = band.retroactive();
    CompilePay(band, context, here, findings, &one);
    CheckMode(band, i, result, one, here, findings);
    if (one.upto.has_value()) below = *one.upto;
    result.bands.push_back(std::move(one));
  }
  WarnUnreachable(result, *context.component, list, findings);
  WarnGapAbove(result, list, findings);
  return result;
}

}  // namespace payfold
