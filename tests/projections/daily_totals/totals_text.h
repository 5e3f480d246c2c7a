// Daily totals as text, and the plainest way to compute them.

#ifndef TESTS_PROJECTIONS_DAILY_TOTALS_TOTALS_TEXT_H_
#define TESTS_PROJECTIONS_DAILY_TOTALS_TOTALS_TEXT_H_

#include <cstdint>
#include <string>

#include "projections/daily_totals/daily_totals.h"
#include "projections/facts/facts_view.h"

namespace payfold_testing {

// "2025-01-31 USD facts 2 deals 1 booked 500 amended 0 cancelled 0 invoiced 0
// collected 0", a line a day and currency.
std::string ToText(const payfold::TotalsByDay& totals);

// All days of a view.
std::string AllOf(const payfold::DailyTotalsView& view);

// The sums over every deal in another projection's deal book; `streams` is how many
// streams the log has.
std::string PlainTotals(const payfold::FactsView& facts, uint32_t streams);

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_DAILY_TOTALS_TOTALS_TEXT_H_
