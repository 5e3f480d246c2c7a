#include "projections/facts/metrics.h"

#include <algorithm>
#include <tuple>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/stated_fields.h"

namespace payfold {
namespace {

constexpr absl::string_view kSource = "source";

// Whole units and billionths apart: most values are whole.
void PutDecimal(Decimal value, std::string* out) {
  PutSignedVarint64(out, static_cast<int64_t>(value.nanos() / Decimal::kNanosPerUnit));
  PutSignedVarint64(out, static_cast<int64_t>(value.nanos() % Decimal::kNanosPerUnit));
}

bool GetDecimal(absl::string_view* in, Decimal* value) {
  int64_t units, nanos;
  if (!GetSignedVarint64(in, &units) || !GetSignedVarint64(in, &nanos)) return false;
  *value = Decimal::FromNanos(absl::int128(units) * Decimal::kNanosPerUnit + nanos);
  return true;
}

bool GetDimension(absl::string_view* in, std::string* text) {
  absl::string_view view;
  if (!GetLengthPrefixed(in, &view)) return false;
  text->assign(view.data(), view.size());
  return true;
}

bool GetMetric(absl::string_view* in, MetricFact* metric) {
  int64_t days;
  uint64_t count;
  if (!GetVarint64(in, &metric->position) || !GetSignedVarint64(in, &days) ||
      !GetDecimal(in, &metric->value) || !GetVarint64(in, &metric->voided_at) ||
      !GetVarint64(in, &count) || count > in->size()) {
    return false;
  }
  metric->date = Date::FromDays(static_cast<int32_t>(days));
  metric->dimensions.resize(count);
  for (auto& [name, value] : metric->dimensions) {
    if (!GetDimension(in, &name) || !GetDimension(in, &value)) return false;
  }
  return true;
}

}  // namespace

const std::string* MetricFact::Dimension(absl::string_view name) const {
  for (const auto& dimension : dimensions) {
    if (dimension.first == name) return &dimension.second;
  }
  return nullptr;
}

bool operator<(const MetricFact& a, const MetricFact& b) {
  return std::tie(a.date, a.position) < std::tie(b.date, b.position);
}

bool operator==(const MetricFact& a, const MetricFact& b) {
  return std::tie(a.date, a.position, a.value, a.dimensions, a.voided_at) ==
         std::tie(b.date, b.position, b.value, b.dimensions, b.voided_at);
}

bool operator<(const MetricSubject& a, const MetricSubject& b) {
  return std::tie(a.metric, a.participant) < std::tie(b.metric, b.participant);
}

bool operator==(const MetricSubject& a, const MetricSubject& b) {
  return std::tie(a.metric, a.participant) == std::tie(b.metric, b.participant);
}

uint32_t MetricParticipant(absl::string_view id, const Numbering& numbers) {
  return id == "*" ? kEverybody : numbers(id);
}

MetricSubject MetricSubjectOf(const v1::Event& event, const Numbering& numbers) {
  const v1::MetricRecorded& stated = event.metric_recorded();
  return {stated.metric(), MetricParticipant(stated.participant_id(), numbers)};
}

absl::StatusOr<MetricFact> MetricFactOf(const v1::Event& event) {
  const v1::MetricRecorded& stated = event.metric_recorded();
  MetricFact metric;
  ASSIGN_OR_RETURN(metric.date, ReadDate(event, stated.occurred_on()));
  ASSIGN_OR_RETURN(metric.value, ReadDecimal(event, stated.value()));
  for (const auto& [name, text] : stated.dimensions()) {
    if (!text.empty() && name != kSource) metric.dimensions.emplace_back(name, text);
  }
  if (!event.source().empty()) metric.dimensions.emplace_back(kSource, event.source());
  std::sort(metric.dimensions.begin(), metric.dimensions.end());
  return metric;
}

std::string EncodeMetrics(absl::Span<const MetricFact> metrics) {
  std::vector<const MetricFact*> sorted;
  for (const MetricFact& metric : metrics) sorted.push_back(&metric);
  std::sort(sorted.begin(), sorted.end(),
            [](const MetricFact* a, const MetricFact* b) { return *a < *b; });
  std::string encoded;
  for (const MetricFact* metric : sorted) {
    PutVarint64(&encoded, metric->position);
    PutSignedVarint64(&encoded, metric->date.days());
    PutDecimal(metric->value, &encoded);
    PutVarint64(&encoded, metric->voided_at);
    PutVarint64(&encoded, metric->dimensions.size());
    for (const auto& [name, value] : metric->dimensions) {
      PutLengthPrefixed(&encoded, name);
      PutLengthPrefixed(&encoded, value);
    }
  }
  return encoded;
}

absl::StatusOr<std::vector<MetricFact>> DecodeMetrics(absl::string_view encoded) {
  std::vector<MetricFact> metrics;
  while (!encoded.empty()) {
    if (!GetMetric(&encoded, &metrics.emplace_back())) {
      return absl::DataLossError("the metrics are damaged; rebuild the projection");
    }
  }
  return metrics;
}

}  // namespace payfold
