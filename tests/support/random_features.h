// Groups of features of the plan language, to turn on one at a time.

#ifndef TESTS_SUPPORT_RANDOM_FEATURES_H_
#define TESTS_SUPPORT_RANDOM_FEATURES_H_

namespace payfold_testing {

// What random plans and companies have beside deals, the measures over them, and
// payouts by rate, unit, bands and deal.
struct RandomFeatures {
  bool measures = false;   // ratio, growth, sum, periods, attribute, COUNT_DISTINCT
  bool metrics = false;    // measures over metrics, and recorded ones
  bool targets = false;    // tables, previous, population, goals
  bool payouts = false;    // curve, matrix, rank, pool, goals, rate_by
  bool modifiers = false;  // gates, multipliers, floors, component caps
  bool clawback = false;   // RESTATE, REVERSE, NONE
  bool triggers = false;   // INVOICED, COLLECTED
  bool fx = false;         // PERIOD_END, PLAN_START
  bool proration = false;
  bool segments = false;  // RESTART
  bool rewards = false;
  bool earnings = false;  // measures and gates over the money of other components
  bool plan_cap = false;
  bool budget = false;
  bool rank_band = false;
  bool draws = false;      // and opening balances, adjustments
  bool schedules = false;  // and payments

  static RandomFeatures All() {
    return {true, true, true, true, true, true, true, true, true,
            true, true, true, true, true, true, true, true};
  }
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_FEATURES_H_
