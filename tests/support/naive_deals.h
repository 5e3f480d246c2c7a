// Deals as the naive evaluator sees them: what happened to each, who shares it,
// and what of it a measure of a participant counts.
//
// Source: specification, calculation 3 to 5.

#ifndef TESTS_SUPPORT_NAIVE_DEALS_H_
#define TESTS_SUPPORT_NAIVE_DEALS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "payfold/v1/event.pb.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

struct NaiveShare {
  std::string participant_id;
  payfold::Rational share;  // of the whole
  int64_t weight = 0;       // in proportion to the shares without overlay
  bool overlay = false;
};

// A base of the deal or a cancellation.
struct NaiveChange {
  enum class Kind { kBooking, kAdjust, kCancel };
  Kind kind = Kind::kBooking;
  payfold::Date date;
  int64_t amount = 0;    // minor units of the deal's currency; of kCancel what it takes, from 0 up
  bool is_full = false;  // kCancel: takes all that is left
};

struct NaiveDeal {
  std::string deal_id;
  // What `where` tests, as stated and restated; what is missing is not there.
  std::map<std::string, std::string> attributes;
  std::string currency;
  payfold::Date booked_on;
  std::vector<NaiveShare> shares;    // in the order stated
  std::vector<NaiveChange> changes;  // in the order in which they happen
};

// All booked deals, by id.
std::vector<NaiveDeal> NaiveDeals(const NaiveFacts& facts);

// What a change of a deal adds to a measure of the participant evaluated: minor
// units of the plan's currency, or a plain number.
struct NaiveEntry {
  std::string deal_id;
  payfold::Date date;
  bool is_cancellation = false;
  payfold::Rational value;
};

// All that counts in `measure`, of which the scope is given, for a participant
// under a version of a plan, over the whole log.
std::vector<NaiveEntry> NaiveEntries(const NaiveFacts& facts, const std::vector<NaiveDeal>& deals,
                                     const std::string& participant, const payfold::v1::Plan& plan,
                                     const payfold::v1::DealMeasure& measure,
                                     payfold::v1::Scope scope);

// Whether the measure is money, in minor units of the plan's currency.
bool IsMoney(const payfold::v1::DealMeasure& measure);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_DEALS_H_
