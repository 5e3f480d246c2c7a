#include "projections/facts/metric_changes.h"

#include <algorithm>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/facts/credits.h"

namespace payfold {
namespace {

constexpr int32_t kEarliestMonth = INT32_MIN;
constexpr int32_t kLatestMonth = INT32_MAX - 1;

}  // namespace

void MetricChanges::Add(const MetricSubject& subject, MetricFact metric) {
  changes_[subject].added.push_back(std::move(metric));
}

void MetricChanges::Void(const MetricSubject& subject, uint64_t target, uint64_t position) {
  changes_[subject].voided.emplace(target, position);
}

absl::Status MetricChanges::Write(FactTables* tables, const CountDay& count) {
  for (auto& [subject, change] : changes_) {
    RETURN_IF_ERROR(WriteSubject(subject, &change, tables, count));
  }
  changes_.clear();
  return absl::OkStatus();
}

absl::Status MetricChanges::WriteSubject(const MetricSubject& subject, Change* change,
                                         FactTables* tables, const CountDay& count) {
  // Whether that is new.
  const auto set_voided = [change](MetricFact* metric) {
    const auto at = change->voided.find(metric->position);
    if (metric->voided_at != 0 || at == change->voided.end()) return false;
    metric->voided_at = at->second;
    return true;
  };
  std::map<int32_t, std::vector<MetricFact>> months;  // that change
  if (!change->voided.empty()) {
    std::vector<MetricFact> kept;
    RETURN_IF_ERROR(tables->ReadMetrics(subject, kEarliestMonth, kLatestMonth, &kept));
    for (MetricFact& metric : kept) {
      if (!set_voided(&metric)) continue;
      months[MonthOf(metric.date)];
      count(metric.voided_at, metric.date, -1);
    }
  }
  for (MetricFact& metric : change->added) {
    set_voided(&metric);
    count(metric.position, metric.date, 1);
    if (metric.voided_at != 0) count(metric.voided_at, metric.date, -1);
    months[MonthOf(metric.date)].push_back(std::move(metric));
  }
  for (auto& [month, metrics] : months) {
    RETURN_IF_ERROR(tables->ReadMetrics(subject, month, month, &metrics));
    for (MetricFact& metric : metrics) set_voided(&metric);
    std::sort(metrics.begin(), metrics.end());
    RETURN_IF_ERROR(tables->PutMetrics(subject, month, metrics));
  }
  return absl::OkStatus();
}

}  // namespace payfold
