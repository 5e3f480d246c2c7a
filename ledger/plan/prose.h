// A plan in words that a sales person can read.

#ifndef LEDGER_PLAN_PROSE_H_
#define LEDGER_PLAN_PROSE_H_

#include <string>

#include "ledger/plan/program.h"

namespace payfold {

// Some lines of plain English, one paragraph a component.
std::string PlanProse(const Program& program);

// "credited amount of own deals where product is one of A, B".
std::string MeasureText(const Measure& measure);

}  // namespace payfold

#endif  // LEDGER_PLAN_PROSE_H_
