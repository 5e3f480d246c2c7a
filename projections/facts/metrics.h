// Metrics: recorded values of participants, or of the company, on days.
//
// They are kept by metric, participant and month of occurrence; those that were
// voided too, as a past moment may know nothing of that.
//
// Source: specification, calculation 5 (metric, where).

#ifndef PROJECTIONS_FACTS_METRICS_H_
#define PROJECTIONS_FACTS_METRICS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/calendar/date.h"
#include "ledger/money/decimal.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/deal.h"

namespace payfold {

// In the place of a participant: the subject "*" of metrics of the company.
inline constexpr uint32_t kEverybody = kNobody - 1;

struct MetricFact {
  uint64_t position = 0;
  Date date;  // of occurrence
  Decimal value;
  // What conditions test, in order of name: the stated dimensions that are not
  // empty, and "source", the source of the event.
  std::vector<std::pair<std::string, std::string>> dimensions;
  uint64_t voided_at = 0;  // position of its void; 0: it holds

  // The dimension's text; null if it is missing.
  const std::string* Dimension(absl::string_view name) const;

  // In order of (date, position).
  friend bool operator<(const MetricFact& a, const MetricFact& b);
  friend bool operator==(const MetricFact& a, const MetricFact& b);
};

// Whose values of which metric, as they are kept.
struct MetricSubject {
  std::string metric;
  uint32_t participant = kNobody;  // or kEverybody

  // In order of (metric, participant).
  friend bool operator<(const MetricSubject& a, const MetricSubject& b);
  friend bool operator==(const MetricSubject& a, const MetricSubject& b);
};

// The participant that "*" or the id of a metric names.
uint32_t MetricParticipant(absl::string_view id, const Numbering& numbers);

// Whose value of which metric a MetricRecorded states.
MetricSubject MetricSubjectOf(const v1::Event& event, const Numbering& numbers);

// The fact of a MetricRecorded, without its position.
// Errors: kDataLoss if the event is not what admission lets in.
absl::StatusOr<MetricFact> MetricFactOf(const v1::Event& event);

// The encoding is canonical: the same facts in any order give the same bytes.
std::string EncodeMetrics(absl::Span<const MetricFact> metrics);
// In order. Errors: kDataLoss.
absl::StatusOr<std::vector<MetricFact>> DecodeMetrics(absl::string_view encoded);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_METRICS_H_
