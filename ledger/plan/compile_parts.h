// The parts that CompilePlan is made of. Internal to this folder.
//
// Each reads one message at `path`, reports what is wrong with it, and returns
// something usable (defaults where a value is wrong), so that one run names
// every mistake. What is not supported is reported elsewhere, once
// (unsupported.h); the parts pass over it.

#ifndef LEDGER_PLAN_COMPILE_PARTS_H_
#define LEDGER_PLAN_COMPILE_PARTS_H_

#include <optional>
#include <string>

#include "ledger/plan/findings.h"
#include "ledger/plan/program.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// `outer` where the scope is left out.
Scope CompileScope(v1::Scope scope, Scope outer);

// None if the kind is missing (an error) or not over deals.
std::optional<Measure> CompileMeasure(const v1::Measure& measure, Scope outer,
                                      const std::string& path, Findings* findings);

// None if the kind is missing (an error) or not supported yet.
std::optional<Target> CompileTarget(const v1::Target& target, const std::string& path,
                                    Findings* findings);

// `so_far` is the component with its measure and target. Reports a missing
// payout, measure or target at the component's `path`.
Payout CompilePayout(const v1::Component& component, const Component& so_far,
                     const std::string& path, Findings* findings);

// What CompileBands has to know of the component.
struct BandsContext {
  const Component* component = nullptr;
  Scope scope = Scope::kOwn;  // of a measure inside that names none
  bool has_target = false;    // one is given, supported or not
  bool per_deal = false;
};

Bands CompileBands(const v1::Bands& bands, const BandsContext& context, const std::string& path,
                   Findings* findings);

// Rates, prices and amounts with the warnings they deserve.
Rational CompileRate(const std::string& text, const std::string& path, Findings* findings);
Rational CompileMoney(const std::string& text, const std::string& path, Findings* findings);

// True if a part of the payout is a multiple of the target incentive.
bool PaysTargetIncentive(const Payout& payout);

}  // namespace payfold

#endif  // LEDGER_PLAN_COMPILE_PARTS_H_
