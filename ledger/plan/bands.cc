#include "ledger/plan/bands.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace payfold {
namespace {

// What the edges are held against: x, with measure = x × unit.
struct Scale {
  Rational x;
  Rational unit;
};

const Rational& LowerEdge(const Bands& bands, size_t i) {
  return i == 0 ? bands.from : *bands.bands[i - 1].upto;
}

bool OwnsLowerEdge(const Bands& bands, size_t i) {
  return i == 0 ? !bands.from_excluded : !bands.bands[i - 1].includes_upto;
}

bool IsEntered(const Bands& bands, size_t i, const Rational& x) {
  const int order = Rational::Compare(x, LowerEdge(bands, i));
  return order > 0 || (order == 0 && OwnsLowerEdge(bands, i));
}

// A first band that starts at 0 holds below it too, unless it is a fixed amount.
bool ExtendsBelow(const Bands& bands) {
  return bands.from.is_zero() && !bands.bands.empty() && bands.bands[0].pay != Band::Pay::kFixed;
}

Rational AttainmentOf(const Rational& measure, const BandsInput& input) {
  if (!input.target.has_value() || input.target->is_zero()) return 0;
  return measure / *input.target;
}

// What a band that is not fixed pays on a slice of the measure.
BandPay OnSlice(const Bands& bands, size_t i, Rational slice_from, Rational slice_to,
                const BandsInput& input) {
  const Band& band = bands.bands[i];
  BandPay pay{.band = static_cast<int>(i) + 1,
              .amount = slice_to - slice_from,
              .slice_from = std::move(slice_from),
              .slice_to = std::move(slice_to),
              .value = band.value,
              .pay = band.pay};
  if (band.pay == Band::Pay::kMultiple) {
    pay.amount = input.target_incentive * AttainmentOf(pay.amount, input);
  }
  pay.amount *= band.value;
  return pay;
}

BandPay Fixed(const Bands& bands, size_t i, const Rational& at) {
  const Band& band = bands.bands[i];
  return {.band = static_cast<int>(i) + 1,
          .amount = band.value,
          .slice_from = at,
          .slice_to = at,
          .value = band.value,
          .pay = Band::Pay::kFixed};
}

// The highest band entered whose rate holds on all slices below it, or 0: the
// first band has none below.
size_t RetroactiveBand(const Bands& bands, const Rational& x) {
  for (size_t i = bands.bands.size(); i > 1; --i) {
    if (bands.bands[i - 1].retroactive && IsEntered(bands, i - 1, x)) return i - 1;
  }
  return 0;
}

std::vector<BandPay> PayMarginal(const Bands& bands, const Scale& scale, const BandsInput& input) {
  std::vector<BandPay> result;
  const size_t retroactive = RetroactiveBand(bands, scale.x);
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Band& band = bands.bands[i];
    if (band.pay == Band::Pay::kFixed) {
      if (IsEntered(bands, i, scale.x)) {
        result.push_back(Fixed(bands, i, LowerEdge(bands, i) * scale.unit));
      }
      continue;
    }
    if (i < retroactive) continue;
    const Rational& start = LowerEdge(bands, i == retroactive ? 0 : i);
    const Rational& end = band.upto.has_value() ? Min(scale.x, *band.upto) : scale.x;
    const bool below = i == 0 && ExtendsBelow(bands) && scale.x.sign() < 0;
    if (end <= start && !below) continue;
    result.push_back(OnSlice(bands, i, start * scale.unit, end * scale.unit, input));
  }
  return result;
}

std::vector<BandPay> PayRetroactive(const Bands& bands, const Scale& scale,
                                    const BandsInput& input) {
  if (input.has_by && !input.by.has_value()) return {};
  const int at = BandAt(bands, input.has_by ? *input.by : scale.x);
  if (at == 0) return {};
  const size_t i = static_cast<size_t>(at) - 1;
  if (bands.bands[i].pay == Band::Pay::kFixed) return {Fixed(bands, i, input.measure)};
  return {OnSlice(bands, i, 0, input.measure, input)};
}

std::vector<BandPay> PayInterpolated(const Bands& bands, const Scale& scale) {
  std::vector<BandPay> result;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Band& band = bands.bands[i];
    const Rational& start = LowerEdge(bands, i);
    if (!band.upto.has_value() || scale.x <= start) break;
    const Rational& end = Min(scale.x, *band.upto);
    BandPay pay = Fixed(bands, i, start * scale.unit);
    pay.slice_to = end * scale.unit;
    pay.amount *= (end - start) / (*band.upto - start);
    result.push_back(std::move(pay));
  }
  return result;
}

}  // namespace

std::vector<BandPay> PayBands(const Bands& bands, const BandsInput& input) {
  Scale scale{.x = input.measure, .unit = 1};
  if (bands.basis == Bands::Basis::kAttainment) {
    if (!input.target.has_value() || input.target->is_zero()) return {};
    scale = {.x = input.measure / *input.target, .unit = *input.target};
  }
  std::vector<BandPay> result;
  switch (bands.mode) {
    case Bands::Mode::kMarginal:
      result = PayMarginal(bands, scale, input);
      break;
    case Bands::Mode::kRetroactive:
      result = PayRetroactive(bands, scale, input);
      break;
    case Bands::Mode::kInterpolated:
      result = PayInterpolated(bands, scale);
      break;
  }
  std::erase_if(result, [](const BandPay& pay) { return pay.amount.is_zero(); });
  return result;
}

int BandAt(const Bands& bands, const Rational& x) {
  if (bands.bands.empty()) return 0;
  if (!IsEntered(bands, 0, x)) return ExtendsBelow(bands) ? 1 : 0;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Band& band = bands.bands[i];
    if (!band.upto.has_value() || x < *band.upto || (x == *band.upto && band.includes_upto)) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

}  // namespace payfold
