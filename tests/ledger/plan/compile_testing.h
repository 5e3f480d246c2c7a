// What the tests of the compiler share.

#ifndef TESTS_LEDGER_PLAN_COMPILE_TESTING_H_
#define TESTS_LEDGER_PLAN_COMPILE_TESTING_H_

#include <string>
#include <vector>

#include "ledger/plan/compile.h"

namespace payfold_testing {

// Compiles a document of one component; see PlanWith.
payfold::CompiledPlan Compile(const std::string& component);
// The component, which is expected to compile.
payfold::Component Compiled(const std::string& component);
// The same of a whole document.
payfold::Program CompiledDocument(const std::string& document);

// A component, or with `of_document` a whole document, and how a line
// "FIELD: MESSAGE" of its findings begins: of a component's after
// "components[0]", of a document's from its start on.
struct Mistake {
  std::string text;
  std::string want;
};
void ExpectErrors(const std::vector<Mistake>& mistakes);
void ExpectWarnings(const std::vector<Mistake>& mistakes);
void ExpectErrorsOfDocuments(const std::vector<Mistake>& mistakes);
void ExpectWarningsOfDocuments(const std::vector<Mistake>& mistakes);

// A document with these lines of the plan beside one component that pays 5%.
std::string PlanAnd(const std::string& lines);

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_PLAN_COMPILE_TESTING_H_
