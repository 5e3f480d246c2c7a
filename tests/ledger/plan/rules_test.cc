// The index of rules: each has one id, short, under its section, and never two. That each
// is named by a test is a rule of the house: tidy_test.

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

TEST(RulesTest, EveryRuleHasOneIdUnderItsSection) {
  const std::string page = payfold_testing::ReadPlanPage("rules.md");
  const std::regex kRow(R"(^\| `\[(\d+)(\.[a-z0-9-]+){1,3}\]` \| .{10,} \|$)");
  std::set<std::string> ids;
  std::string section;
  const std::vector<std::string> lines = absl::StrSplit(page, '\n');
  for (const std::string& line : lines) {
    if (absl::StartsWith(line, "## ")) {
      section = line.substr(3, line.find('.') - 3);
    }
    if (!absl::StartsWith(line, "| `")) continue;
    std::smatch match;
    ASSERT_TRUE(std::regex_match(line, match, kRow)) << line;
    EXPECT_EQ(match[1].str(), section) << line;
    EXPECT_TRUE(ids.insert(line.substr(3, line.find('`', 3) - 3)).second) << line;
  }
  EXPECT_GE(ids.size(), 120U);
  EXPECT_LE(ids.size(), 200U);
}

}  // namespace
}  // namespace payfold
