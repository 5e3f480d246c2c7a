// What bands pay: the payout function of calculation 7, exact and pure.

#ifndef LEDGER_PLAN_BANDS_H_
#define LEDGER_PLAN_BANDS_H_

#include <optional>
#include <vector>

#include "ledger/money/rational.h"
#include "ledger/plan/program.h"

namespace payfold {

// What bands are applied to.
struct BandsInput {
  Rational measure;                // major units of money, or a plain number
  std::optional<Rational> target;  // in the measure's unit; none: undefined
  Rational target_incentive;       // of the measurement period, major units
  // x by which RETROACTIVE chooses the band, where `by` is given: the other
  // measure's attainment if it has a target, else its value; none: undefined.
  std::optional<Rational> by;
  bool has_by = false;
};

// What one band pays, not rounded.
struct BandPay {
  int band = 0;     // from 1
  Rational amount;  // major units
  // The slice of the measure it pays on (the whole measure if RETROACTIVE), in
  // the measure's unit. Equal for a fixed amount, but INTERPOLATED gives the part
  // of the band that has accrued.
  Rational slice_from, slice_to;
  Rational value;  // the rate, price, fixed amount or multiple applied
  Band::Pay pay = Band::Pay::kRate;
};

// What each band pays, in order; bands that pay nothing are left out. On basis
// ATTAINMENT a target of 0 or undefined pays nothing at all.
std::vector<BandPay> PayBands(const Bands& bands, const BandsInput& input);

// The band (from 1) in which x falls (MEASURE: the measure, ATTAINMENT:
// measure / target), 0 when in none. Negative x falls in a first band that
// starts at 0 unless it pays a fixed amount.
int BandAt(const Bands& bands, const Rational& x);

}  // namespace payfold

#endif  // LEDGER_PLAN_BANDS_H_
