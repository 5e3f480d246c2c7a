#include "projections/earnings/statistics.h"

#include <algorithm>
#include <cstddef>

#include "ledger/money/decimal.h"

namespace payfold {
namespace {

Rational MeanOf(const std::vector<Rational>& values) {
  Rational sum;
  for (const Rational& value : values) sum += value;
  return sum / Rational(absl::int128(values.size()));
}

// The greatest multiple of a billionth whose square is not above `square`.
Rational RootOf(const Rational& square) {
  const Rational wanted = square * Rational(absl::int128(Decimal::kNanosPerUnit)) *
                          Rational(absl::int128(Decimal::kNanosPerUnit));
  const auto fits = [&](absl::int128 n) { return Rational(n) * Rational(n) <= wanted; };
  absl::int128 high = 1;
  while (fits(high)) high *= 2;
  absl::int128 low = high / 2;
  while (high - low > 1) {
    const absl::int128 middle = low + (high - low) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return Rational::Of(low, Decimal::kNanosPerUnit);
}

Rational SigmaOf(const std::vector<Rational>& values) {
  const Rational mean = MeanOf(values);
  Rational squares;
  for (const Rational& value : values) squares += (value - mean) * (value - mean);
  return RootOf(squares / Rational(absl::int128(values.size())));
}

// ⌈p·n/100⌉, from 1.
size_t PlaceOf(const Rational& percent, size_t n) {
  const absl::StatusOr<int64_t> below =
      (-(percent * Rational(absl::int128(n)) / Rational(100))).Floor();
  const int64_t place = below.ok() ? -*below : 0;
  return static_cast<size_t>(std::clamp<int64_t>(place, 1, static_cast<int64_t>(n)));
}

}  // namespace

std::optional<Rational> StatisticOf(const Target& target, std::vector<Rational> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  switch (target.stat) {
    case Target::Stat::kMean:
      return MeanOf(values);
    case Target::Stat::kMax:
      return values.back();
    case Target::Stat::kMin:
      return values.front();
    case Target::Stat::kRank: {
      const absl::StatusOr<int64_t> k = target.argument.Floor();
      if (!k.ok() || *k < 1 || static_cast<size_t>(*k) > values.size()) return std::nullopt;
      return values[values.size() - static_cast<size_t>(*k)];
    }
    case Target::Stat::kPercentile:
      return values[PlaceOf(target.argument, values.size()) - 1];
    case Target::Stat::kMeanPlusSigma:
      return MeanOf(values) + target.argument * SigmaOf(values);
  }
  return std::nullopt;
}

}  // namespace payfold
