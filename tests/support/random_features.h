// Groups of features of the plan language, to turn on one at a time.

#ifndef TESTS_SUPPORT_RANDOM_FEATURES_H_
#define TESTS_SUPPORT_RANDOM_FEATURES_H_

#include <cstdint>

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

  // Each of them or not, by the bits of a number.
  static RandomFeatures Some(uint64_t bits) {
    const auto bit = [&bits](int place) { return ((bits >> place) & 1) != 0; };
    return {bit(0), bit(1),  bit(2),  bit(3),  bit(4),  bit(5),  bit(6),  bit(7), bit(8),
            bit(9), bit(10), bit(11), bit(12), bit(13), bit(14), bit(15), bit(16)};
  }
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_FEATURES_H_
