// What deals add to a measure: credits, each with its date.
//
// Source: specification, calculation 3 to 5.

#ifndef TESTS_SUPPORT_NAIVE_ENTRIES_H_
#define TESTS_SUPPORT_NAIVE_ENTRIES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "payfold/v1/plan.pb.h"
#include "tests/support/naive_deals.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

// The people that a measure is of: those around a participant, by their states
// of each date, or those of one team, territory or manager (of a pool).
struct NaiveAround {
  payfold::v1::Scope scope = payfold::v1::OWN;
  std::string participant;  // the manager of a pool over REPORTS
  std::string unit;         // the team or territory of a pool; else ""
};

bool IsAround(const NaiveFacts& facts, const NaiveAround& around, const std::string& other,
              payfold::Date d);

// How a component reads deals.
struct NaiveRules {
  const NaiveVersion* version = nullptr;  // its currency, rounding and first day
  payfold::v1::Component::Trigger trigger = payfold::v1::Component::BOOKED;
  payfold::v1::Clawback::Mode mode = payfold::v1::Clawback::NET;
  payfold::v1::FxConversion::Day fx = payfold::v1::FxConversion::CREDIT_DATE;
  // The last day of the measurement period of a date.
  std::function<payfold::Date(payfold::Date)> period_end;
};

// What a change of a deal adds to a measure: minor units of the plan's currency,
// or a plain number.
struct NaiveEntry {
  const NaiveDeal* deal = nullptr;
  payfold::Date date;
  bool is_cancellation = false;
  payfold::Rational value;
  // Of a deal counted: the date of the first cancellation in full (NET).
  std::optional<payfold::Date> cancelled_on;
};

// All that adds to `measure`, over the whole log, on dates for which `counts`
// says true (of a cancellation that of the deal's first base). With RESTATE the
// first `cancellations` of the ledger are applied. COUNT_DISTINCT is read as
// COUNT without cancellations.
std::vector<NaiveEntry> NaiveEntries(const NaiveFacts& facts, const std::vector<NaiveDeal>& deals,
                                     const NaiveAround& around, const NaiveRules& rules,
                                     const payfold::v1::DealMeasure& measure, int cancellations,
                                     const std::function<bool(payfold::Date)>& counts);

// The amount in the version's currency; none without a rate on the date.
std::optional<int64_t> NaiveConvert(const NaiveFacts& facts, int64_t amount,
                                    const std::string& from, const payfold::v1::Plan& plan,
                                    payfold::Date d);

// Rounded to a whole number by the plan's rounding.
int64_t NaiveRound(const payfold::Rational& value, const payfold::v1::Plan& plan);

// The amount split in proportion to weights from 0 up, so that nothing is lost;
// nothing at all if they are all 0.
std::vector<int64_t> NaiveSplit(int64_t amount, const std::vector<payfold::Rational>& weights);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_ENTRIES_H_
