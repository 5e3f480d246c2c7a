// How much of what a deal has paid a cancellation takes back.
//
// Source: specification, calculation 4 (the row REVERSE).

#ifndef LEDGER_PLAN_CLAWBACK_H_
#define LEDGER_PLAN_CLAWBACK_H_

#include "ledger/calendar/date.h"
#include "ledger/money/rational.h"
#include "ledger/plan/program.h"

namespace payfold {

// The factor f, from 0 to 1, of a cancellation on `cancelled_on` (at earliest the
// booking's day) of a deal booked on `booked_on`. The schedule counts days since
// the booking, whose day is 0; a step ends before its `upto`, and after the last
// nothing is taken back. `linear`: what remains of the window / the window. After
// the window nothing; its last day, so many days or months after the booking,
// still counts.
Rational ShareTakenBack(const Clawback& clawback, Date booked_on, Date cancelled_on);

}  // namespace payfold

#endif  // LEDGER_PLAN_CLAWBACK_H_
