// Properties of bands over random ones, and a reference that sums unit by unit.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "ledger/plan/bands.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::Total;

constexpr uint64_t kSeed = 20250301;
constexpr int kTrials = 150;

using Random = std::mt19937_64;
int Below(Random* random, int n) {
  return static_cast<int>((*random)() % static_cast<uint64_t>(n));
}

// Bands with whole edges; fixed and retroactive ones only if asked.
Bands RandomBands(Random* random, Bands::Mode mode, bool smooth) {
  Bands bands;
  bands.mode = mode;
  bands.from = Below(random, 3) == 0 ? 3 : 0;
  bands.from_excluded = Below(random, 2) == 0;
  Rational edge = bands.from;
  const int n = 1 + Below(random, 4);
  for (int i = 0; i < n; ++i) {
    Band band;
    const bool fixed = mode == Bands::Mode::kInterpolated || (!smooth && Below(random, 3) == 0);
    band.pay = fixed ? Band::Pay::kFixed : Band::Pay::kRate;
    band.value = 1 + Below(random, 9);
    band.retroactive = !smooth && !fixed && mode == Bands::Mode::kMarginal && Below(random, 3) == 0;
    if (i + 1 < n || Below(random, 2) == 0) {
      edge += 1 + Below(random, 8);
      band.upto = edge;
      band.includes_upto = Below(random, 2) == 0;
    }
    bands.bands.push_back(band);
  }
  return bands;
}

// The band (from 0) that holds a point by its own two edges, or -1.
int Holder(const Bands& bands, const Rational& x) {
  Rational low = bands.from;
  bool low_is_in = !bands.from_excluded;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    const Band& band = bands.bands[i];
    const bool above = x > low || (x == low && low_is_in);
    const bool under =
        !band.upto.has_value() || x < *band.upto || (x == *band.upto && band.includes_upto);
    if (above && under) return static_cast<int>(i);
    low = band.upto.value_or(low);
    low_is_in = !band.includes_upto;
  }
  return -1;
}

bool BelowCounts(const Bands& bands) {
  return bands.from.is_zero() && bands.bands[0].pay == Band::Pay::kRate;
}

// Unit by unit, as the specification reads: entered are the bands that hold some
// half of a unit up to x; each unit pays its band's rate, or that of the highest
// retroactive band entered if it lies below that.
Rational ReferenceMarginal(const Bands& bands, int x) {
  if (x < 0) return BelowCounts(bands) ? bands.bands[0].value * x : Rational(0);
  std::vector<bool> entered(bands.bands.size());
  for (int half = 0; half <= 2 * x; ++half) {
    const int at = Holder(bands, Rational::Of(half, 2));
    if (at >= 0) entered[static_cast<size_t>(at)] = true;
  }
  int top = -1;
  Rational total;
  for (size_t i = 0; i < bands.bands.size(); ++i) {
    if (!entered[i]) continue;
    if (bands.bands[i].retroactive) top = static_cast<int>(i);
    if (bands.bands[i].pay == Band::Pay::kFixed) total += bands.bands[i].value;
  }
  for (int unit = 0; unit < x; ++unit) {
    const int at = Holder(bands, Rational::Of(2 * unit + 1, 2));
    if (at < 0) continue;
    const Band& band = bands.bands[static_cast<size_t>(std::max(at, top))];
    if (band.pay == Band::Pay::kRate) total += band.value;
  }
  return total;
}

Rational ReferenceRetroactive(const Bands& bands, int x) {
  int at = Holder(bands, x);
  if (x <= 0 && at < 0 && BelowCounts(bands)) at = 0;
  if (at < 0) return 0;
  const Band& band = bands.bands[static_cast<size_t>(at)];
  return band.pay == Band::Pay::kFixed ? band.value : band.value * x;
}

Rational ReferenceInterpolated(const Bands& bands, int x) {
  Rational total;
  for (int unit = 0; unit < x; ++unit) {
    const int at = Holder(bands, Rational::Of(2 * unit + 1, 2));
    if (at < 0 || !bands.bands[static_cast<size_t>(at)].upto.has_value()) continue;
    const Rational low = at == 0 ? bands.from : *bands.bands[static_cast<size_t>(at) - 1].upto;
    const Band& band = bands.bands[static_cast<size_t>(at)];
    total += band.value / (*band.upto - low);
  }
  return total;
}

std::vector<BandPay> Pay(const Bands& bands, const Rational& measure,
                         std::optional<Rational> target = std::nullopt) {
  BandsInput input;
  input.measure = measure;
  input.target = std::move(target);
  input.target_incentive = 1000;
  return PayBands(bands, input);
}

TEST(BandsPropertyTest, EqualsTheReferenceUnitByUnit) {
  const struct {
    Bands::Mode mode;
    Rational (*reference)(const Bands&, int);
  } kModes[] = {{Bands::Mode::kMarginal, ReferenceMarginal},
                {Bands::Mode::kRetroactive, ReferenceRetroactive},
                {Bands::Mode::kInterpolated, ReferenceInterpolated}};
  Random random(kSeed);
  for (int trial = 0; trial < kTrials; ++trial) {
    for (const auto& m : kModes) {
      const Bands bands = RandomBands(&random, m.mode, false);
      for (int x = -4; x <= 40; ++x) {
        ASSERT_EQ(Total(Pay(bands, x)).ToString(), m.reference(bands, x).ToString())
            << "seed " << kSeed << " trial " << trial << " mode " << static_cast<int>(m.mode)
            << " x " << x;
      }
    }
  }
}

TEST(BandsPropertyTest, AttainmentIsTheMeasureAgainstTargetTimesEdges) {
  Random random(kSeed + 1);
  for (int trial = 0; trial < kTrials; ++trial) {
    Bands by_attainment = RandomBands(&random, Bands::Mode::kMarginal, false);
    by_attainment.basis = Bands::Basis::kAttainment;
    const Rational target = 1 + Below(&random, 50);
    Bands by_measure = by_attainment;
    by_measure.basis = Bands::Basis::kMeasure;
    by_measure.from *= target;
    for (Band& band : by_measure.bands) {
      if (band.upto.has_value()) *band.upto *= target;
    }
    const Rational measure = Below(&random, 2000) - 100;
    EXPECT_EQ(Total(Pay(by_attainment, measure, target)), Total(Pay(by_measure, measure)))
        << "seed " << kSeed + 1 << " trial " << trial;
  }
}

// With rates alone a little more measure pays a little more: at least nothing,
// at most the highest rate on it.
TEST(BandsPropertyTest, MarginalRatesAreContinuousAndRise) {
  Random random(kSeed + 2);
  for (int trial = 0; trial < kTrials; ++trial) {
    const Bands bands = RandomBands(&random, Bands::Mode::kMarginal, true);
    Rational before = Total(Pay(bands, -2));
    for (int step = -199; step <= 4000; step += 7) {
      const Rational now = Total(Pay(bands, Rational::Of(step, 100)));
      ASSERT_GE(now, before) << "seed " << kSeed + 2 << " trial " << trial << " at " << step;
      ASSERT_LE(now - before, Rational::Of(7 * 9, 100)) << "trial " << trial << " at " << step;
      before = now;
    }
  }
}

TEST(BandsPropertyTest, SlicesFollowEachOtherAndAddUpToTheMeasure) {
  Random random(kSeed + 3);
  for (int trial = 0; trial < kTrials; ++trial) {
    Bands bands = RandomBands(&random, Bands::Mode::kMarginal, true);
    bands.bands.back().upto.reset();
    const Rational measure = 1 + Below(&random, 60);
    Rational at = bands.from;
    for (const BandPay& pay : Pay(bands, measure)) {
      EXPECT_EQ(pay.slice_from, at) << "seed " << kSeed + 3 << " trial " << trial;
      at = pay.slice_to;
    }
    EXPECT_EQ(at, Max(measure, bands.from)) << "seed " << kSeed + 3 << " trial " << trial;
  }
}

}  // namespace
}  // namespace payfold
