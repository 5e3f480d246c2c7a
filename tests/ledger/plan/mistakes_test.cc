// plans/*mistakes.yaml have every kind of mistake, and one run names all of a plan,
// each at its line.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

// Line to what its comment says, divided by " | "; the first two lines are about the file.
std::map<int, std::vector<std::string>> Expected(const std::string& document) {
  std::map<int, std::vector<std::string>> expected;
  int line = 0;
  for (absl::string_view text : absl::StrSplit(document, '\n')) {
    const size_t comment = text.find(" # ");
    if (++line <= 2 || comment == absl::string_view::npos) continue;
    expected[line] = absl::StrSplit(text.substr(comment + 3), " | ");
  }
  return expected;
}

class MistakesTest : public testing::TestWithParam<std::string> {};

TEST_P(MistakesTest, EveryMistakeIsNamedAtItsLineInOneRun) {
  const std::string document = payfold_testing::ReadTestFile(GetParam());
  const std::map<int, std::vector<std::string>> expected = Expected(document);
  ASSERT_FALSE(expected.empty());
  const CompiledPlan compiled = CompilePlanDocument(document, nullptr);
  EXPECT_FALSE(compiled.program.has_value());
  std::set<std::pair<int, std::string>> found;
  for (const PlanDiagnostic& d : compiled.diagnostics) {
    const std::string got = absl::StrCat(d.field, ": ", d.message);
    const auto line = expected.find(d.line);
    const std::vector<std::string> none;
    const std::vector<std::string>& wanted = line == expected.end() ? none : line->second;
    const auto want = std::find_if(wanted.begin(), wanted.end(), [&](const std::string& text) {
      return absl::StartsWith(got, text);
    });
    if (want == wanted.end()) {
      ADD_FAILURE() << "line " << d.line << " has no such mistake, but: " << got;
    } else {
      found.emplace(d.line, *want);
    }
    EXPECT_GT(d.column, 0) << got;
  }
  for (const auto& [line, wanted] : expected) {
    for (const std::string& want : wanted) {
      EXPECT_EQ(found.count({line, want}), 1U)
          << "line " << line << " is not said to have: " << want;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Plans, MistakesTest,
                         testing::Values("plans/mistakes.yaml", "plans/more_mistakes.yaml",
                                         "plans/plan_mistakes.yaml"));

}  // namespace
}  // namespace payfold
