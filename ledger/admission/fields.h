// The rules of single fields, as event.proto words them: each call tests one
// field and adds what is wrong with it to a list of violations.

#ifndef LEDGER_ADMISSION_FIELDS_H_
#define LEDGER_ADMISSION_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/map.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/violation.h"
#include "ledger/calendar/date.h"
#include "ledger/money/decimal.h"
#include "payfold/v1/money.pb.h"

namespace payfold {

inline constexpr size_t kMaxIdLength = 128;
inline constexpr size_t kMaxTextBytes = 200;
inline constexpr size_t kMaxLongTextBytes = 2'000;
inline constexpr int kMaxAttributes = 50;

// 1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit.
bool IsId(absl::string_view text);

enum class Need { kOptional, kRequired };
enum class AmountRule { kAny, kNotZero, kNotNegative, kPositive };

// A range of decimals with words for it; `above` excludes `low` itself.
struct DecimalRule {
  std::optional<int64_t> low = std::nullopt;
  std::optional<int64_t> high = std::nullopt;
  bool above = false;
  absl::string_view words = "";
};

class FieldRules {
 public:
  explicit FieldRules(std::vector<Violation>* violations) : violations_(violations) {}

  void Add(const FieldPath& path, Reason reason, std::string message);

  void Id(const FieldPath& path, absl::string_view value, Need need);
  // An id, or "*".
  void IdOrStar(const FieldPath& path, absl::string_view value);
  void Text(const FieldPath& path, absl::string_view value, Need need,
            size_t max_bytes = kMaxTextBytes);
  // The date, if there is a valid one.
  std::optional<Date> BusinessDate(const FieldPath& path, absl::string_view value, Need need);
  void CurrencyCode(const FieldPath& path, absl::string_view value, Need need);
  // Null: the field is not set.
  void Amount(const FieldPath& path, const v1::Money* value, Need need, AmountRule rule);
  // The number, if there is a valid one.
  std::optional<Decimal> Number(const FieldPath& path, absl::string_view value, Need need,
                                const DecimalRule& rule);
  void Int(const FieldPath& path, int64_t value, int64_t low, int64_t high);
  // 0 and numbers that the enum does not have are refused.
  void Enum(const FieldPath& path, int value, const google::protobuf::EnumDescriptor* type);
  void PeriodLabel(const FieldPath& path, absl::string_view value);
  // One that a ledger can pay by: a week, half-month, month, quarter or 14 days.
  void PayoutPeriodLabel(const FieldPath& path, absl::string_view value, Need need);
  // At most 50 names and values, each a text.
  void Attributes(const FieldPath& message, absl::string_view name,
                  const google::protobuf::Map<std::string, std::string>& attributes);
  void AtMost(const FieldPath& path, int size, int limit);
  void NotSet(const FieldPath& path, bool is_set, absl::string_view why);
  void InOrder(const FieldPath& path, std::optional<Date> first, std::optional<Date> last,
               absl::string_view first_name);
  // The shares' sum, which must be exactly 1.
  void AddsUpToOne(const FieldPath& path, Decimal sum);

 private:
  // False if the value is missing; that is a violation if it is required.
  bool Given(const FieldPath& path, absl::string_view value, Need need);

  std::vector<Violation>* violations_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_FIELDS_H_
