// Bands: their order, what they pay, what chooses them.

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/measure_range.h"

namespace payfold {
namespace {

struct BandsReader {
  bool per_deal;
  Compilation* c;

  Bands Read(const v1::Bands& bands, const std::string& path) const;
  void ReadHead(const v1::Bands& bands, const std::string& path, Bands* result) const;
  void ReadBy(const v1::Bands& bands, const std::string& path, Bands* result) const;
  void ReadPay(const v1::Band& band, const std::string& path, Band* result) const;
  void ReadMultiple(const v1::Band& band, const std::string& path, Band* result) const;
  void ReadRateBy(const v1::Band& band, const std::string& path, Band* result) const;
  void ReadEdgeOf(const v1::Band& band, const Bands& bands, bool is_last, const Rational& below,
                  const std::string& path, Band* result) const;
  void CheckMode(const v1::Band& band, int index, const Bands& bands, const Band& result,
                 const std::string& path) const;
  void WarnCounts(const Bands& bands, const std::string& path) const;
  void WarnRange(const Bands& bands, const std::string& path) const;
  void WarnGapAbove(const Bands& bands, const std::string& path) const;

  const Measure* ChooserOf(const Bands& bands) const;
  std::optional<Rational> ReadEdgeText(const std::string& text, const Bands& bands,
                                       const std::string& path) const;
};

bool IsByAttainment(const Bands& bands) {
  return bands.by_measure.has_value() ? bands.by_target.has_value()
                                      : bands.basis == Bands::Basis::kAttainment;
}

const Measure* BandsReader::ChooserOf(const Bands& bands) const {
  if (bands.by_measure.has_value()) return &*bands.by_measure;
  return c->so_far->measure.has_value() ? &*c->so_far->measure : nullptr;
}

std::optional<Rational> BandsReader::ReadEdgeText(const std::string& text, const Bands& bands,
                                                  const std::string& path) const {
  const bool is_share = IsByAttainment(bands) || bands.basis == Bands::Basis::kAttainment;
  return ReadEdge(text, is_share, ChooserOf(bands), path, c);
}

void BandsReader::ReadMultiple(const v1::Band& band, const std::string& path, Band* result) const {
  result->pay = Band::Pay::kMultiple;
  result->value = CompileMultiple(band.multiple(), path, &c->findings);
  if (per_deal) {
    c->findings.Error(path,
                      "is of the target incentive by attainment, and per_deal pays on the credit "
                      "of each deal: use rate, per_unit or fixed");
  } else if (!c->source().has_target()) {
    c->findings.Error(path,
                      "is of the target incentive by attainment, and the component has no target: "
                      "add `target`, as in target: {quota: {metric: bookings}}");
  }
}

void BandsReader::ReadPay(const v1::Band& band, const std::string& path, Band* result) const {
  switch (band.pay_case()) {
    case v1::Band::kRate:
      result->pay = Band::Pay::kRate;
      result->value = CompileRate(band.rate(), Child(path, "rate"), &c->findings);
      break;
    case v1::Band::kPerUnit:
      result->pay = Band::Pay::kPerUnit;
      result->value = CompileMoney(band.per_unit(), Child(path, "per_unit"), &c->findings);
      break;
    case v1::Band::kFixed:
      result->pay = Band::Pay::kFixed;
      result->value = CompileMoney(band.fixed(), Child(path, "fixed"), &c->findings);
      c->seen.fixed = true;
      break;
    case v1::Band::kMultiple:
      ReadMultiple(band, Child(path, "multiple"), result);
      break;
    case v1::Band::PAY_NOT_SET:
      c->findings.Error(path, "pays nothing: give one of rate, per_unit, fixed, multiple");
      break;
  }
  if (!band.rate_by().empty()) ReadRateBy(band, Child(path, "rate_by"), result);
}

void BandsReader::ReadRateBy(const v1::Band& band, const std::string& path, Band* result) const {
  if (!band.has_rate() && !band.has_per_unit()) {
    if (band.pay_case() != v1::Band::PAY_NOT_SET) {
      c->findings.Error(path, "is for a band that pays `rate` or `per_unit`: remove it");
    }
    return;
  }
  const auto read = [&](const std::string& text, const std::string& here) {
    return band.has_rate() ? CompileRate(text, here, &c->findings)
                           : CompileMoney(text, here, &c->findings);
  };
  result->rate_by = CompileRateBy(band.rate_by(), read, path, &c->findings);
}

void BandsReader::CheckMode(const v1::Band& band, int index, const Bands& bands, const Band& result,
                            const std::string& path) const {
  if (band.retroactive()) {
    const std::string here = Child(path, "retroactive");
    if (bands.mode != Bands::Mode::kMarginal) {
      c->findings.Error(here, "is for mode MARGINAL only: remove it");
    } else if (band.has_fixed()) {
      c->findings.Error(here,
                        "is for a rate, per_unit or multiple; a fixed amount has no slices: "
                        "remove it");
    } else if (index == 0) {
      c->findings.Warning(here, "has no effect on the first band: nothing lies below it");
    }
  }
  if (bands.mode != Bands::Mode::kInterpolated) return;
  if (band.pay_case() != v1::Band::PAY_NOT_SET && !band.has_fixed()) {
    c->findings.Error(path, "mode INTERPOLATED accrues fixed amounts: give `fixed` only");
  } else if (!result.upto.has_value() && !result.value.is_zero()) {
    c->findings.Warning(path, "accrues nothing: mode INTERPOLATED needs `upto` to know the width");
  }
}

// Reads `upto` and checks it against the edge below.
void BandsReader::ReadEdgeOf(const v1::Band& band, const Bands& bands, bool is_last,
                             const Rational& below, const std::string& path, Band* result) const {
  const std::string here = Child(path, "upto");
  if (band.upto().empty()) {
    if (!is_last) c->findings.Error(here, "is required: only the last band may leave it out");
    if (band.includes_upto()) {
      c->findings.Error(Child(path, "includes_upto"), "has no `upto` to include: remove it");
    }
    return;
  }
  result->upto = ReadEdgeText(band.upto(), bands, here);
  if (result->upto.has_value() && *result->upto <= below) {
    c->findings.Error(here, absl::StrCat(band.upto(), " is not above ", below.ToText(9),
                                         ", where the band begins: bands ascend"));
  }
  result->includes_upto = result->upto.has_value() && (band.includes_upto() || bands.from_excluded);
}

// A choice by a count never falls between two whole numbers.
void BandsReader::WarnCounts(const Bands& bands, const std::string& path) const {
  const Measure* chooser = ChooserOf(bands);
  const bool is_count =
      chooser != nullptr && chooser->kind == Measure::Kind::kDeals &&
      (chooser->value == DealValue::kCount || chooser->value == DealValue::kCountDistinct);
  if (bands.mode != Bands::Mode::kRetroactive || IsByAttainment(bands) || !is_count) return;
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
      c->findings.Warning(Element(path, static_cast<int>(i)),
                          "can never be reached: no count falls between its edges");
    }
    low = *band.upto;
    low_is_in = !band.includes_upto;
  }
}

// Bands that begin above everything that can be measured.
void BandsReader::WarnRange(const Bands& bands, const std::string& path) const {
  const Measure* chooser = ChooserOf(bands);
  if (IsByAttainment(bands) || chooser == nullptr) return;
  const MeasureRange range = RangeOf(*chooser, AroundComponent(*c).period);
  if (!range.high.has_value()) return;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Rational& low = i == 0 ? bands.from : bands.bands[i - 1].upto.value_or(bands.from);
    const bool low_is_in = i == 0 ? !bands.from_excluded : !bands.bands[i - 1].includes_upto;
    if (low < *range.high || (low == *range.high && low_is_in)) continue;
    c->findings.Warning(
        Element(path, static_cast<int>(i)),
        absl::StrCat("can never be reached: what is measured is at most ", range.high->ToText(9)));
  }
}

void BandsReader::WarnGapAbove(const Bands& bands, const std::string& path) const {
  if (bands.bands.empty() || !bands.bands.back().upto.has_value()) return;
  const bool whole = bands.mode == Bands::Mode::kRetroactive;
  if (!whole && bands.bands.back().pay == Band::Pay::kFixed) return;
  c->findings.Warning(
      Element(path, static_cast<int>(bands.bands.size()) - 1),
      absl::StrCat("is the last band and ends: nothing ", whole ? "" : "more ", "is paid above ",
                   bands.bands.back().upto->ToText(9), "; leave `upto` out if it has no limit"));
}

void BandsReader::ReadBy(const v1::Bands& bands, const std::string& path, Bands* result) const {
  if (!bands.has_by()) return;
  if (per_deal) {
    c->findings.Error(path,
                      "lets another measure choose the band, and per_deal pays on the credit of "
                      "each deal alone: remove it, or use payout `bands`");
  }
  if (result->mode != Bands::Mode::kRetroactive) {
    c->findings.Error(path, "is for mode RETROACTIVE only: there another measure chooses the band");
  }
  if (bands.by().has_measure()) {
    result->by_measure =
        CompileMeasure(bands.by().measure(), AroundComponent(*c), Child(path, "measure"), c);
  } else {
    c->findings.Error(Child(path, "measure"), "is required: the measure that chooses the band");
  }
  const Measure* by = result->by_measure.has_value() ? &*result->by_measure : nullptr;
  if (bands.by().has_target()) {
    result->by_target =
        CompileTarget(bands.by().target(), {.measure = by}, Child(path, "target"), c);
  } else if (result->basis == Bands::Basis::kAttainment) {
    result->by_target = c->so_far->target;
    result->by_component_target = true;
    const std::optional<Measure>& measure = c->so_far->measure;
    if (by != nullptr && measure.has_value() && by->is_money() != measure->is_money()) {
      c->findings.Error(path,
                        "measures money where the component measures a number, or the other way "
                        "round, so the component's target does not suit it: give `by` a target");
    }
  }
}

void BandsReader::ReadHead(const v1::Bands& bands, const std::string& path, Bands* result) const {
  if (bands.basis() == v1::Bands::ATTAINMENT) {
    const std::string here = Child(path, "basis");
    result->basis = Bands::Basis::kAttainment;
    if (per_deal) {
      c->findings.Error(here,
                        "ATTAINMENT is of the period's measure, and per_deal pays on the credit of "
                        "each deal alone: use MEASURE, or payout `bands`");
    } else if (!c->source().has_target()) {
      c->findings.Error(here,
                        "ATTAINMENT is measure / target, and the component has no target: add "
                        "`target`, as in target: {quota: {metric: bookings}}");
    }
  }
  if (bands.mode() == v1::Bands::RETROACTIVE) result->mode = Bands::Mode::kRetroactive;
  if (bands.mode() == v1::Bands::INTERPOLATED) result->mode = Bands::Mode::kInterpolated;
  result->from_excluded = bands.edges() == v1::Bands::UPPER_INCLUSIVE;
  ReadBy(bands, Child(path, "by"), result);
  c->seen.measure_edges |= !IsByAttainment(*result);
  if (!bands.from().empty()) {
    result->from = ReadEdgeText(bands.from(), *result, Child(path, "from")).value_or(0);
  }
}

Bands BandsReader::Read(const v1::Bands& bands, const std::string& path) const {
  Bands result;
  ReadHead(bands, path, &result);
  const std::string list = Child(path, "bands");
  if (bands.bands().empty()) {
    c->findings.Error(list, "has no band: give at least one, as in [{rate: 5%}]");
  }
  Rational below = result.from;
  for (int i = 0; i < bands.bands_size(); ++i) {
    const v1::Band& band = bands.bands(i);
    const std::string here = Element(list, i);
    Band one;
    ReadEdgeOf(band, result, i + 1 == bands.bands_size(), below, here, &one);
    one.retroactive = band.retroactive();
    ReadPay(band, here, &one);
    CheckMode(band, i, result, one, here);
    if (one.upto.has_value()) below = *one.upto;
    result.bands.push_back(std::move(one));
  }
  WarnCounts(result, list);
  WarnRange(result, list);
  WarnGapAbove(result, list);
  return result;
}

}  // namespace

Bands CompileBands(const v1::Bands& bands, bool per_deal, const std::string& path, Compilation* c) {
  return BandsReader{per_deal, c}.Read(bands, path);
}

}  // namespace payfold
