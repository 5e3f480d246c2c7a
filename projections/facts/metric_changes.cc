#include "projections/facts/metric_changes.h"

#include <algorithm>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/facts/credits.h"

namespace payfold {
namespace {

constexpr int32_t kFirstMonth = INT32_MIN;
constexpr int32_t kLastMonth = INT32_MAX - 1;

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
  const auto is_voided = [change](const MetricFact& metric) {
    return change->voided.count(metric.position) != 0;
  };
  std::map<int32_t, std::vector<MetricFact>> months;  // that change
  if (!change->voided.empty()) {
    std::vector<MetricFact> kept;
    RETURN_IF_ERROR(tables->ReadMetrics(subject, kFirstMonth, kLastMonth, &kept));
    for (const MetricFact& metric : kept) {
      if (!is_voided(metric)) continue;
      months[MonthOf(metric.date)];
      count(change->voided.at(metric.position), metric.date, -1);
    }
  }
  for (MetricFact& metric : change->added) {
    count(metric.position, metric.date, 1);
    if (is_voided(metric)) {
      count(change->voided.at(metric.position), metric.date, -1);
      continue;
    }
    months[MonthOf(metric.date)].push_back(std::move(metric));
  }
  for (auto& [month, metrics] : months) {
    RETURN_IF_ERROR(tables->ReadMetrics(subject, month, month, &metrics));
    std::erase_if(metrics, is_voided);
    std::sort(metrics.begin(), metrics.end());
    RETURN_IF_ERROR(tables->PutMetrics(subject, month, metrics));
  }
  return absl::OkStatus();
}

}  // namespace payfold
