// The parts that CompilePlan is made of. Internal to this folder.
//
// Each reads one message at `path`, reports what is wrong with it, and returns
// something usable (defaults where a value is wrong), so that one run names
// every mistake.

#ifndef LEDGER_PLAN_COMPILE_PARTS_H_
#define LEDGER_PLAN_COMPILE_PARTS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/plan/findings.h"
#include "ledger/plan/program.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// A place where the money of one of the plan's components is used.
struct ComponentUse {
  int user = 0;      // index of the component, or Compilation::kEligibility
  std::string used;  // its id
  std::string path;
};

// What the parts share: the plan, what is wrong with it, and what the component
// that is being compiled contains, for warnings of fields without effect.
struct Compilation {
  static constexpr int kEligibility = -1;
  struct Seen {
    bool deals = false;          // a measure over deals
    bool deal_money = false;     // over amounts of deals
    bool outer_scope = false;    // something that takes the component's scope
    bool target = false;         // any target
    bool measure_edges = false;  // bands on a MEASURE
    bool fixed = false;          // an amount that AMOUNTS prorates
    bool goal_target = false;    // `target: goal`
  };

  explicit Compilation(const v1::Plan& p) : plan(p) {}

  const v1::Plan& plan;
  Findings findings;
  std::vector<ComponentUse> uses;
  int component = kEligibility;       // index of the one being compiled
  const Component* so_far = nullptr;  // what of it is compiled already
  Seen seen;

  // REQUIRES: a component is being compiled.
  const v1::Component& source() const { return plan.components(component); }
};

// What surrounds a measure.
struct Around {
  Scope scope = Scope::kOwn;         // of a measure that names none
  bool is_components = false;        // `scope` is the component's
  std::optional<PeriodKind> period;  // it is measured over, if known
};

// None and an error if the measure cannot be made.
std::optional<Measure> CompileMeasure(const v1::Measure& measure, const Around& around,
                                      const std::string& path, Compilation* c);
std::vector<Condition> CompileConditions(
    const google::protobuf::RepeatedPtrField<v1::Condition>& conditions, bool of_deals,
    const std::string& path, Compilation* c);
// `outer` where the scope is left out.
Scope CompileScope(v1::Scope scope, Scope outer);

// What a target is held against.
struct TargetFor {
  const Measure* measure = nullptr;  // null where there is none or it is wrong
  bool is_components = false;        // the component's own target
  bool is_goals = false;             // the target of a goal
};

// None and an error if the target cannot be made.
std::optional<Target> CompileTarget(const v1::Target& target, const TargetFor& target_for,
                                    const std::string& path, Compilation* c);

// How a number that is held against a measure may be written.
enum class Unit { kMoney, kCount, kRatio };  // kRatio: also as a percentage
Unit UnitOf(const Measure& measure);
// An attainment if there is a target, else a number in the measure's unit. Without
// a measure any number will do.
std::optional<Rational> ReadEdge(const std::string& text, bool has_target, const Measure* measure,
                                 const std::string& path, Compilation* c);

// Rates, prices, amounts and multiples with the warnings they deserve.
Rational CompileRate(const std::string& text, const std::string& path, Findings* findings);
Rational CompileMoney(const std::string& text, const std::string& path, Findings* findings);
Rational CompileMultiple(const std::string& text, const std::string& path, Findings* findings);

// A table from keys to numbers, each read by `read`.
using NumberReader = std::function<Rational(const std::string& text, const std::string& path)>;
LookupTable CompileTable(const std::string& by,
                         const google::protobuf::Map<std::string, std::string>& table,
                         const NumberReader& read, const std::string& path, Findings* findings);
// The table of a `rate_by`, which names exactly one attribute.
LookupTable CompileRateBy(const google::protobuf::Map<std::string, v1::RateTable>& rate_by,
                          const NumberReader& read, const std::string& path, Findings* findings);
// True if a table by this reads the participant rather than a deal.
bool IsOfParticipant(const std::string& by);

// Of the component so far, which has its measure and target. A missing payout,
// measure or target is reported at the component's `path`.
Payout CompilePayout(const std::string& path, Compilation* c);
Bands CompileBands(const v1::Bands& bands, bool per_deal, const std::string& path, Compilation* c);
Curve CompileCurve(const v1::Curve& curve, const std::string& path, Compilation* c);
Matrix CompileMatrix(const v1::Matrix& matrix, const std::string& path, Compilation* c);

std::vector<Goal> CompileGoals(const std::string& path, Compilation* c);
std::vector<Gate> CompileGates(const std::string& path, Compilation* c);
std::vector<Multiplier> CompileMultipliers(const std::string& path, Compilation* c);

// How it is paid: caps, clawback, schedules, draws, budgets, rewards.
Cap CompileCap(const v1::Cap& cap, const std::string& path, Findings* findings);
Clawback CompileClawback(const v1::Clawback& clawback, const std::string& path, Findings* findings);
std::vector<Instalment> CompileSchedule(
    const google::protobuf::RepeatedPtrField<v1::Instalment>& schedule, const std::string& path,
    Findings* findings);
Reward CompileReward(const v1::Reward& reward, const std::string& path, Findings* findings);
Draw CompileDraw(const v1::Draw& draw, Findings* findings);
Budget CompileBudget(const v1::Budget& budget, Findings* findings);

Eligibility CompileEligibility(const v1::Eligibility& eligibility, Compilation* c);
// Component `index` of the plan.
Component CompileComponent(int index, Compilation* c);

// The kind, or none where it is left out.
std::optional<PeriodKind> CompileKind(v1::PeriodKind kind);
// What surrounds the measures of the component so far.
Around AroundComponent(const Compilation& c);
// A measure that stands instead of the component's own, which is taken where it is
// left out; null and an error if there is neither, null if it is wrong.
const Measure* CompileOrOwn(bool is_given, const v1::Measure& measure, const std::string& path,
                            Compilation* c, std::optional<Measure>* result);
// True if the measure sums credits of deals, so that its money belongs to deals.
bool IsOverDeals(const Measure& measure);
// True if a part of the payout is a multiple of the target incentive.
bool PaysTargetIncentive(const Payout& payout);

// Errors at uses of components that are not there or that depend on themselves.
void CheckUses(const Program& program, Compilation* c);

}  // namespace payfold

#endif  // LEDGER_PLAN_COMPILE_PARTS_H_
