#include "projections/facts/stated_fields.h"

#include "absl/strings/str_cat.h"

namespace payfold {

absl::Status DamagedEvent(const v1::Event& event, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("event ", event.position(), ": ", what,
                                          " is not what admission lets in; run a verification"));
}

absl::StatusOr<Date> ReadDate(const v1::Event& event, const std::string& text) {
  absl::StatusOr<Date> date = Date::Parse(text);
  if (!date.ok()) return DamagedEvent(event, absl::StrCat("date '", text, "'"));
  return date;
}

absl::StatusOr<Decimal> ReadDecimal(const v1::Event& event, const std::string& text) {
  absl::StatusOr<Decimal> value = Decimal::ParsePercent(text);
  if (!value.ok()) return DamagedEvent(event, absl::StrCat("decimal '", text, "'"));
  return value;
}

}  // namespace payfold
