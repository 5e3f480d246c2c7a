// Any text ends in a program or in an error, and what compiled can be told.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "ledger/base/check.h"
#include "ledger/plan/document.h"
#include "ledger/plan/prose.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const payfold::CompiledPlan compiled = payfold::CompilePlanDocument(text, nullptr);
  const bool has_error = std::any_of(
      compiled.diagnostics.begin(), compiled.diagnostics.end(), [](const auto& diagnostic) {
        return diagnostic.severity == payfold::PlanDiagnostic::Severity::kError;
      });
  CHECK(compiled.program.has_value() != has_error);
  if (compiled.program.has_value()) CHECK(!payfold::PlanProse(*compiled.program).empty());
  return 0;
}
