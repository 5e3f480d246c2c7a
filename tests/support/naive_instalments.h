// Schedules: what of a line is held, until when.
//
// Source: specification, calculation 10 and 14.

#ifndef TESTS_SUPPORT_NAIVE_INSTALMENTS_H_
#define TESTS_SUPPORT_NAIVE_INSTALMENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "tests/support/naive_deals.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

// Of a payout period, in minor units.
struct NaiveHeld {
  int64_t held = 0;  // net of what negative lines take
  int64_t released = 0;
  int64_t taken = 0;  // by negative lines
};

// Of money lines of one participant and plan, up to a day.
std::map<payfold::Period, NaiveHeld> NaiveSchedule(const NaiveFacts& facts,
                                                   const std::vector<NaiveDeal>& deals,
                                                   const std::vector<NaiveLine>& lines,
                                                   payfold::Date last);

// What opening balances of kind HELD release.
std::map<payfold::Period, NaiveHeld> NaiveOpeningHeld(const NaiveFacts& facts,
                                                      const std::vector<NaiveDeal>& deals,
                                                      const std::string& participant,
                                                      const std::string& currency,
                                                      payfold::Date last);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_INSTALMENTS_H_
