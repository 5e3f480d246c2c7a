#include "projections/daily_totals/daily_totals_view.h"

#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<TotalsByDay> DailyTotalsView::Read(Date first, Date last,
                                                  const std::string& currency) const {
  TotalsByDay totals;
  if (content_.entries.db == nullptr) {
    for (auto at = folded_.lower_bound({first, ""}); at != folded_.end(); ++at) {
      if (at->first.first > last) break;
      if (currency.empty() || at->first.second == currency) totals.insert(*at);
    }
    return totals;
  }
  const auto add = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(auto parsed, ParseDayKey(key));
    if (!currency.empty() && parsed.second != currency) return absl::OkStatus();
    ASSIGN_OR_RETURN(const DayTotals day, DecodeDayTotals(value));
    totals.emplace(std::move(parsed), day);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(content_.entries.ForEach(DayKey(first), DayKey(last + 1), add));
  return totals;
}

}  // namespace payfold
