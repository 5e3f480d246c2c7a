#include "tools/load/load_result.h"

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

uint64_t PerSecond(uint64_t count, absl::Duration elapsed) {
  const int64_t micros = absl::ToInt64Microseconds(elapsed);
  return micros <= 0 ? 0 : count * 1'000'000 / static_cast<uint64_t>(micros);
}

std::string Millis(absl::Duration duration) {
  const int64_t micros = absl::ToInt64Microseconds(duration);
  return absl::StrCat(micros / 1'000, ".", absl::Dec(micros % 1'000, absl::kZeroPad3), " ms");
}

}  // namespace

void LoadResult::Add(const LoadResult& other) {
  latency.Add(other.latency);
  events += other.events;
  errors += other.errors;
  if (first_error.ok()) first_error = other.first_error;
}

std::string LoadJson(const LoadResult& result) {
  const LatencyHistogram& latency = result.latency;
  const auto micros = [](absl::Duration d) { return absl::ToInt64Microseconds(d); };
  return absl::StrCat(
      "{\"operations\": ", latency.count(), ", \"errors\": ", result.errors,
      ", \"milliseconds\": ", absl::ToInt64Milliseconds(result.elapsed),
      ", \"per_second\": ", PerSecond(latency.count(), result.elapsed),
      ", \"events_per_second\": ", PerSecond(result.events, result.elapsed),
      ", \"latency_micros\": {\"p50\": ", micros(latency.Quantile(500)),
      ", \"p90\": ", micros(latency.Quantile(900)), ", \"p99\": ", micros(latency.Quantile(990)),
      ", \"p999\": ", micros(latency.Quantile(999)), ", \"max\": ", micros(latency.max()), "}}\n");
}

std::string LoadText(const LoadResult& result) {
  const LatencyHistogram& latency = result.latency;
  std::string text = absl::StrCat(latency.count(), " operations in ", Millis(result.elapsed), ", ",
                                  PerSecond(latency.count(), result.elapsed), " a second");
  if (result.events > 0) {
    absl::StrAppend(&text, "; ", PerSecond(result.events, result.elapsed), " events a second");
  }
  absl::StrAppend(&text, "\nlatency  p50 ", Millis(latency.Quantile(500)), "  p90 ",
                  Millis(latency.Quantile(900)), "  p99 ", Millis(latency.Quantile(990)),
                  "  p99.9 ", Millis(latency.Quantile(999)), "  max ", Millis(latency.max()), "\n");
  if (result.errors > 0) {
    absl::StrAppend(&text, result.errors, " failed, the first: ", result.first_error.message(),
                    "\n");
  }
  return text;
}

}  // namespace payfold
