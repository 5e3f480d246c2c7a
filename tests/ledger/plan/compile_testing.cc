#include "tests/ledger/plan/compile_testing.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold_testing {
namespace {

using ::payfold::CompiledPlan;
using ::payfold::PlanDiagnostic;
using ::testing::HasSubstr;

void ExpectFinding(const std::string& severity, const std::string& document,
                   const std::string& want) {
  const CompiledPlan compiled = payfold::CompilePlanDocument(document, nullptr);
  std::string found = "\n";
  for (const PlanDiagnostic& d : compiled.diagnostics) {
    const bool is_error = d.severity == PlanDiagnostic::Severity::kError;
    absl::StrAppend(&found, is_error ? "error " : "warning ", d.field, ": ", d.message, "\n");
  }
  EXPECT_THAT(found, HasSubstr(absl::StrCat("\n", severity, " ", want)));
  EXPECT_EQ(compiled.program.has_value(), severity == "warning") << found;
}

void ExpectFindings(const std::string& severity, bool of_documents,
                    const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    SCOPED_TRACE(mistake.text);
    ExpectFinding(severity, of_documents ? mistake.text : PlanWith(mistake.text),
                  absl::StrCat(of_documents ? "" : "components[0]", mistake.want));
  }
}

}  // namespace

CompiledPlan Compile(const std::string& component) {
  return payfold::CompilePlanDocument(PlanWith(component), nullptr);
}

payfold::Component Compiled(const std::string& component) {
  const payfold::Program program = CompiledDocument(PlanWith(component));
  return program.components.empty() ? payfold::Component() : program.components[0];
}

payfold::Program CompiledDocument(const std::string& document) {
  CompiledPlan compiled = payfold::CompilePlanDocument(document, nullptr);
  EXPECT_TRUE(compiled.program.has_value()) << document << Lines(compiled.diagnostics);
  if (compiled.program.has_value()) return *std::move(compiled.program);
  return *payfold::CompilePlanDocument(PlanWith(""), nullptr).program;
}

void ExpectErrors(const std::vector<Mistake>& mistakes) {
  ExpectFindings("error", false, mistakes);
}
void ExpectWarnings(const std::vector<Mistake>& mistakes) {
  ExpectFindings("warning", false, mistakes);
}
void ExpectErrorsOfDocuments(const std::vector<Mistake>& mistakes) {
  ExpectFindings("error", true, mistakes);
}
void ExpectWarningsOfDocuments(const std::vector<Mistake>& mistakes) {
  ExpectFindings("warning", true, mistakes);
}

std::string PlanAnd(const std::string& lines) { return absl::StrCat(lines, "\n", PlanWith("")); }

}  // namespace payfold_testing
