#include "ledger/admission/fields.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/map.h"
#include "ledger/admission/validate.h"
#include "ledger/base/quote.h"
#include "ledger/base/utf8.h"
#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

constexpr int kTwoWeeks = 14;

bool IsPayoutPeriod(const Period& period) {
  switch (period.kind()) {
    case PeriodKind::kWeek:
    case PeriodKind::kHalfMonth:
    case PeriodKind::kMonth:
    case PeriodKind::kQuarter:
      return true;
    case PeriodKind::kWindow:
      return period.days() == kTwoWeeks;
    case PeriodKind::kDay:
    case PeriodKind::kHalf:
    case PeriodKind::kYear:
      return false;
  }
  return false;
}

}  // namespace

bool IsId(absl::string_view text) {
  if (text.empty() || text.size() > kMaxIdLength) return false;
  if (!absl::ascii_isalnum(static_cast<unsigned char>(text.front()))) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("._~@:-").find(c) != absl::string_view::npos;
  });
}

void FieldRules::Add(const FieldPath& path, Reason reason, std::string message) {
  violations_->push_back(
      {.field = path.ToString(), .reason = reason, .message = std::move(message)});
}

bool FieldRules::Given(const FieldPath& path, absl::string_view value, Need need) {
  if (!value.empty()) return true;
  if (need == Need::kRequired) Add(path, Reason::kFieldMissing, "is required and empty: set it");
  return false;
}

void FieldRules::Id(const FieldPath& path, absl::string_view value, Need need) {
  if (!Given(path, value, need) || IsId(value)) return;
  Add(path, Reason::kIdMalformed,
      absl::StrCat(Quote(value), " is not an id: use 1 to ", kMaxIdLength,
                   " characters of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit"));
}

void FieldRules::IdOrStar(const FieldPath& path, absl::string_view value) {
  if (value == "*" || !Given(path, value, Need::kRequired) || IsId(value)) return;
  Add(path, Reason::kIdMalformed,
      absl::StrCat(Quote(value), " is neither \"*\" nor an id of 1 to ", kMaxIdLength,
                   " characters of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit"));
}

void FieldRules::Text(const FieldPath& path, absl::string_view value, Need need, size_t max_bytes) {
  if (!Given(path, value, need)) return;
  if (value.size() > max_bytes) {
    Add(path, Reason::kTextTooLong,
        absl::StrCat(Quote(value), " is longer than ", max_bytes, " bytes: shorten it"));
  }
  if (!IsUtf8(value)) {
    Add(path, Reason::kTextNotUtf8,
        absl::StrCat(Quote(value), " is not valid UTF-8: encode it as UTF-8"));
  }
}

std::optional<Date> FieldRules::BusinessDate(const FieldPath& path, absl::string_view value,
                                             Need need) {
  if (!Given(path, value, need)) return std::nullopt;
  const absl::StatusOr<Date> date = Date::Parse(value);
  if (date.ok()) return *date;
  Add(path, Reason::kDateMalformed, std::string(date.status().message()));
  return std::nullopt;
}

void FieldRules::CurrencyCode(const FieldPath& path, absl::string_view value, Need need) {
  if (!Given(path, value, need)) return;
  const absl::StatusOr<Currency> currency = Currency::Parse(value);
  if (currency.ok()) return;
  Add(path, Reason::kCurrencyUnknown, std::string(currency.status().message()));
}

void FieldRules::Amount(const FieldPath& path, const v1::Money* value, Need need, AmountRule rule) {
  if (value == nullptr) {
    if (need == Need::kRequired) {
      Add(path, Reason::kFieldMissing, "is required: give a currency and minor units");
    }
    return;
  }
  CurrencyCode(path / "currency", value->currency(), Need::kRequired);
  const int64_t minor = value->minor_units();
  absl::string_view wrong;
  if (minor > kMaxAmount || minor < -kMaxAmount) {
    wrong = "is beyond 10^15 minor units: is it in minor units, once?";
  } else if (rule == AmountRule::kNotZero && minor == 0) {
    wrong = "says nothing: give an amount other than zero";
  } else if (rule == AmountRule::kNotNegative && minor < 0) {
    wrong = "is negative: it must be zero or more";
  } else if (rule == AmountRule::kPositive && minor <= 0) {
    wrong = "is not positive: it must be one or more";
  }
  if (wrong.empty()) return;
  Add(path / "minor_units", Reason::kAmountOutOfRange, absl::StrCat(minor, " ", wrong));
}

std::optional<Decimal> FieldRules::Number(const FieldPath& path, absl::string_view value, Need need,
                                          const DecimalRule& rule) {
  if (!Given(path, value, need)) return std::nullopt;
  const absl::StatusOr<Decimal> number = Decimal::Parse(value);
  if (!number.ok()) {
    Add(path, Reason::kDecimalMalformed, std::string(number.status().message()));
    return std::nullopt;
  }
  const bool low = rule.low.has_value() && (*number < Decimal::FromInt(*rule.low) ||
                                            (rule.above && *number == Decimal::FromInt(*rule.low)));
  const bool high = rule.high.has_value() && *number > Decimal::FromInt(*rule.high);
  if (!low && !high) return *number;
  Add(path, Reason::kDecimalOutOfRange,
      absl::StrCat(Quote(value), " is out of range: it must be ", rule.words));
  return std::nullopt;
}

void FieldRules::Int(const FieldPath& path, int64_t value, int64_t low, int64_t high) {
  if (low <= value && value <= high) return;
  Add(path, Reason::kNumberOutOfRange,
      absl::StrCat(value, " is out of range: it must be ", low, " to ", high));
}

void FieldRules::Enum(const FieldPath& path, int value,
                      const google::protobuf::EnumDescriptor* type) {
  if (value != 0 && type->FindValueByNumber(value) != nullptr) return;
  std::vector<absl::string_view> names;
  for (int i = 0; i < type->value_count(); ++i) {
    if (type->value(i)->number() != 0) names.push_back(type->value(i)->name());
  }
  Add(path, value == 0 ? Reason::kFieldMissing : Reason::kEnumUnknown,
      absl::StrCat(value == 0 ? "is required" : absl::StrCat(value, " is not a known value"),
                   ": use one of ", absl::StrJoin(names, ", ")));
}

void FieldRules::PeriodLabel(const FieldPath& path, absl::string_view value) {
  if (!Given(path, value, Need::kRequired)) return;
  const absl::StatusOr<Period> period = Calendar().Parse(value);
  if (period.ok()) return;
  Add(path, Reason::kPeriodMalformed, std::string(period.status().message()));
}

void FieldRules::PayoutPeriodLabel(const FieldPath& path, absl::string_view value, Need need) {
  if (!Given(path, value, need)) return;
  const absl::StatusOr<Period> period = Calendar().Parse(value);
  if (!period.ok()) {
    Add(path, Reason::kPeriodMalformed, std::string(period.status().message()));
  } else if (!IsPayoutPeriod(*period)) {
    Add(path, Reason::kPeriodNotAPayoutPeriod,
        absl::StrCat(Quote(value),
                     " is not a payout period: name a week, two weeks (first..last), "
                     "half-month, month or quarter"));
  }
}

void FieldRules::Attributes(const FieldPath& message, absl::string_view name,
                            const google::protobuf::Map<std::string, std::string>& attributes) {
  AtMost(message / name, static_cast<int>(attributes.size()), kMaxAttributes);
  for (const auto& attribute : attributes) {
    const FieldPath path = message.Key(name, attribute.first);
    if (attribute.first.empty()) {
      Add(path, Reason::kFieldMissing, "a name is required and empty: name the value");
    }
    Text(path, attribute.first, Need::kOptional);
    Text(path, attribute.second, Need::kOptional);
  }
}

void FieldRules::AtMost(const FieldPath& path, int size, int limit) {
  if (size <= limit) return;
  Add(path, Reason::kTooMany,
      absl::StrCat("has ", size, " entries: at most ", limit, " are allowed"));
}

void FieldRules::NotSet(const FieldPath& path, bool is_set, absl::string_view why) {
  if (is_set) Add(path, Reason::kFieldNotAllowed, absl::StrCat("must not be set: ", why));
}

void FieldRules::InOrder(const FieldPath& path, std::optional<Date> first, std::optional<Date> last,
                         absl::string_view first_name) {
  if (!first.has_value() || !last.has_value() || *first <= *last) return;
  Add(path, Reason::kDatesOutOfOrder,
      absl::StrCat(last->ToString(), " is before ", first_name, ", ", first->ToString(),
                   ": it must not be"));
}

void FieldRules::AddsUpToOne(const FieldPath& path, Decimal sum) {
  if (sum == Decimal::FromInt(1)) return;
  Add(path, Reason::kSharesDoNotAddUp,
      absl::StrCat("the shares add up to ", sum.ToString(), ": they must add up to exactly 1"));
}

}  // namespace payfold
