// Exact fractions: everything between the facts and a rounded line.
//
// A Rational never overflows and never rounds by itself: it is two 128-bit
// integers while they suffice and wider ones (Boost.Multiprecision) beyond. A
// fraction is lost only in Round(), so every such place is visible.
//
//   Rational pay = Rational(Decimal::FromNanos(70'000'000)) * Rational(1'234'500);
//   absl::StatusOr<int64_t> cents = pay.Round(Rounding::kHalfUp);  // 86415
//
// Source: specification, calculation 1.

#ifndef LEDGER_MONEY_RATIONAL_H_
#define LEDGER_MONEY_RATIONAL_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "ledger/money/decimal.h"

namespace payfold {

// How round() treats exact halves; the values are those of the plan language.
enum class Rounding {
  kHalfUp,    // away from zero: what spreadsheets and payrolls do
  kHalfEven,  // to the even neighbour
};

// Immutable value; safe to share between threads. Always in lowest terms, the
// denominator positive, so equal values have equal representations.
class Rational {
 public:
  Rational() = default;                          // 0
  Rational(int64_t value) : num_(value) {}       // NOLINT(google-explicit-constructor)
  Rational(absl::int128 value) : num_(value) {}  // NOLINT(google-explicit-constructor)
  Rational(int value) : num_(value) {}           // NOLINT(google-explicit-constructor)
  explicit Rational(Decimal value) : Rational(Of(value.nanos(), Decimal::kNanosPerUnit)) {}
  // REQUIRES: denominator != 0.
  static Rational Of(absl::int128 numerator, absl::int128 denominator);

  bool is_zero() const;
  // -1, 0 or 1.
  int sign() const;

  // The nearest integer. Errors: kOutOfRange if it does not fit in int64_t.
  absl::StatusOr<int64_t> Round(Rounding rounding) const;
  // The greatest integer not above. Errors: as for Round().
  absl::StatusOr<int64_t> Floor() const;

  // For people: the value rounded half up to at most `digits` (0 to 9) after
  // the point, trailing zeros dropped: 2/3 with 4 digits is "0.6667".
  std::string ToText(int digits) const;
  // Exact: "2/3", or "5" for a whole number.
  std::string ToString() const;

  Rational operator-() const;
  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  // REQUIRES: b is not zero.
  friend Rational operator/(const Rational& a, const Rational& b);
  Rational& operator+=(const Rational& b) { return *this = *this + b; }
  Rational& operator-=(const Rational& b) { return *this = *this - b; }
  Rational& operator*=(const Rational& b) { return *this = *this * b; }
  Rational& operator/=(const Rational& b) { return *this = *this / b; }

  // Negative, zero or positive as a is below, at or above b.
  static int Compare(const Rational& a, const Rational& b);
  friend bool operator==(const Rational& a, const Rational& b) { return Compare(a, b) == 0; }
  friend bool operator!=(const Rational& a, const Rational& b) { return Compare(a, b) != 0; }
  friend bool operator<(const Rational& a, const Rational& b) { return Compare(a, b) < 0; }
  friend bool operator<=(const Rational& a, const Rational& b) { return Compare(a, b) <= 0; }
  friend bool operator>(const Rational& a, const Rational& b) { return Compare(a, b) > 0; }
  friend bool operator>=(const Rational& a, const Rational& b) { return Compare(a, b) >= 0; }

 private:
  struct Wide;  // a fraction of integers without limit

  // The value ±num/den, given in lowest terms.
  static Rational Narrow(bool negative, absl::uint128 num, absl::uint128 den);
  // The value of `wide`, in any terms.
  static Rational FromWide(Wide wide);
  static Wide ToWide(const Rational& r);
  static Rational AddOrSubtract(const Rational& a, const Rational& b, bool subtract);
  static Rational AddWide(const Rational& a, const Rational& b, bool subtract);
  // a × num/den, all three in lowest terms.
  static Rational MultiplyNarrow(const Rational& a, bool negative, absl::uint128 num,
                                 absl::uint128 den);

  absl::int128 num_ = 0;
  absl::int128 den_ = 1;
  std::shared_ptr<const Wide> wide_;  // holds the value when 128 bits do not
};

inline const Rational& Min(const Rational& a, const Rational& b) { return b < a ? b : a; }
inline const Rational& Max(const Rational& a, const Rational& b) { return a < b ? b : a; }

}  // namespace payfold

#endif  // LEDGER_MONEY_RATIONAL_H_
