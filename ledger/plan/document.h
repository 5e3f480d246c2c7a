// A plan as a person writes it: YAML or JSON, with places for mistakes.

#ifndef LEDGER_PLAN_DOCUMENT_H_
#define LEDGER_PLAN_DOCUMENT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "ledger/plan/compile.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

// A document read into the message. Duplicate keys, unknown fields (with the
// nearest known name), wrong shapes, anchors that expand beyond a limit and
// over-long documents are errors among `diagnostics`.
struct PlanDocument {
  v1::Plan plan;
  std::vector<PlanDiagnostic> diagnostics;
  // Field path to (line, column), from 1.
  std::map<std::string, std::pair<int, int>> places;
};

PlanDocument ReadPlanDocument(absl::string_view text);

// Reads and compiles; diagnostics of the compiler carry the document's places.
CompiledPlan CompilePlanDocument(absl::string_view text, v1::Plan* plan);

}  // namespace payfold

#endif  // LEDGER_PLAN_DOCUMENT_H_
