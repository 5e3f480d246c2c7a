// Currencies: ISO 4217 codes and the digits of their minor unit.
//
// Source: ISO 4217 list one (minor unit column); codes without a minor unit
// (XAU, XXX, …) are not money that can be paid and are left out. Codes that left
// the list since 2023 (ANG, HRK, SLL, ZWL) stay: older deals name them.

#ifndef LEDGER_MONEY_CURRENCY_H_
#define LEDGER_MONEY_CURRENCY_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace payfold {

// Immutable value: an index into the table of currencies.
class Currency {
 public:
  // "USD". Errors: kInvalidArgument for anything that is not an upper-case code
  // of the table.
  static absl::StatusOr<Currency> Parse(absl::string_view code);

  absl::string_view code() const;
  // Digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD.
  int digits() const;
  // Minor units in a major one: 10^digits().
  int64_t minor_per_major() const;

  friend bool operator==(Currency a, Currency b) { return a.index_ == b.index_; }
  friend bool operator!=(Currency a, Currency b) { return a.index_ != b.index_; }
  template <typename H>
  friend H AbslHashValue(H h, Currency c) {
    return H::combine(std::move(h), c.index_);
  }

 private:
  explicit Currency(uint16_t index) : index_(index) {}
  uint16_t index_;
};

// Minor units as people read them: "-12,345.00" for USD -1234500, "12" for JPY.
std::string FormatAmount(int64_t minor, Currency currency);
// As FormatAmount, without thousands separators: for CSV and other machines.
std::string FormatPlainAmount(int64_t minor, Currency currency);

}  // namespace payfold

#endif  // LEDGER_MONEY_CURRENCY_H_
