#include "projections/earnings/evaluator.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Deals kept by an evaluator; beyond, it starts anew.
constexpr size_t kMaxDeals = 200'000;

}  // namespace

std::vector<Period> Evaluator::MeasurementPeriods(const Component& component, Days days) const {
  if (component.window.has_value()) {
    const Days window = {component.window->first(), component.window->last()};
    if ((window & days).empty()) return {};
    return {*component.window};
  }
  if (component.period.has_value()) {
    return reference().calendar().Overlapping(*component.period, days.first, days.last);
  }
  std::vector<Period> periods;
  for (Date d = days.first; d <= days.last; d = periods.back().last() + 1) {
    periods.push_back(reference().PayoutPeriodOf(d));
  }
  return periods;
}

Date Evaluator::Horizon() {
  if (horizon_.has_value()) return *horizon_;
  const Date last = reference().LastFactDate();
  if (last == Date::Min() || !reference().configuration.has_value()) return Date::Min();
  Date horizon = reference().PayoutPeriodOf(last).last();
  for (const auto& [plan_id, history] : *reference().plans) {
    for (const VersionRun& run : history.runs()) {
      for (const Component& component : run.version->program.components) {
        for (const Period& period : MeasurementPeriods(component, {last, last})) {
          horizon = std::max(horizon, period.last());
        }
      }
    }
  }
  horizon_ = horizon;
  return horizon;
}

absl::StatusOr<std::vector<Period>> Evaluator::PayoutPeriodsOf(uint32_t participant) {
  ASSIGN_OR_RETURN(const std::optional<Date> first, FirstDayOf(participant));
  std::vector<Period> periods;
  if (!first.has_value()) return periods;
  const Date horizon = Horizon();
  for (Date d = *first; d <= horizon; d = periods.back().last() + 1) {
    periods.push_back(reference().PayoutPeriodOf(d));
  }
  return periods;
}

absl::StatusOr<std::shared_ptr<const Deal>> Evaluator::GetDeal(uint32_t stream) {
  if (deals_.size() > kMaxDeals) deals_.clear();
  std::shared_ptr<const Deal>& deal = deals_[stream];
  if (deal == nullptr) {
    ASSIGN_OR_RETURN(Deal settled, view_.GetDeal(stream));
    deal = std::make_shared<const Deal>(std::move(settled));
  }
  return deal;
}

void Evaluator::AddException(absl::string_view kind, uint64_t position, std::string subject,
                             std::string message) {
  exceptions_.emplace(std::make_tuple(std::string(kind), std::move(subject), std::move(message)),
                      position);
}

std::vector<v1::Exception> Evaluator::exceptions() const {
  std::vector<v1::Exception> list;
  for (const auto& [key, position] : exceptions_) {
    v1::Exception exception;
    exception.set_kind(std::get<0>(key));
    exception.set_subject(std::get<1>(key));
    exception.set_message(std::get<2>(key));
    exception.set_position(position);
    list.push_back(std::move(exception));
  }
  return list;
}

}  // namespace payfold
