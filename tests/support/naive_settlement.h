// The judge of section 10: draws, schedules, and what is payable.
//
// Readings, where the page leaves room:
//  - The draw of a payout period is that of the version last in force in it. A
//    `per` belongs to the payout period in which it ends.
//  - EXCESS: where the draw does not run, there is no top-up and the draw is 0 in
//    the recovery. EARNINGS: negative earnings join the balance while the version
//    has such a draw. Without a draw in the version nothing is recovered.
//  - An opening DRAW joins, from the start, the first plan by id of its currency
//    with a draw in which the participant ever is.
//  - A part on COLLECTED of a line without deals is due at once; deals with a
//    negative attribution have no weight. Cash in another currency than the
//    deal's, and the deal's cancellations, do not change what is collected; the
//    deal's amount is that of the day. A deal without amount is collected.
//  - An instalment is outstanding while it is due after the negative line's date;
//    dated ones are due before those that wait for cash, equal ones in the order
//    of their lines. Shares are Allocated; a part of 0 is none.
//  - What is carried is of the statement: per participant and currency. So are
//    adjustments, opening PAYABLEs and opening HELDs.
//
// Source: specification, calculation 10 and 14.

#ifndef TESTS_SUPPORT_NAIVE_SETTLEMENT_H_
#define TESTS_SUPPORT_NAIVE_SETTLEMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// What a plan brings to a participant's payout period, in minor units.
struct NaivePlanPeriod {
  std::string participant_id, plan_id, payout_period, currency;
  int64_t earned = 0;
  int64_t draw = 0;  // with EARNINGS paid before the statement
  int64_t top_up = 0;
  int64_t recovery = 0;
  int64_t balance = 0;  // at the period's end
  int64_t held = 0;     // negative where negative lines take from it
  int64_t released = 0;
  int64_t payable = 0;  // of this plan, before adjustments and what is carried
};

struct NaiveStatement {
  std::string participant_id, currency, payout_period;
  int64_t adjustments = 0;
  int64_t released = 0;  // of opening HELDs
  int64_t carried_in = 0;
  int64_t payable = 0;      // 0 where something is carried out
  int64_t carried_out = 0;  // 0 or negative
};

struct NaiveSettlement {
  // Those in which anything is not 0, by participant, plan (currency) and time.
  std::vector<NaivePlanPeriod> plans;
  std::vector<NaiveStatement> statements;
};

// Up to the payout period that holds `horizon`.
NaiveSettlement NaiveSettle(const std::vector<payfold::v1::Event>& events, payfold::Date horizon);

// "a/p 2025-01 earned 100 draw 500 top_up 400 balance 400 payable 500" and
// "a USD 2025-01 carried_in -5 payable 495": what is not 0, one line each.
std::string ToText(const NaiveSettlement& settlement);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_SETTLEMENT_H_
