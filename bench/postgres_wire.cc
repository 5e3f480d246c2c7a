#include "bench/postgres_wire.h"

#include <array>
#include <type_traits>

namespace payfold {
namespace {

// Object ids of text, text, int4, int4, timestamptz, bytea.
constexpr std::array<int32_t, kEventColumns> kTypes = {25, 25, 23, 23, 1184, 17};
constexpr int64_t kEpoch2000Micros = 946'684'800'000'000;

template <typename Int>
void PutInt(std::string* out, Int value) {
  const auto bits = static_cast<std::make_unsigned_t<Int>>(value);
  for (size_t i = sizeof(Int); i-- > 0;) out->push_back(static_cast<char>(bits >> (8 * i)));
}

template <typename Int>
std::string IntValue(Int value) {
  std::string out;
  PutInt(&out, value);
  return out;
}

void PutSized(std::string* out, absl::string_view value) {
  PutInt(out, static_cast<int32_t>(value.size()));
  out->append(value.data(), value.size());
}

}  // namespace

std::vector<std::string> ToValues(const EventRow& row) {
  return {row.event_id,
          row.stream,
          IntValue(row.version),
          IntValue(row.kind),
          IntValue(row.recorded_at_micros - kEpoch2000Micros),
          row.payload};
}

std::vector<std::string> ToArrays(absl::Span<const EventRow> rows) {
  std::vector<std::string> arrays(kEventColumns);
  for (size_t column = 0; column < arrays.size(); ++column) {
    PutInt<int32_t>(&arrays[column], 1);  // dimensions
    PutInt<int32_t>(&arrays[column], 0);  // no nulls
    PutInt<int32_t>(&arrays[column], kTypes[column]);
    PutInt(&arrays[column], static_cast<int32_t>(rows.size()));
    PutInt<int32_t>(&arrays[column], 1);  // lowest index
  }
  for (const EventRow& row : rows) {
    const std::vector<std::string> values = ToValues(row);
    for (size_t column = 0; column < arrays.size(); ++column) {
      PutSized(&arrays[column], values[column]);
    }
  }
  return arrays;
}

std::string ToCopy(absl::Span<const EventRow> rows) {
  std::string out("PGCOPY\n\377\r\n\0", 11);
  PutInt<int32_t>(&out, 0);  // flags
  PutInt<int32_t>(&out, 0);  // header extension
  for (const EventRow& row : rows) {
    PutInt<int16_t>(&out, kEventColumns);
    for (const std::string& value : ToValues(row)) PutSized(&out, value);
  }
  PutInt<int16_t>(&out, -1);
  return out;
}

}  // namespace payfold
