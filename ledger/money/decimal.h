// Exact decimals: shares, rates, values and quotas.
//
// A Decimal is a whole number of billionths: at most 9 digits after the point
// and 18 before it. Nothing is rounded on the way in: a tenth digit is an error.
//
//   Decimal share = *Decimal::Parse("0.7");       // share.nanos() == 700'000'000
//   Decimal rate = *Decimal::ParsePercent("5%");  // 0.05; "0.05" is the same
//
// Source: specification, calculation 1.

#ifndef LEDGER_MONEY_DECIMAL_H_
#define LEDGER_MONEY_DECIMAL_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

// Immutable value; copy freely.
class Decimal {
 public:
  static constexpr int64_t kNanosPerUnit = 1'000'000'000;

  constexpr Decimal() = default;
  static Decimal FromInt(int64_t value) { return Decimal(absl::int128(value) * kNanosPerUnit); }
  // REQUIRES: |nanos| < 10^27.
  static constexpr Decimal FromNanos(absl::int128 nanos) { return Decimal(nanos); }

  // Grammar: -?[0-9]{1,18}(\.[0-9]{1,9})? with no sign before zero ("-0" is
  // refused: negative zero is a mistake of the source), no '+', no exponent,
  // no spaces, no leading zeros ("01"). Errors: kInvalidArgument, saying what is wrong with which
  // text.
  static absl::StatusOr<Decimal> Parse(absl::string_view text);
  // As Parse; a trailing '%' divides by 100 (at most 7 digits after the point
  // then, so that nothing is lost).
  static absl::StatusOr<Decimal> ParsePercent(absl::string_view text);

  absl::int128 nanos() const { return nanos_; }
  bool is_zero() const { return nanos_ == 0; }
  bool is_negative() const { return nanos_ < 0; }

  // The shortest text that parses to the same value: "0.7", "-12", "0".
  std::string ToString() const;
  // As a percentage: 0.05 is "5%".
  std::string ToPercent() const;

  friend bool operator==(Decimal a, Decimal b) { return a.nanos_ == b.nanos_; }
  friend bool operator!=(Decimal a, Decimal b) { return a.nanos_ != b.nanos_; }
  friend bool operator<(Decimal a, Decimal b) { return a.nanos_ < b.nanos_; }
  friend bool operator<=(Decimal a, Decimal b) { return a.nanos_ <= b.nanos_; }
  friend bool operator>(Decimal a, Decimal b) { return a.nanos_ > b.nanos_; }
  friend bool operator>=(Decimal a, Decimal b) { return a.nanos_ >= b.nanos_; }
  template <typename H>
  friend H AbslHashValue(H h, Decimal d) {
    return H::combine(std::move(h), d.nanos_);
  }

 private:
  explicit constexpr Decimal(absl::int128 nanos) : nanos_(nanos) {}
  absl::int128 nanos_ = 0;
};

}  // namespace payfold

#endif  // LEDGER_MONEY_DECIMAL_H_
