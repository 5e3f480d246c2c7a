// plans/mistakes.yaml has every kind of mistake, and one run names them all, each
// at its line.

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

// Line to what its comment says; the first two lines are about the file.
std::map<int, std::string> Expected(const std::string& document) {
  std::map<int, std::string> expected;
  int line = 0;
  for (absl::string_view text : absl::StrSplit(document, '\n')) {
    const size_t comment = text.find(" # ");
    if (++line <= 2 || comment == absl::string_view::npos) continue;
    expected[line] = std::string(text.substr(comment + 3));
  }
  return expected;
}

TEST(MistakesTest, EveryMistakeIsNamedAtItsLineInOneRun) {
  const std::string document = payfold_testing::ReadTestFile("plans/mistakes.yaml");
  const std::map<int, std::string> expected = Expected(document);
  ASSERT_GT(expected.size(), 40U);
  const CompiledPlan compiled = CompilePlanDocument(document, nullptr);
  EXPECT_FALSE(compiled.program.has_value());
  std::set<int> found;
  for (const PlanDiagnostic& d : compiled.diagnostics) {
    const auto it = expected.find(d.line);
    const std::string got = absl::StrCat(d.field, ": ", d.message);
    if (it == expected.end()) {
      ADD_FAILURE() << "line " << d.line << " has no mistake, but: " << got;
    } else {
      EXPECT_TRUE(absl::StartsWith(got, it->second)) << "line " << d.line << ": " << got;
      found.insert(d.line);
    }
    EXPECT_GT(d.column, 0) << got;
  }
  for (const auto& [line, want] : expected) EXPECT_EQ(found.count(line), 1U) << line << want;
}

}  // namespace
}  // namespace payfold
