// The company's totals by day and currency: what deals come to, and how such totals
// are kept. Pure.
//
// Entries of the projection `daily-totals`:
//   1 day:4 currency   totals of that day in that currency (EncodeDayTotals); those
//                      that are all zero are left out. Days are offset by 2^31.
//   2 event id         varint position of a void whose fact was not known then

#ifndef PROJECTIONS_DAILY_TOTALS_DAY_TOTALS_H_
#define PROJECTIONS_DAILY_TOTALS_DAY_TOTALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "projections/facts/deal.h"
#include "projections/runtime/checkpoint.h"

namespace payfold {

inline constexpr ProjectionFormat kDailyTotalsFormat{"daily-totals", 1};

// Sums of minor units, exact whatever their size. A change dated before its deal's
// booking counts on the booking's day.
struct DayTotals {
  int64_t facts = 0;           // that count and state that day, restatements too
  int64_t deals = 0;           // booked that day
  absl::int128 booked = 0;     // as restated since
  absl::int128 amended = 0;    // by adjustments, less and more
  absl::int128 cancelled = 0;  // not negative
  absl::int128 invoiced = 0;   // not negative
  absl::int128 collected = 0;  // not negative

  void Add(const DayTotals& other);
  friend bool operator==(const DayTotals&, const DayTotals&) = default;
};

// By day, then currency (ISO 4217 code).
using TotalsByDay = std::map<std::pair<Date, std::string>, DayTotals>;

// Adds what the deal comes to, `times` (1 or -1) times; nothing if it is not booked.
void AddDeal(const DealFacts& deal, int times, TotalsByDay* totals);
void AddTotals(const TotalsByDay& more, TotalsByDay* totals);

std::string DayKey(Date day);  // Before all currencies of the day.
std::string DayKey(Date day, absl::string_view currency);
std::string EncodeDayTotals(const DayTotals& totals);  // Empty if all are zero.
// Errors: kDataLoss.
absl::StatusOr<std::pair<Date, std::string>> ParseDayKey(absl::string_view key);
absl::StatusOr<DayTotals> DecodeDayTotals(absl::string_view value);

// Voids of facts that were not known then: event ids to the voids' positions.
using WaitingVoids = std::map<std::string, uint64_t>;

std::string WaitingVoidKey(absl::string_view event_id);
std::string EncodeWaitingVoid(uint64_t position);
// The range of their keys.
std::string FirstWaitingVoidKey();
std::string EndOfWaitingVoidKeys();

}  // namespace payfold

#endif  // PROJECTIONS_DAILY_TOTALS_DAY_TOTALS_H_
