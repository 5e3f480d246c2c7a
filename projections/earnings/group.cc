#include "projections/earnings/group.h"

#include "ledger/base/status_macros.h"

namespace payfold {

std::optional<Rational> MeasureAt(const Gauge& gauge, const Cut& cut, Currency currency) {
  if (gauge.taken == nullptr) return std::nullopt;
  const std::optional<Rational> value = ValueAt(*gauge.taken, cut, currency);
  if (!value.has_value()) return std::nullopt;
  return InPlanUnit(*value, *gauge.taken->measure, currency);
}

std::optional<Rational> AttainmentAt(const Gauge& gauge, const Cut& cut, Currency currency) {
  if (gauge.taken == nullptr || !gauge.target.has_value() || gauge.target->value.is_zero()) {
    return std::nullopt;
  }
  const std::optional<Rational> value = ValueAt(*gauge.taken, cut, currency);
  if (!value.has_value()) return std::nullopt;
  return *value / gauge.target->value;
}

std::optional<Rational> PositionAt(const Gauge& gauge, const Cut& cut, Currency currency) {
  return gauge.has_target ? AttainmentAt(gauge, cut, currency) : MeasureAt(gauge, cut, currency);
}

absl::StatusOr<Rational> Scaled(const Rational& number, bool is_money, const Scaling& scaling,
                                Currency currency, Rounding rounding) {
  const Rational scaled = number * scaling.factor;
  if (!is_money || !scaling.rounds) return scaled;
  const Rational per_major(currency.minor_per_major());
  ASSIGN_OR_RETURN(const int64_t minor, (scaled * per_major).Round(rounding));
  return Rational(minor) / per_major;
}

}  // namespace payfold
