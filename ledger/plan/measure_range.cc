#include "ledger/plan/measure_range.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace payfold {
namespace {

MeasureRange RangeOfMetric(const Measure& measure) {
  switch (measure.aggregate) {
    case Aggregate::kNps:
      return {.low = -100, .high = 100};
    case Aggregate::kCount:
    case Aggregate::kCountDistinct:
      return {.low = 0, .high = std::nullopt};
    default:
      return {};
  }
}

MeasureRange RangeOfSum(const Measure& measure, std::optional<PeriodKind> period) {
  MeasureRange sum = {.low = 0, .high = 0};
  for (size_t i = 0; i < measure.parts.size(); ++i) {
    MeasureRange part = RangeOf(measure.parts[i], period);
    if (measure.weights[i].sign() < 0) std::swap(part.low, part.high);
    const auto add = [&](const std::optional<Rational>& limit, std::optional<Rational>* total) {
      if (!limit.has_value()) {
        total->reset();
      } else if (total->has_value()) {
        **total += *limit * measure.weights[i];
      }
    };
    add(part.low, &sum.low);
    add(part.high, &sum.high);
  }
  return sum;
}

}  // namespace

int MostSubPeriods(PeriodKind sub, PeriodKind period) {
  // The most days of a kind, and its halves of a month.
  constexpr int kDays[] = {1, 7, 16, 31, 92, 184, 366};
  constexpr int kHalfMonths[] = {0, 0, 1, 2, 6, 12, 24};
  const int days = kDays[static_cast<int>(period)];
  if (sub == PeriodKind::kDay) return days;
  if (sub == PeriodKind::kWeek) return (days + 6) / 7;
  return std::max(1, kHalfMonths[static_cast<int>(period)] / kHalfMonths[static_cast<int>(sub)]);
}

MeasureRange RangeOf(const Measure& measure, std::optional<PeriodKind> period) {
  switch (measure.kind) {
    case Measure::Kind::kDeals:
      if (measure.value != DealValue::kCountDistinct) return {};
      return {.low = 0, .high = std::nullopt};
    case Measure::Kind::kMetric:
      return RangeOfMetric(measure);
    case Measure::Kind::kSum:
      return RangeOfSum(measure, period);
    case Measure::Kind::kPeriods:
      if (measure.share) return {.low = 0, .high = 1};
      if (!period.has_value()) return {.low = 0, .high = std::nullopt};
      return {.low = 0, .high = MostSubPeriods(measure.sub_period, *period)};
    case Measure::Kind::kRatio:
    case Measure::Kind::kGrowth:
    case Measure::Kind::kEarnings:
    case Measure::Kind::kAttribute:
      return {};
  }
  return {};
}

}  // namespace payfold
