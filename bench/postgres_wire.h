// What libpq wants in binary: arrays for unnest(), rows for COPY, single values.

#ifndef BENCH_POSTGRES_WIRE_H_
#define BENCH_POSTGRES_WIRE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "bench/company_feed.h"

namespace payfold {

// In the order of the columns event_id, stream, version, kind, recorded_at, payload.
inline constexpr int kEventColumns = 6;

// One binary value for each column.
std::vector<std::string> ToValues(const EventRow& row);
// One binary array for each column.
std::vector<std::string> ToArrays(absl::Span<const EventRow> rows);
// The whole of a COPY … FROM STDIN (FORMAT BINARY).
std::string ToCopy(absl::Span<const EventRow> rows);

}  // namespace payfold

#endif  // BENCH_POSTGRES_WIRE_H_
