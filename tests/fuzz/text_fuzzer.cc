// What parses is written as a text that parses to the same.

#include <cstddef>
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/calendar/period.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

void CheckDecimal(absl::string_view text) {
  const absl::StatusOr<Decimal> value = Decimal::Parse(text);
  if (value.ok()) {
    const absl::StatusOr<Decimal> again = Decimal::Parse(value->ToString());
    CHECK(again.ok() && *again == *value);
  }
  const absl::StatusOr<Decimal> share = Decimal::ParsePercent(text);
  CHECK(share.ok() || !value.ok());
}

void CheckPeriod(absl::string_view text, int first_month) {
  const Calendar calendar(first_month);
  const absl::StatusOr<Period> period = calendar.Parse(text);
  if (!period.ok()) return;
  CHECK(period->first() <= period->last());
  const absl::StatusOr<Period> again = calendar.Parse(calendar.Label(*period));
  CHECK(again.ok() && *again == *period);
}

}  // namespace
}  // namespace payfold

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  payfold::CheckDecimal(text);
  payfold::CheckPeriod(text, 1);
  payfold::CheckPeriod(text, 4);
  if (const auto date = payfold::Date::Parse(text); date.ok()) CHECK(date->ToString() == text);
  return 0;
}
