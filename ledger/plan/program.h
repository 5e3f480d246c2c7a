// What the compiler makes of a plan: resolved, typed, exact, ready to evaluate.
//
// Every default of the plan language is filled in, every number parsed. Immutable
// after compilation; share freely between threads.
//
// Source: specification, calculation 3 to 10.

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
#include "ledger/plan/measure.h"
#include "ledger/plan/payout.h"

namespace payfold {

struct Goal {
  std::string goal_id;
  std::string display_name;
  Measure measure;
  std::optional<Target> target;
  Rational amount;  // major units
};

// A comparison with a bound, as gates state it.
enum class Compare { kAtLeast, kAbove, kAtMost, kBelow };

struct Gate {
  // What is compared; none: the component's own measure.
  std::optional<Measure> measure;
  // Not empty: `measure` is the money of that component of the plan in the period.
  std::string component;
  std::optional<Target> target;
  // Measure / target against the bound, else the measure against the bound, or,
  // with a target, against bound × target.
  bool on_attainment = false;
  Compare compare = Compare::kAtLeast;
  Rational bound;                     // major units against money
  std::optional<Rational> otherwise;  // multiple when it fails; none: ZERO
};

struct Multiplier {
  struct Band {
    std::optional<Rational> upto;
    bool includes_upto = false;
    Rational multiple;
  };
  // None: the component's own measure.
  std::optional<Measure> measure;
  std::optional<Target> target;
  std::vector<Band> bands;
};

struct Cap {
  enum class Excess { kForfeit, kCarry, kRate };
  std::optional<Rational> amount;  // major units, else
  Rational multiple;               // of the target incentive
  bool per_deal = false;           // else per measurement period
  Excess excess = Excess::kForfeit;
  Rational rate;  // kRate: of what is above
};

struct Reward {
  enum class Kind { kMoney, kPoints, kBadge, kItem };
  Kind kind = Kind::kMoney;
  std::string name;                    // badge id, item's name
  std::optional<Rational> fair_value;  // kItem: major units
};

enum class Trigger { kBooked, kInvoiced, kCollected };

enum class FxDay { kCreditDate, kPeriodEnd, kPlanStart };

struct Clawback {
  enum class Mode { kNet, kRestate, kReverse, kNone };
  struct Step {
    int upto = 0;  // days since booking; ends before
    Rational percent;
  };
  Mode mode = Mode::kNet;
  std::vector<Step> schedule;  // kReverse
  bool linear = false;
  std::optional<int> window_days;
  std::optional<int> window_months;
};

struct Instalment {
  enum class Due { kBooked, kCollected, kPeriodEnd, kYearEnd, kAfterDays, kAfterMonths };
  Rational share;
  Due due = Due::kBooked;
  int n = 0;  // kAfterDays, kAfterMonths
};

struct Component {
  std::string component_id;
  std::string display_name;
  std::optional<Measure> measure;  // none only for payouts that need none
  Scope scope = Scope::kOwn;       // the component's
  // Measurement period: a window, else a kind, else the ledger's payout period.
  std::optional<Period> window;
  std::optional<PeriodKind> period;
  std::optional<Target> target;
  Payout payout;
  Reward reward;
  std::vector<Goal> goals;
  std::vector<Gate> gates;
  std::vector<Multiplier> multipliers;
  std::optional<Rational> floor;  // major units
  std::optional<Cap> cap;
  Rational weight = 1;
  // Share of the annual target incentive by label without the year; empty: by
  // months or days.
  std::map<std::string, Rational> target_weights;
  bool prorate_target = false, prorate_amounts = false, prorate_bands = false;
  bool running = false;  // RUNNING, else PERIOD_END
  bool restart = false;  // RESTART, else CONTINUE
  Trigger trigger = Trigger::kBooked;
  FxDay fx = FxDay::kCreditDate;
  Clawback clawback;
  std::vector<Instalment> schedule;  // empty: at once
};

struct RankBand {
  Measure measure;
  PeriodKind period = PeriodKind::kQuarter;
  Rational from_pct, to_pct;  // from < 100·i/n ≤ to
};

struct Eligibility {
  std::vector<std::string> roles, teams, territories, participants;
  std::map<std::string, std::vector<std::string>> attributes;
  std::optional<RankBand> rank_band;

  bool is_empty() const {
    return roles.empty() && teams.empty() && territories.empty() && participants.empty() &&
           attributes.empty() && !rank_band.has_value();
  }
};

struct Draw {
  Rational amount;                // major units, per `per`
  std::optional<PeriodKind> per;  // none: the payout period
  bool recoverable = false;
  bool from_earnings = false;  // EARNINGS, else EXCESS
  Rational recovery_rate = 1;
  std::optional<Rational> recovery_cap;  // share of earned
  int recover_after_months = 0;
  std::optional<Rational> max_balance;  // major units
  int periods = 0;                      // 0: all
  bool prorate = false;
};

struct Budget {
  Rational amount;                   // major units
  std::optional<PeriodKind> period;  // none: the payout period
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
  std::optional<Draw> draw;
  std::optional<Rational> cap;  // major units, of a participant's payout period
  std::optional<Budget> budget;
  bool prorate_by_months = false;
};

}  // namespace payfold

#endif  // LEDGER_PLAN_PROGRAM_H_
