// Targets and payout functions as the compiler makes them.
//
// Money that a plan states is in major units, as is a measure of money when a
// payout function sees it; the evaluation turns the result into minor units and
// rounds it once.
//
// Source: specification, calculation 6 and 7.

#ifndef LEDGER_PLAN_PAYOUT_H_
#define LEDGER_PLAN_PAYOUT_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/money/rational.h"
#include "ledger/plan/measure.h"

namespace payfold {

// Something of the participant, or of a deal, to a number; others take "*" if it
// is there. Of tenure_months the keys are lower bounds.
struct LookupTable {
  std::string by;  // tenure_months, role, team, territory, or an attribute
  std::map<std::string, Rational> values;
};

struct Target {
  enum class Kind { kFixed, kQuota, kPrevious, kPopulation, kGoal };
  enum class Stat { kMean, kMax, kMin, kRank, kPercentile, kMeanPlusSigma };

  Kind kind = Kind::kFixed;
  Rational fixed;                    // kFixed: major units for a money measure
  std::optional<LookupTable> table;  // kFixed: instead of `fixed`; no key matches: 0
  std::string metric;                // kQuota
  Rational factor = 1;               // kPrevious, kPopulation
  // kPopulation.
  Stat stat = Stat::kMean;
  Rational argument;               // kRank, kPercentile, kMeanPlusSigma
  bool of_attainment = false;      // else of the measure
  bool current = false;            // else of the previous period
  Scope around = Scope::kCompany;  // people around the participant; COMPANY: all in the plan
};

struct Band {
  enum class Pay { kRate, kPerUnit, kFixed, kMultiple };
  std::optional<Rational> upto;  // none: without limit
  bool includes_upto = false;    // the edge belongs to this band
  Pay pay = Pay::kRate;
  Rational value;  // rate, major units per unit, major units, or multiple
  // kRate, kPerUnit: the participant's own; `value` for others.
  std::optional<LookupTable> rate_by;
  bool retroactive = false;
};

struct Bands {
  enum class Basis { kMeasure, kAttainment };
  enum class Mode { kMarginal, kRetroactive, kInterpolated };
  Basis basis = Basis::kMeasure;
  Mode mode = Mode::kMarginal;
  Rational from;
  // UPPER_INCLUSIVE: `from` itself is below the first band. Edges between bands
  // are in Band::includes_upto.
  bool from_excluded = false;
  std::vector<Band> bands;
  // RETROACTIVE: another measure (and target) chooses the band. On ATTAINMENT
  // without a target of its own, by_target is the component's.
  std::optional<Measure> by_measure;
  std::optional<Target> by_target;
  bool by_component_target = false;
};

struct Curve {
  struct Point {
    Rational attainment, multiple;
  };
  std::vector<Point> points;  // ascending; of two at one attainment the later counts from there on
  bool extend = false;        // beyond the points the end segments' lines, else flat
};

struct Matrix {
  struct Axis {
    Measure measure;
    std::optional<Target> target;  // then edges are attainments
    std::vector<Rational> edges;   // ascending; an edge belongs to the upper band
  };
  struct Cell {
    enum class Pay { kFixed, kMultiple, kRate };
    Pay pay = Pay::kFixed;
    Rational value;
  };
  Axis rows, columns;
  std::vector<std::vector<Cell>> cells;  // one more than the edges, on both axes
};

struct PerDeal {
  std::optional<Rational> rate;  // else bands
  Bands bands;
  std::optional<Rational> min_amount;  // major units
  std::optional<Rational> cap;         // major units
};

struct Rank {
  Scope population = Scope::kCompany;  // people around the participant; COMPANY: all in the plan
  std::vector<Rational> awards;        // major units, best rank first
};

struct Pool {
  enum class Share { kEqual, kByMeasure, kByTargetIncentive, kByAttribute };
  std::optional<Rational> amount;  // major units, else
  Rational rate;                   // of the scope's measure
  bool scaled = false;             // × the scope's attainment
  Share share = Share::kEqual;
  std::string attribute;  // kByAttribute
};

struct Payout {
  enum class Kind {
    kRate,
    kPerUnit,
    kFixed,
    kBands,
    kCurve,
    kMatrix,
    kPerDeal,
    kRank,
    kPool,
    kGoals
  };
  Kind kind = Kind::kFixed;
  Rational value;  // kRate, kPerUnit, kFixed
  // kRate, kPerUnit: looked up for each credit in the deal's attributes, or once
  // for the participant (tenure_months, role, team); `value` for others.
  std::optional<LookupTable> rate_by;
  Bands bands;
  Curve curve;
  Matrix matrix;
  PerDeal per_deal;
  Rank rank;
  Pool pool;
};

}  // namespace payfold

#endif  // LEDGER_PLAN_PAYOUT_H_
