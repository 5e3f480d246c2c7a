// What every answer must be, whatever the company: parts add up to the whole,
// and each line can be asked for again and explains itself.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::FactsView;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr uint64_t kCases = 40;

class AnswersTest : public ::testing::TestWithParam<uint64_t> {
 protected:
  AnswersTest() {
    const absl::Status added = company_.AddAll(RandomCompany(GetParam(), {}));
    EXPECT_TRUE(added.ok()) << added;
  }

  FactsView View() { return company_.View(); }

  std::vector<payfold::v1::Line> Lines(bool with_explanations) {
    payfold::LineFilter filter;
    filter.with_explanations = with_explanations;
    auto lines = payfold::ListLines(View(), filter);
    EXPECT_TRUE(lines.ok()) << lines.status();
    return lines.ok() ? *lines : std::vector<payfold::v1::Line>();
  }

  FoldedCompany company_;
};

TEST_P(AnswersTest, EveryLineIsExplainedDownToDealsThatAddUpToIt) {
  const uint64_t head = View().position();
  for (const payfold::v1::Line& line : Lines(true)) {
    const payfold::v1::Explanation& why = line.explanation();
    int64_t sum = why.unattributed_minor_units();
    for (const payfold::v1::Attribution& part : why.attributions()) {
      sum += part.minor_units();
      EXPECT_THAT(part.positions(), Not(IsEmpty())) << line.line_id();
      for (uint64_t position : part.positions()) EXPECT_LE(position, head);
    }
    EXPECT_EQ(sum, line.amount().minor_units()) << line.line_id();
    EXPECT_EQ(why.amount_to_date_minor_units() - why.amount_before_minor_units(),
              line.amount().minor_units());
    EXPECT_THAT(why.sentence(), HasSubstr(" = ")) << line.line_id();
    EXPECT_THAT(why.positions(), Not(IsEmpty())) << line.line_id();
  }
}

TEST_P(AnswersTest, EveryLineHasItsOwnIdAndIsFoundByIt) {
  std::set<std::string> ids;
  for (const payfold::v1::Line& line : Lines(false)) {
    EXPECT_TRUE(ids.insert(line.line_id()).second) << line.line_id();
    const auto found = payfold::ExplainLine(View(), line.line_id());
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->amount().minor_units(), line.amount().minor_units());
  }
}

TEST_P(AnswersTest, StatementsAddUpToTheirLinesAndBalancesToTheStatements) {
  std::map<std::pair<std::string, std::string>, int64_t> earned;
  std::set<std::pair<std::string, std::string>> statements;
  for (const payfold::v1::Line& line : Lines(false)) {
    earned[{line.participant_id(), line.amount().currency()}] += line.amount().minor_units();
    statements.insert({line.participant_id(), line.payout_period()});
  }
  std::map<std::pair<std::string, std::string>, int64_t> stated;
  for (const auto& [participant, period] : statements) {
    const auto answer = payfold::GetStatements(View(), participant, period, false);
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const payfold::v1::Statement& statement : *answer) {
      int64_t lines = 0, components = 0;
      for (const auto& line : statement.lines()) lines += line.amount().minor_units();
      for (const auto& total : statement.components()) {
        components += total.earned().minor_units();
      }
      EXPECT_EQ(statement.earned_minor_units(), lines);
      EXPECT_EQ(statement.earned_minor_units(), components);
      stated[{participant, statement.currency()}] += lines;
    }
  }
  EXPECT_EQ(stated, earned);
  const auto balances = payfold::ListBalances(View(), "");
  ASSERT_TRUE(balances.ok()) << balances.status();
  const auto by_many = payfold::ListBalances(View(), "", /*workers=*/3);
  ASSERT_TRUE(by_many.ok()) << by_many.status();
  ASSERT_EQ(by_many->size(), balances->size());
  for (size_t i = 0; i < balances->size(); ++i) {
    EXPECT_EQ((*by_many)[i].SerializeAsString(), (*balances)[i].SerializeAsString());
  }
  for (const payfold::v1::Balance& balance : *balances) {
    const auto at = earned.find({balance.participant_id(), balance.currency()});
    EXPECT_EQ(balance.earned_minor_units(), at == earned.end() ? 0 : at->second);
  }
}

TEST_P(AnswersTest, WhatADealIsSaidToHaveDoneIsWhatItsLinesSay) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, int64_t>> by_lines;
  for (const payfold::v1::Line& line : Lines(true)) {
    for (const payfold::v1::Attribution& part : line.explanation().attributions()) {
      by_lines[{part.deal_id(), line.participant_id()}]
              [line.plan_id() + "/" + line.component_id()] += part.minor_units();
    }
  }
  for (const auto& [key, components] : by_lines) {
    const auto answer = payfold::ExplainDeal(View(), key.first, key.second);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_THAT(answer->facts(), Not(IsEmpty()));
    for (const payfold::v1::DealInComponent& told : answer->components()) {
      EXPECT_THAT(told.reason(), Not(IsEmpty()));
      const auto at = components.find(told.plan_id() + "/" + told.component_id());
      if (at == components.end()) continue;
      EXPECT_TRUE(told.counted()) << key.first << " " << key.second << " " << told.component_id();
      EXPECT_EQ(told.attributed().minor_units(), at->second)
          << key.first << " " << key.second << " " << told.component_id();
    }
  }
}

TEST_P(AnswersTest, ExceptionsAttainmentsAndLeaderboardsAreAnswered) {
  const auto exceptions = payfold::ListExceptions(View());
  ASSERT_TRUE(exceptions.ok()) << exceptions.status();
  for (const payfold::v1::Exception& exception : *exceptions) {
    EXPECT_THAT(exception.message(), Not(IsEmpty()));
    EXPECT_THAT(exception.subject(), Not(IsEmpty())) << exception.message();
  }
  EXPECT_TRUE(payfold::ListAttainments(View(), "", "2025-02").ok());
  payfold::v1::GetLeaderboardRequest board;
  board.set_period("2025-Q3");
  board.set_by(payfold::v1::GetLeaderboardRequest::EARNED);
  const auto rows = payfold::GetLeaderboard(View(), board);
  EXPECT_TRUE(rows.ok()) << rows.status();
}

INSTANTIATE_TEST_SUITE_P(Random, AnswersTest, ::testing::Range<uint64_t>(1, kCases + 1));

}  // namespace
}  // namespace payfold_testing
