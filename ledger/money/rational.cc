#include "ledger/money/rational.h"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold {

using BigInt = boost::multiprecision::cpp_int;

struct Rational::Wide {
  BigInt num;
  BigInt den;
};

namespace {

using Unsigned = unsigned __int128;
using Signed = __int128;

constexpr Unsigned kMaxMagnitude = ~Unsigned{0} >> 1;  // 2^127 - 1

Unsigned Magnitude(absl::int128 value) {
  const Unsigned bits = static_cast<Unsigned>(value);
  return value < 0 ? 0 - bits : bits;
}

// False if the product has more than 128 bits.
bool Multiply(Unsigned a, Unsigned b, Unsigned* product) {
  return !__builtin_mul_overflow(a, b, product);
}

int TrailingZeros(Unsigned value) {
  const uint64_t low = static_cast<uint64_t>(value);
  return low != 0 ? __builtin_ctzll(low) : 64 + __builtin_ctzll(static_cast<uint64_t>(value >> 64));
}

// Stein's algorithm. REQUIRES: a and b are not 0. T is uint64_t or Unsigned.
template <typename T>
T BinaryGcd(T a, T b) {
  const int shift = TrailingZeros(a | b);
  a >>= TrailingZeros(a);
  while (b != 0) {
    b >>= TrailingZeros(b);
    if (a > b) std::swap(a, b);
    b -= a;
  }
  return a << shift;
}

// REQUIRES: b is not 0.
Unsigned Gcd(Unsigned a, Unsigned b) {
  if (a == 0) return b;
  if (a == 1 || b == 1) return 1;
  // One division brings the larger down to 64 bits if the other has them: money
  // over a power of ten, the usual case.
  if ((b >> 64) == 0 && (a >> 64) != 0) a %= b;
  if ((a >> 64) == 0 && a != 0 && (b >> 64) != 0) b %= a;
  if (a == 0 || b == 0) return a | b;
  if (((a | b) >> 64) == 0) {
    return BinaryGcd<uint64_t>(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
  }
  return BinaryGcd<Unsigned>(a, b);
}

BigInt ToBig(Unsigned value) {
  BigInt big = static_cast<uint64_t>(value >> 64);
  big <<= 64;
  big += static_cast<uint64_t>(value);
  return big;
}

BigInt ToBig(bool negative, Unsigned magnitude) {
  const BigInt big = ToBig(magnitude);
  return negative ? BigInt(-big) : big;
}

// REQUIRES: 0 <= value < 2^128.
Unsigned FromBig(const BigInt& value) {
  const uint64_t low = static_cast<uint64_t>(value & std::numeric_limits<uint64_t>::max());
  const uint64_t high = static_cast<uint64_t>(value >> 64);
  return (static_cast<Unsigned>(high) << 64) | low;
}

// num/den for num >= 0, rounded to the nearest; T is Unsigned or BigInt.
template <typename T>
T RoundMagnitude(const T& num, const T& den, Rounding rounding) {
  T quotient = num / den;
  const T rest = num - quotient * den;
  const T other = den - rest;
  const bool odd = (quotient & 1) != 0;
  if (rest > other || (rest == other && (rounding == Rounding::kHalfUp || odd))) ++quotient;
  return quotient;
}

template <typename T>
T CeilMagnitude(const T& num, const T& den) {
  const T quotient = num / den;
  return quotient * den == num ? quotient : T(quotient + 1);
}

// An amount from its sign and magnitude; T is Unsigned or BigInt.
template <typename T>
absl::StatusOr<int64_t> ToInt64(bool negative, const T& magnitude) {
  const uint64_t limit =
      static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
  if (magnitude > limit) {
    return absl::OutOfRangeError(
        "the amount does not fit in 64 bits (at most 9223372036854775807 minor units)");
  }
  const uint64_t bits = static_cast<uint64_t>(magnitude);
  return static_cast<int64_t>(negative ? 0 - bits : bits);
}

std::string ToDigits(Unsigned value) {
  if ((value >> 64) == 0) return absl::StrCat(static_cast<uint64_t>(value));
  return ToBig(value).str();
}

// `digits` of them stand after the point; zeros at the end are dropped.
std::string PlacePoint(bool negative, std::string number, size_t digits) {
  if (number == "0") return number;
  if (number.size() <= digits) number.insert(0, digits + 1 - number.size(), '0');
  if (digits > 0) {
    number.insert(number.size() - digits, ".");
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
  }
  return negative ? absl::StrCat("-", number) : number;
}

}  // namespace

Rational Rational::Narrow(bool negative, absl::uint128 num, absl::uint128 den) {
  const Unsigned magnitude = static_cast<Unsigned>(num);
  const Unsigned divisor = static_cast<Unsigned>(den);
  if (magnitude > kMaxMagnitude + (negative ? 1 : 0) || divisor > kMaxMagnitude) {
    return FromWide({ToBig(negative, magnitude), ToBig(divisor)});
  }
  Rational r;
  r.num_ = absl::int128(static_cast<Signed>(negative ? 0 - magnitude : magnitude));
  r.den_ = absl::int128(static_cast<Signed>(divisor));
  return r;
}

Rational Rational::FromWide(Wide wide) {
  const BigInt divisor = boost::multiprecision::gcd(wide.num, wide.den);
  wide.num /= divisor;
  wide.den /= divisor;
  if (wide.den < 0) {
    wide.num = -wide.num;
    wide.den = -wide.den;
  }
  const bool negative = wide.num < 0;
  const BigInt limit = ToBig(kMaxMagnitude);
  const BigInt magnitude = abs(wide.num);
  Rational r;
  if (magnitude <= limit + (negative ? 1 : 0) && wide.den <= limit) {
    const Unsigned bits = FromBig(magnitude);
    r.num_ = absl::int128(static_cast<Signed>(negative ? 0 - bits : bits));
    r.den_ = absl::int128(static_cast<Signed>(FromBig(wide.den)));
  } else {
    r.wide_ = std::make_shared<const Wide>(std::move(wide));
  }
  return r;
}

Rational::Wide Rational::ToWide(const Rational& r) {
  if (r.wide_ != nullptr) return *r.wide_;
  return {ToBig(r.num_ < 0, Magnitude(r.num_)), ToBig(Magnitude(r.den_))};
}

Rational Rational::Of(absl::int128 numerator, absl::int128 denominator) {
  CHECK(denominator != 0);
  const Unsigned num = Magnitude(numerator);
  const Unsigned den = Magnitude(denominator);
  const Unsigned divisor = Gcd(num, den);
  return Narrow((numerator < 0) != (denominator < 0) && num != 0, num / divisor, den / divisor);
}

bool Rational::is_zero() const { return wide_ == nullptr && num_ == 0; }

int Rational::sign() const {
  if (wide_ != nullptr) return wide_->num.sign();
  return num_ < 0 ? -1 : (num_ > 0 ? 1 : 0);
}

absl::StatusOr<int64_t> Rational::Round(Rounding rounding) const {
  if (wide_ != nullptr) {
    return ToInt64(sign() < 0, RoundMagnitude(BigInt(abs(wide_->num)), wide_->den, rounding));
  }
  const Unsigned magnitude = Magnitude(num_);
  if (den_ == 1) return ToInt64(num_ < 0, magnitude);
  return ToInt64(num_ < 0, RoundMagnitude(magnitude, Magnitude(den_), rounding));
}

absl::StatusOr<int64_t> Rational::Floor() const {
  const bool negative = sign() < 0;
  if (wide_ != nullptr) {
    const BigInt magnitude = abs(wide_->num);
    if (negative) return ToInt64(negative, CeilMagnitude(magnitude, wide_->den));
    return ToInt64(negative, BigInt(magnitude / wide_->den));
  }
  const Unsigned magnitude = Magnitude(num_);
  const Unsigned den = Magnitude(den_);
  return ToInt64(negative, negative ? CeilMagnitude(magnitude, den) : magnitude / den);
}

std::string Rational::ToText(int digits) const {
  CHECK(0 <= digits && digits <= 9);
  uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const bool negative = sign() < 0;
  const size_t places = static_cast<size_t>(digits);
  Unsigned scaled;
  if (wide_ == nullptr && Multiply(Magnitude(num_), scale, &scaled)) {
    const Unsigned rounded = RoundMagnitude(scaled, Magnitude(den_), Rounding::kHalfUp);
    return PlacePoint(negative, ToDigits(rounded), places);
  }
  const Wide wide = ToWide(*this);
  const BigInt rounded = RoundMagnitude(BigInt(abs(wide.num) * scale), wide.den, Rounding::kHalfUp);
  return PlacePoint(negative, rounded.str(), places);
}

std::string Rational::ToString() const {
  const Wide wide = ToWide(*this);
  if (wide.den == 1) return wide.num.str();
  return absl::StrCat(wide.num.str(), "/", wide.den.str());
}

Rational Rational::operator-() const {
  if (wide_ != nullptr) return FromWide({-wide_->num, wide_->den});
  return Narrow(num_ > 0, absl::uint128(Magnitude(num_)), absl::uint128(den_));
}

Rational Rational::AddWide(const Rational& a, const Rational& b, bool subtract) {
  const Wide x = ToWide(a);
  const Wide y = ToWide(b);
  const BigInt left = x.num * y.den;
  const BigInt right = y.num * x.den;
  return FromWide({subtract ? BigInt(left - right) : BigInt(left + right), x.den * y.den});
}

// Knuth, The Art of Computer Programming, 4.5.1: with d = gcd of the
// denominators, only gcd(t, d) is left to cancel in t / (a.den × b.den / d).
Rational Rational::AddOrSubtract(const Rational& a, const Rational& b, bool subtract) {
  if (a.wide_ != nullptr || b.wide_ != nullptr) return AddWide(a, b, subtract);
  const Unsigned a_den = Magnitude(a.den_);
  const Unsigned b_den = Magnitude(b.den_);
  const bool same = a_den == b_den;
  Unsigned d = 1;
  if (same) {
    d = a_den;
  } else if (a_den != 1 && b_den != 1) {
    d = Gcd(a_den, b_den);
  }
  const Unsigned a_scale = same ? 1 : b_den / d;
  const Unsigned b_scale = same ? 1 : a_den / d;
  Unsigned left, right, den;
  if (!Multiply(Magnitude(a.num_), a_scale, &left) ||
      !Multiply(Magnitude(b.num_), b_scale, &right) || !Multiply(a_den, a_scale, &den)) {
    return AddWide(a, b, subtract);
  }
  const bool a_negative = a.num_ < 0;
  const bool b_negative = (b.num_ < 0) != subtract;
  Unsigned sum;
  bool negative = a_negative;
  if (a_negative == b_negative) {
    if (__builtin_add_overflow(left, right, &sum)) return AddWide(a, b, subtract);
  } else {
    negative = left >= right ? a_negative : b_negative;
    sum = left >= right ? left - right : right - left;
  }
  if (sum == 0) return Rational();
  const Unsigned cancel = d == 1 ? 1 : Gcd(sum, d);
  if (cancel != 1) {
    sum /= cancel;
    den /= cancel;
  }
  return Narrow(negative, sum, den);
}

Rational operator+(const Rational& a, const Rational& b) {
  if (a.den_ == 1 && b.den_ == 1 && a.wide_ == nullptr && b.wide_ == nullptr) {
    Signed sum;
    if (!__builtin_add_overflow(static_cast<Signed>(a.num_), static_cast<Signed>(b.num_), &sum)) {
      return Rational(absl::int128(sum));
    }
  }
  return Rational::AddOrSubtract(a, b, false);
}

Rational operator-(const Rational& a, const Rational& b) {
  return Rational::AddOrSubtract(a, b, true);
}

// Cancelling crosswise beforehand keeps the products small and in lowest terms.
Rational Rational::MultiplyNarrow(const Rational& a, bool negative, absl::uint128 num,
                                  absl::uint128 den) {
  Unsigned a_num = Magnitude(a.num_);
  Unsigned a_den = Magnitude(a.den_);
  Unsigned b_num = static_cast<Unsigned>(num);
  Unsigned b_den = static_cast<Unsigned>(den);
  if (a_num == 0 || b_num == 0) return Rational();
  const Unsigned left = b_den == 1 ? 1 : Gcd(a_num, b_den);
  if (left != 1) {
    a_num /= left;
    b_den /= left;
  }
  const Unsigned right = a_den == 1 ? 1 : Gcd(b_num, a_den);
  if (right != 1) {
    b_num /= right;
    a_den /= right;
  }
  const bool below_zero = (a.num_ < 0) != negative;
  Unsigned product, divisor;
  if (Multiply(a_num, b_num, &product) && Multiply(a_den, b_den, &divisor)) {
    return Narrow(below_zero, product, divisor);
  }
  return FromWide({ToBig(below_zero, a_num) * ToBig(b_num), ToBig(a_den) * ToBig(b_den)});
}

Rational operator*(const Rational& a, const Rational& b) {
  if (a.wide_ == nullptr && b.wide_ == nullptr) {
    return Rational::MultiplyNarrow(a, b.num_ < 0, Magnitude(b.num_), Magnitude(b.den_));
  }
  const Rational::Wide x = Rational::ToWide(a);
  const Rational::Wide y = Rational::ToWide(b);
  return Rational::FromWide({x.num * y.num, x.den * y.den});
}

Rational operator/(const Rational& a, const Rational& b) {
  CHECK(!b.is_zero());
  if (a.wide_ == nullptr && b.wide_ == nullptr) {
    return Rational::MultiplyNarrow(a, b.num_ < 0, Magnitude(b.den_), Magnitude(b.num_));
  }
  const Rational::Wide x = Rational::ToWide(a);
  const Rational::Wide y = Rational::ToWide(b);
  return Rational::FromWide({x.num * y.den, x.den * y.num});
}

int Rational::Compare(const Rational& a, const Rational& b) {
  const int a_sign = a.sign();
  const int b_sign = b.sign();
  if (a_sign != b_sign) return a_sign < b_sign ? -1 : 1;
  if (a.wide_ == nullptr && b.wide_ == nullptr) {
    if (a.den_ == b.den_) return a.num_ < b.num_ ? -1 : (a.num_ > b.num_ ? 1 : 0);
    Unsigned left, right;
    if (Multiply(Magnitude(a.num_), Magnitude(b.den_), &left) &&
        Multiply(Magnitude(b.num_), Magnitude(a.den_), &right)) {
      return left == right ? 0 : (left < right ? -a_sign : a_sign);
    }
  }
  const Wide x = ToWide(a);
  const Wide y = ToWide(b);
  return BigInt(x.num * y.den).compare(BigInt(y.num * x.den));
}

}  // namespace payfold
