// Moments of knowledge as people write them.

#ifndef TOOLS_MOMENT_H_
#define TOOLS_MOMENT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "payfold/v1/query.pb.h"

namespace payfold {

// "1234" is a position; "2025-03-31T12:00:00Z" (RFC 3339) a time; "2025-03-31"
// all that was recorded on that day or before, in UTC (today: until `now`).
// Errors: UsageError() that names `option`.
absl::StatusOr<v1::AsOf> ParseMoment(absl::string_view text, absl::string_view option,
                                     absl::Time now);

}  // namespace payfold

#endif  // TOOLS_MOMENT_H_
