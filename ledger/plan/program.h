// What the compiler makes of a plan: resolved, typed, exact, ready to evaluate.
//
// Every default of the plan language is filled in, every number parsed. Money
// that the plan states is in major units, as is a money measure when a payout
// function sees it; the evaluation turns the result into minor units and rounds
// it once. Immutable after compilation; share freely between threads.
//
// Source: specification, calculation 3 to 8.

#ifndef LEDGER_PLAN_PROGRAM_H_
#define LEDGER_PLAN_PROGRAM_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"

namespace payfold {

enum class Scope { kOwn, kTeam, kTerritory, kReports, kReportsAndSelf, kCompany };

// A test of one attribute, or (kAny) a choice between lists of tests.
struct Condition {
  enum class Test { kAnyOf, kNoneOf, kAtLeast, kAbove, kAtMost, kBelow, kAny };
  Test test = Test::kAnyOf;
  std::string attribute;
  std::vector<std::string> values;          // kAnyOf, kNoneOf
  Rational bound;                           // kAtLeast to kBelow
  std::vector<std::vector<Condition>> any;  // kAny: one list must hold in full
};

enum class DealValue { kAmount, kDealAmount, kCount, kSharedCount };

// A measure over deals; a fact must match every condition.
struct Measure {
  DealValue value = DealValue::kAmount;
  Scope scope = Scope::kOwn;
  std::vector<Condition> where;

  // Minor units of money, as opposed to a plain number.
  bool is_money() const { return value == DealValue::kAmount || value == DealValue::kDealAmount; }
};

struct Target {
  enum class Kind { kFixed, kQuota };
  Kind kind = Kind::kFixed;
  Rational fixed;      // kFixed: major units for a money measure
  std::string metric;  // kQuota
};

struct Band {
  enum class Pay { kRate, kPerUnit, kFixed, kMultiple };
  std::optional<Rational> upto;  // none: without limit
  bool includes_upto = false;    // the edge belongs to this band
  Pay pay = Pay::kRate;
  Rational value;  // rate, major units per unit, major units, or multiple
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
};

struct PerDeal {
  std::optional<Rational> rate;  // else bands
  Bands bands;
  std::optional<Rational> min_amount;  // major units
  std::optional<Rational> cap;         // major units
};

struct Payout {
  enum class Kind { kRate, kPerUnit, kFixed, kBands, kPerDeal };
  Kind kind = Kind::kFixed;
  Rational value;  // kRate, kPerUnit, kFixed
  Bands bands;     // kBands
  PerDeal per_deal;
};

struct Component {
  std::string component_id;
  std::string display_name;
  std::optional<Measure> measure;  // none only for a fixed payout
  // Measurement period: a window, else a kind, else the ledger's payout period.
  std::optional<Period> window;
  std::optional<PeriodKind> period;
  std::optional<Target> target;
  Payout payout;
  Rational weight = 1;
  // Share of the annual target incentive by label without the year; empty: by
  // months or days.
  std::map<std::string, Rational> target_weights;
  bool running = false;  // RUNNING, else PERIOD_END
};

struct Eligibility {
  std::vector<std::string> roles, teams, territories, participants;
  std::map<std::string, std::vector<std::string>> attributes;

  bool is_empty() const {
    return roles.empty() && teams.empty() && territories.empty() && participants.empty() &&
           attributes.empty();
  }
};

struct Program {
  std::string plan_id;
  std::string display_name;
  Currency currency;
  Date start;
  Date end;  // Date::Max() without end
  Rounding rounding = Rounding::kHalfUp;
  Eligibility eligibility;
  std::vector<Component> components;
};

}  // namespace payfold

#endif  // LEDGER_PLAN_PROGRAM_H_
