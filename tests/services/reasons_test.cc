// The page of reasons in services/README.md is complete, and names nothing else.

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

std::string TextOf(const std::string& file) {
  std::ifstream in(std::string(PAYFOLD_SOURCE_DIR) + "/" + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What the first group of `pattern` matches in the file.
std::set<std::string> Matches(const std::string& file, const std::string& pattern) {
  const std::string text = TextOf(file);
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

TEST(Reasons, ThePageListsEachOneThatTheCodeGives) {
  std::set<std::string> given =
      Matches("ledger/admission/violation.cc", R"re(Reason::k\w+, "([A-Z0-9_]+)")re");
  const std::set<std::string> of_services =
      Matches("services/errors.h", R"re(kReason\w+ = "([A-Z0-9_]+)")re");
  ASSERT_GT(given.size(), 30U);
  ASSERT_GT(of_services.size(), 10U);
  given.insert(of_services.begin(), of_services.end());
  EXPECT_EQ(Matches("services/README.md", R"re(\n\| `([A-Z0-9_]+)` \|)re"), given);
}

}  // namespace
}  // namespace payfold
