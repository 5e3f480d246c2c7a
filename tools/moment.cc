#include "tools/moment.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/calendar/date.h"
#include "tools/report.h"

namespace payfold {
namespace {

void SetTime(absl::Time time, v1::AsOf* as_of) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  as_of->mutable_recorded_at()->set_seconds(seconds);
  as_of->mutable_recorded_at()->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace

absl::StatusOr<v1::AsOf> ParseMoment(absl::string_view text, absl::string_view option,
                                     absl::Time now) {
  v1::AsOf as_of;
  if (!text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit)) {
    uint64_t position = 0;
    if (absl::SimpleAtoi(text, &position)) {
      as_of.set_position(position);
      return as_of;
    }
  }
  if (const absl::StatusOr<Date> date = Date::Parse(text); date.ok()) {
    const absl::Time begin = absl::FromUnixSeconds(int64_t{date->days()} * 86'400);
    const absl::Time end = begin + absl::Hours(24) - absl::Microseconds(1);
    SetTime(begin <= now ? std::min(end, now) : end, &as_of);
    return as_of;
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) && time >= absl::UnixEpoch() &&
      time < absl::InfiniteFuture()) {
    SetTime(time, &as_of);
    return as_of;
  }
  return UsageError(absl::StrCat(option, ": \"", text,
                                 "\" is neither a position (41) nor a date (2025-03-31) nor a time "
                                 "(2025-03-31T12:00:00Z)"));
}

}  // namespace payfold
