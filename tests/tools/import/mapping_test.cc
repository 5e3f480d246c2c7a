#include "tools/import/mapping.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kGood[] = R"(currency: USD
stage: {column: stage, won: [Won], lost: [Lost], open: [New, Open]}
fixes: {product: {GTXPro: GTX Pro}}
lookups:
  roster: {file: roster.csv, key: agent}
deals:
  deal_id: id
  owner_id: {column: agent, participant: true}
  amount: value
  booked_on: closed
  attributes:
    office: {column: agent, lookup: roster, take: office}
participants:
  - lookup: roster
    name: agent
    effective_from: 2016-10-01
    role: {constant: agent}
)";

absl::Status Reading(const std::string& text) { return ReadMapping(text, "map.yaml").status(); }

// kGood with one piece of text replaced.
absl::Status With(const std::string& from, const std::string& to) {
  return Reading(absl::StrReplaceAll(kGood, {{from, to}}));
}

TEST(MappingTest, ReadsWhatItSays) {
  const absl::StatusOr<ImportMapping> mapping = ReadMapping(kGood, "map.yaml");
  ASSERT_THAT(mapping, IsOk());
  EXPECT_EQ(mapping->currency->code(), "USD");
  EXPECT_FALSE(mapping->minor_units);
  EXPECT_EQ(mapping->stages.at("Open"), Stage::kOpen);
  EXPECT_EQ(mapping->stages.at("Won"), Stage::kWon);
  EXPECT_EQ(mapping->fixes.at("product").at("GTXPro"), "GTX Pro");
  EXPECT_EQ(mapping->deals.fields.at("amount").column, "value");
  EXPECT_TRUE(mapping->deals.fields.at("owner_id").participant);
  EXPECT_EQ(mapping->deals.attributes.at("office").take, "office");
  ASSERT_EQ(mapping->participants.size(), 1u);
  EXPECT_EQ(mapping->participants[0].effective_from.ToString(), "2016-10-01");
  EXPECT_EQ(mapping->participants[0].fields.at("role").constant, "agent");
}

TEST(MappingTest, NamesEachMistakeByLine) {
  const struct {
    const char* from;
    const char* to;
    const char* want;
  } kCases[] = {
      {"currency: USD", "currency: usd", "map.yaml:1: currency: "},
      {"currency: USD", "source: x", "map.yaml:1: \"currency\" is missing"},
      {"amount: value", "amuont: value",
       "map.yaml:9: deals.amuont: \"amuont\" is not a key that is read here; did you mean "
       "\"amount\"?"},
      {"amount: value", "amount: value\n  amount: other",
       "map.yaml:10: deals.amount: stands twice"},
      {"amount: value", "amount:", "map.yaml:9: deals.amount: "},
      {"won: [Won]", "won: [Won, New]", "stage \"New\" stands twice"},
      {"won: [Won], ", "", "\"stage.won\" is missing"},
      {"lookup: roster, take: office", "lookup: rooster, take: office",
       "\"rooster\" is not a lookup of this file; did you mean \"roster\"?"},
      {"lookup: roster, take: office", "lookup: roster", "needs \"lookup\" and \"take\" together"},
      {"{constant: agent}", "{constant: agent, column: x}",
       "map.yaml:17: participants[0].role: takes a \"column\" or a \"constant\""},
      {"2016-10-01", "2016-02-30", "map.yaml:16: participants[0].effective_from: "},
      {"participant: true", "participant: yes", "\"yes\" must be one of false, true"},
      {"fixes: {product: {GTXPro: GTX Pro}}", "fixes: [product]",
       "map.yaml:3: fixes: must be a mapping"},
      {"  deal_id: id\n", "", "\"deals.deal_id\" is missing"},
  };
  for (const auto& c : kCases) {
    EXPECT_THAT(With(c.from, c.to), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.want)))
        << c.to;
  }
}

TEST(MappingTest, NamesAllMistakesAtOnce) {
  EXPECT_THAT(Reading("currncy: USD\nstages: {}\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("map.yaml:1: currncy:"), HasSubstr("map.yaml:2: stages:"),
                             HasSubstr("\"deals.amount\" is missing"))));
}

TEST(MappingTest, RefusesWhatIsNoPlainYaml) {
  std::string bomb = "a: &a [x, x]\n";
  for (char c = 'b'; c < 'z'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    absl::StrAppend(&bomb, std::string(1, c), ": &", std::string(1, c), " [*", before, ", *",
                    before, "]\n");
  }
  EXPECT_THAT(Reading(bomb), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("map.yaml:2: aliases are not read here")));
  EXPECT_THAT(Reading("a: [1"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not YAML")));
  EXPECT_THAT(Reading(""), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Reading("- a\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("must be a mapping")));
}

TEST(MappingTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_THAT(LoadMapping("/nowhere/map.yaml"), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace payfold
