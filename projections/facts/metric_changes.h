// Metrics that were recorded and voided since the tables were last written.

#ifndef PROJECTIONS_FACTS_METRIC_CHANGES_H_
#define PROJECTIONS_FACTS_METRIC_CHANGES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "ledger/calendar/date.h"
#include "projections/facts/fact_tables.h"
#include "projections/facts/metrics.h"

namespace payfold {

class MetricChanges {
 public:
  void Add(const MetricSubject& subject, MetricFact metric);
  // The metric at `target`, added before or in the tables already, never was: so it
  // is said at `position`. What is said first counts.
  void Void(const MetricSubject& subject, uint64_t target, uint64_t position);

  // Told of the days that metrics came to (1) or were taken from (-1), and where.
  using CountDay = std::function<void(uint64_t position, Date day, int64_t change)>;
  // Brings the tables up to date, reading only the months that change (all of a
  // subject with voids). There are no changes afterwards.
  absl::Status Write(FactTables* tables, const CountDay& count);

 private:
  struct Change {
    std::vector<MetricFact> added;
    std::map<uint64_t, uint64_t> voided;  // by position, that of the first void
  };
  static absl::Status WriteSubject(const MetricSubject& subject, Change* change, FactTables* tables,
                                   const CountDay& count);

  std::map<MetricSubject, Change> changes_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_METRIC_CHANGES_H_
