#include "projections/replay/compare.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using ::testing::ElementsAre;

v1::Difference Row(const std::string& participant, int64_t before, int64_t after,
                   const std::string& period = "2025-01") {
  v1::Difference row;
  row.set_participant_id(participant);
  row.set_period(period);
  row.set_plan_id("p");
  row.set_component_id("c");
  row.set_currency("USD");
  row.set_before(before);
  row.set_after(after);
  row.set_difference(after - before);
  return row;
}

v1::Difference Points(const std::string& participant, int64_t after) {
  v1::Difference row = Row(participant, 0, after);
  row.clear_currency();
  row.mutable_reward()->set_kind(v1::RewardUnits::POINTS);
  return row;
}

std::vector<std::string> TextOf(const std::vector<v1::Difference>& rows) {
  std::vector<std::string> texts;
  for (const v1::Difference& row : rows) {
    texts.push_back(absl::StrCat(row.participant_id(), " ", row.before(), " ", row.after(), " ",
                                 row.difference()));
  }
  return texts;
}

TEST(CompareRowsTest, ShowsWhatTheSecondPaysMoreThanTheFirst) {
  const auto rows = payfold::CompareRows({Row("ana", 100, 150)}, {Row("ana", 100, 130)});
  ASSERT_THAT(rows, IsOk());
  EXPECT_THAT(TextOf(*rows), ElementsAre("ana 150 130 -20"));
}

TEST(CompareRowsTest, AReplayWithoutARowPaysWhatTheLedgerPays) {
  const auto rows = payfold::CompareRows({Row("ana", 100, 150)}, {Row("bob", 10, 30)});
  ASSERT_THAT(rows, IsOk());
  EXPECT_THAT(TextOf(*rows), ElementsAre("ana 150 100 -50", "bob 10 30 20"));
}

TEST(CompareRowsTest, LeavesOutWhatBothPayAlike) {
  const auto rows = payfold::CompareRows({Row("ana", 100, 150)}, {Row("ana", 100, 150)});
  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->size(), 0U);
}

TEST(CompareRowsTest, MoneyAndRewardsOfOneComponentAreTwoRows) {
  const auto rows = payfold::CompareRows({Row("ana", 0, 5)}, {Points("ana", 5)});
  ASSERT_THAT(rows, IsOk());
  EXPECT_EQ(rows->size(), 2U);
}

TEST(TotalsOfTest, AddsUpARowsParticipants) {
  const auto totals =
      payfold::TotalsOf({Row("ana", 0, 5), Row("ana", 10, 5, "2025-02"), Row("bob", 0, 1)}, 4);
  ASSERT_THAT(totals, IsOk());
  ASSERT_EQ(totals->size(), 1U);
  EXPECT_EQ(totals->front().better_off(), 1);
  EXPECT_EQ(totals->front().unchanged(), 3);
  EXPECT_EQ(totals->front().difference_minor_units(), 1);
}

TEST(OrderTest, SortsByGainLossAndSize) {
  const std::vector<v1::Difference> rows = {Points("ana", 1000), Row("ana", 0, 5),
                                            Row("bob", 0, -9), Row("cem", 0, 7)};
  const auto ordered = [&](v1::DifferenceOrder order) {
    std::vector<v1::Difference> list = rows;
    payfold::Order(order, &list);
    std::vector<std::string> ids;
    for (const v1::Difference& row : list) {
      ids.push_back(absl::StrCat(row.participant_id(), row.currency().empty() ? "*" : ""));
    }
    return ids;
  };
  EXPECT_THAT(ordered(v1::DIFFERENCE_ORDER_UNSPECIFIED), ElementsAre("ana*", "ana", "bob", "cem"));
  EXPECT_THAT(ordered(v1::GAIN_FIRST), ElementsAre("cem", "ana", "bob", "ana*"));
  EXPECT_THAT(ordered(v1::LOSS_FIRST), ElementsAre("bob", "ana", "cem", "ana*"));
  EXPECT_THAT(ordered(v1::LARGEST_FIRST), ElementsAre("bob", "cem", "ana", "ana*"));
}

TEST(FilterTest, KeepsWhatMatchesAllOfIt) {
  std::vector<v1::Difference> rows = {Row("ana", 0, 1), Row("ana", 0, 2, "2025-02"),
                                      Row("bob", 0, 3)};
  v1::DifferenceFilter filter;
  filter.set_participant_id("ana");
  filter.set_period("2025-02");
  payfold::Filter(filter, &rows);
  EXPECT_THAT(TextOf(rows), ElementsAre("ana 0 2 2"));
}

}  // namespace
}  // namespace payfold_testing
