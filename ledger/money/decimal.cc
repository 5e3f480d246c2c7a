#include "ledger/money/decimal.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr size_t kMaxWholeDigits = 18;
constexpr size_t kMaxFractionDigits = 9;
constexpr size_t kPercentDigits = 2;

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(Quote(text), " is not a decimal: ", why));
}

bool AllDigits(absl::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

// `text` is quoted in errors, `number` is what is read: the text less a percent
// sign. `max_fraction` digits may follow the point.
absl::StatusOr<absl::int128> ParseNanos(absl::string_view text, absl::string_view number,
                                        size_t max_fraction) {
  const bool negative = !number.empty() && number.front() == '-';
  if (negative) number.remove_prefix(1);
  const size_t point = number.find('.');
  const absl::string_view whole = number.substr(0, point);
  const absl::string_view fraction =
      point == absl::string_view::npos ? absl::string_view() : number.substr(point + 1);
  if (number.empty()) return Refuse(text, "there is no number");
  if (!AllDigits(whole) || !AllDigits(fraction)) {
    return Refuse(text, "write digits and at most one point, as in -12.5");
  }
  if (whole.empty() || (fraction.empty() && point != absl::string_view::npos)) {
    return Refuse(text, "there must be a digit on both sides of the point");
  }
  if (whole.size() > 1 && whole.front() == '0') return Refuse(text, "drop the leading zeros");
  if (whole.size() > kMaxWholeDigits) {
    return Refuse(text, "at most 18 digits may stand before the point");
  }
  if (fraction.size() > max_fraction) {
    return Refuse(text, absl::StrCat("at most ", max_fraction, " digits may follow the point"));
  }
  int64_t units = 0;
  for (const char c : whole) units = units * 10 + (c - '0');
  int64_t nanos = 0;
  for (size_t i = 0; i < kMaxFractionDigits; ++i) {
    nanos = nanos * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  }
  const absl::int128 value = absl::int128(units) * Decimal::kNanosPerUnit + nanos;
  if (negative && value == 0) return Refuse(text, "negative zero; write 0");
  return negative ? -value : value;
}

// `nanos` billionths as "12.5".
std::string Text(absl::int128 nanos) {
  const bool negative = nanos < 0;
  const absl::int128 magnitude = negative ? -nanos : nanos;
  const absl::int128 units = magnitude / Decimal::kNanosPerUnit;
  const int64_t rest = static_cast<int64_t>(magnitude % Decimal::kNanosPerUnit);
  // A percentage has up to 20 digits before the point, more than 64 bits hold.
  constexpr int64_t kSplit = 1'000'000'000'000'000'000;
  const int64_t high = static_cast<int64_t>(units / kSplit);
  const int64_t low = static_cast<int64_t>(units % kSplit);
  std::string text = negative ? "-" : "";
  if (high != 0) {
    absl::StrAppendFormat(&text, "%d%018d", high, low);
  } else {
    absl::StrAppend(&text, low);
  }
  if (rest != 0) {
    absl::StrAppendFormat(&text, ".%09d", rest);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text) {
  ASSIGN_OR_RETURN(const absl::int128 nanos, ParseNanos(text, text, kMaxFractionDigits));
  return Decimal(nanos);
}

absl::StatusOr<Decimal> Decimal::ParsePercent(absl::string_view text) {
  if (text.empty() || text.back() != '%') return Parse(text);
  ASSIGN_OR_RETURN(const absl::int128 nanos, ParseNanos(text, text.substr(0, text.size() - 1),
                                                        kMaxFractionDigits - kPercentDigits));
  return Decimal(nanos / 100);
}

std::string Decimal::ToString() const { return Text(nanos_); }

std::string Decimal::ToPercent() const { return absl::StrCat(Text(nanos_ * 100), "%"); }

}  // namespace payfold
