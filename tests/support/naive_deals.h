// Deals as the naive evaluator sees them: what happened to each, and who shares it.
//
// Source: specification, calculation 4.

#ifndef TESTS_SUPPORT_NAIVE_DEALS_H_
#define TESTS_SUPPORT_NAIVE_DEALS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

struct NaiveShare {
  std::string participant_id;
  payfold::Rational share;  // of the whole
  int64_t weight = 0;       // in proportion to the shares without overlay
  bool overlay = false;
};

// A base of a deal (its booking or an adjustment, or an invoice or payment) or a
// cancellation.
struct NaiveChange {
  payfold::Date date;
  size_t place = 0;      // in the log
  std::string currency;  // of the amount
  int64_t amount = 0;    // minor units; of a cancellation what it takes, from 0 up
  bool is_cancellation = false;
  bool is_booking = false;

  // Of cancellations: whether all that is left is taken, the deal's amount on the
  // date (cancellations aside), the number among those of the deal and of the
  // ledger, in order (date, deal_id, place), both from 1.
  bool is_full = false;
  int64_t deal_amount = 0;
  int number = 0;
  int ledger_number = 0;
};

struct NaiveDeal {
  std::string deal_id;
  // What `where` tests, as stated and restated; what is missing is not there.
  std::map<std::string, std::string> attributes;
  std::string currency;
  payfold::Date booked_on;
  std::vector<NaiveShare> shares;  // in the order stated
  // The booking, then adjustments and cancellations in the order in which they happen.
  std::vector<NaiveChange> changes;
  // In order (date, place).
  std::vector<NaiveChange> invoices;
  std::vector<NaiveChange> payments;
};

// All booked deals, by id.
std::vector<NaiveDeal> NaiveDeals(const NaiveFacts& facts);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_DEALS_H_
