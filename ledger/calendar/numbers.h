// Small arithmetic that dates and periods share. Not for other folders.

#ifndef LEDGER_CALENDAR_NUMBERS_H_
#define LEDGER_CALENDAR_NUMBERS_H_

#include "absl/strings/string_view.h"

namespace payfold::calendar_internal {

// Texts name the years 1900 to 9999; the last has as many as four digits hold.
constexpr int kMinYear = 1900;
constexpr char kYearRule[] = "the year must be 1900 to 9999";
constexpr char kMonthRule[] = "the month must be 01 to 12";

// The quotient rounded down, for negative numbers too. REQUIRES: b > 0.
constexpr int FloorDiv(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }

// REQUIRES: `digits` are at most 9 of 0-9.
inline int Number(absl::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// Whether `text` has the form: '9' stands for a digit, all else for itself.
inline bool HasForm(absl::string_view text, absl::string_view form) {
  if (text.size() != form.size()) return false;
  for (absl::string_view::size_type i = 0; i < form.size(); ++i) {
    const bool digit = '0' <= text[i] && text[i] <= '9';
    if (form[i] == '9' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

}  // namespace payfold::calendar_internal

#endif  // LEDGER_CALENDAR_NUMBERS_H_
