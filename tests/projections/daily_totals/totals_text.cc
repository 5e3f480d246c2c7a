#include "tests/projections/daily_totals/totals_text.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {

using ::payfold::DayTotals;
using ::payfold::FactsView;
using ::payfold::TotalsByDay;

namespace {

std::string Text(absl::int128 sum) {
  std::string digits;
  const bool negative = sum < 0;
  absl::uint128 rest = negative ? -absl::uint128(sum) : absl::uint128(sum);
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return negative ? "-" + digits : digits;
}

}  // namespace

std::string ToText(const TotalsByDay& totals) {
  std::string text;
  for (const auto& [key, day] : totals) {
    absl::StrAppend(&text, key.first.ToString(), " ", key.second, " facts ", day.facts, " deals ",
                    day.deals);
    absl::StrAppend(&text, " booked ", Text(day.booked), " amended ", Text(day.amended),
                    " cancelled ", Text(day.cancelled), " invoiced ", Text(day.invoiced),
                    " collected ", Text(day.collected), "\n");
  }
  return text;
}

std::string AllOf(const payfold::DailyTotalsView& view) {
  return ToText(*view.Read(payfold::Date::Min(), payfold::Date::Max(), ""));
}

std::string PlainTotals(const FactsView& facts, uint32_t streams) {
  TotalsByDay totals;
  for (uint32_t stream = 0; stream < streams; ++stream) {
    const auto deal = facts.GetDealFacts(stream);
    CHECK(deal.ok());
    AddDeal(*deal, 1, &totals);
  }
  for (auto at = totals.begin(); at != totals.end();) {
    at = at->second == DayTotals() ? totals.erase(at) : std::next(at);
  }
  return ToText(totals);
}

}  // namespace payfold_testing
