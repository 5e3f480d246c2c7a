// What gates compare and multipliers multiply by.
//
// Source: specification, calculation 7.

#ifndef LEDGER_PLAN_MODIFIERS_H_
#define LEDGER_PLAN_MODIFIERS_H_

#include <vector>

#include "ledger/money/rational.h"
#include "ledger/plan/program.h"

namespace payfold {

// Whether x passes the bound.
bool Holds(Compare compare, const Rational& x, const Rational& bound);

// The multiple of the band that x (the measure, or with a target its attainment)
// falls in; 1 above the last. Bands begin at 0, and the first extends below it.
Rational MultipleAt(const std::vector<Multiplier::Band>& bands, const Rational& x);

}  // namespace payfold

#endif  // LEDGER_PLAN_MODIFIERS_H_
