// The multiple of the target incentive that a curve pays.
//
// Source: specification, calculation 7 and 14.

#ifndef LEDGER_PLAN_CURVE_H_
#define LEDGER_PLAN_CURVE_H_

#include "ledger/money/rational.h"
#include "ledger/plan/payout.h"

namespace payfold {

// The multiple at `attainment`: linear between the points; of two points at one
// attainment the later counts from there on. Outside the points the multiple of
// the end point, or with `extend` the line through the end point and the nearest
// point at another attainment (flat if there is none).
// REQUIRES: there is a point, and attainments do not descend.
Rational CurveMultiple(const Curve& curve, const Rational& attainment);

}  // namespace payfold

#endif  // LEDGER_PLAN_CURVE_H_
