// From a plan to its program: checks everything and names every mistake.

#ifndef LEDGER_PLAN_COMPILE_H_
#define LEDGER_PLAN_COMPILE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ledger/plan/program.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// A mistake or a warning in a plan. Line and column are from 1, or 0 where the
// plan came without a document.
struct PlanDiagnostic {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  int line = 0;
  int column = 0;
  std::string field;    // "components[0].payout.bands.bands[1].upto"
  std::string message;  // what is wrong, with the value, and what was expected
};

struct CompiledPlan {
  std::optional<Program> program;  // none if there is an error
  std::vector<PlanDiagnostic> diagnostics;
};

// Every mistake and warning, in no particular order.
CompiledPlan CompilePlan(const v1::Plan& plan);

// All errors in one line each, joined; for statuses.
std::string ErrorText(const std::vector<PlanDiagnostic>& diagnostics);

}  // namespace payfold

#endif  // LEDGER_PLAN_COMPILE_H_
