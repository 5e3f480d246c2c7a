// Ranks by whatever is measured, among whoever is asked for.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/json_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::v1::GetLeaderboardRequest;
using ::testing::HasSubstr;

constexpr char kRanked[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"mia","effective_from":"2025-01-01","status":"ACTIVE","role":"manager","team":"east"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-01","status":"ACTIVE","role":"ae","team":"east","territory":"north","manager_id":"mia"}}
{"participant_changed":{"participant_id":"ben","effective_from":"2025-01-01","status":"ACTIVE","role":"ae","team":"west","territory":"north","manager_id":"ana"}}
{"participant_changed":{"participant_id":"cem","effective_from":"2025-01-01","status":"ACTIVE","role":"ae","team":"west","territory":"south"}}
{"quota_set":{"metric":"bookings","subject":"ana","period":"2025-01","value":"100000"}}
{"quota_set":{"metric":"bookings","subject":"ben","period":"2025-01","value":"50000"}}
{"deal_booked":{"deal_id":"D-1","amount":{"currency":"USD","minor_units":100000},"booked_on":"2025-01-10","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-2","amount":{"currency":"USD","minor_units":40000},"booked_on":"2025-01-11","owner_id":"ben"}}
{"deal_booked":{"deal_id":"D-3","amount":{"currency":"USD","minor_units":35000},"booked_on":"2025-01-12","owner_id":"ben"}}
{"deal_booked":{"deal_id":"D-4","amount":{"currency":"USD","minor_units":200000},"booked_on":"2025-01-12","owner_id":"cem"}}
)";

constexpr char kRankedPlan[] =
    "plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\neligibility: {roles: [ae]}\n"
    "components:\n"
    "- {component_id: money, measure: {deals: {}}, target: {quota: {metric: bookings}}, payout: "
    "{rate: 10%}}\n"
    "- {component_id: points, measure: {deals: {value: COUNT}}, payout: {per_unit: 5}, reward: "
    "{points: {}}}\n";

class Leaderboards : public ::testing::Test {
 protected:
  Leaderboards() { EXPECT_THAT(FoldJson(kRanked, kRankedPlan, &company_), IsOk()); }

  static GetLeaderboardRequest By(GetLeaderboardRequest::By by) {
    GetLeaderboardRequest request;
    request.set_period("2025-01");
    request.set_by(by);
    return request;
  }

  static GetLeaderboardRequest ByMoney(GetLeaderboardRequest::By by) {
    GetLeaderboardRequest request = By(by);
    request.set_plan_id("p");
    request.set_component_id("money");
    return request;
  }

  // "1 ana 10; 2 ben 5": by what it is ranked.
  std::string Ranks(const GetLeaderboardRequest& request) {
    const auto rows = payfold::GetLeaderboard(company_.View(), request);
    EXPECT_THAT(rows, IsOk());
    std::string text;
    for (const payfold::v1::LeaderboardRow& row : *rows) {
      std::string value = absl::StrCat(row.earned_minor_units());
      if (request.by() == GetLeaderboardRequest::POINTS) value = absl::StrCat(row.points());
      if (request.by() == GetLeaderboardRequest::MEASURE) value = row.measure();
      if (request.by() == GetLeaderboardRequest::ATTAINMENT) value = row.attainment_percent();
      absl::StrAppend(&text, text.empty() ? "" : "; ", row.rank(), " ", row.participant_id(), " ",
                      value);
    }
    return text;
  }

  FoldedCompany company_;
};

TEST_F(Leaderboards, RankByEarningsPointsAndAComponent) {
  EXPECT_EQ(Ranks(By(GetLeaderboardRequest::EARNED)),
            "1 cem 20000; 2 ana 10000; 3 ben 7500; 4 mia 0");
  EXPECT_EQ(Ranks(By(GetLeaderboardRequest::POINTS)), "1 ben 10; 2 ana 5; 2 cem 5; 4 mia 0");
  EXPECT_EQ(Ranks(ByMoney(GetLeaderboardRequest::MEASURE)),
            "1 cem 2,000.00; 2 ana 1,000.00; 3 ben 750.00");
  EXPECT_EQ(Ranks(ByMoney(GetLeaderboardRequest::ATTAINMENT)), "1 ben 150%; 2 ana 100%");
}

TEST_F(Leaderboards, AreOfATeamATerritoryOrAManager) {
  GetLeaderboardRequest request = ByMoney(GetLeaderboardRequest::MEASURE);
  request.set_manager_id("mia");
  EXPECT_EQ(Ranks(request), "1 ana 1,000.00; 2 ben 750.00");
  request.set_team("west");
  EXPECT_EQ(Ranks(request), "1 ben 750.00");
  request.clear_manager_id();
  request.clear_team();
  request.set_territory("south");
  EXPECT_EQ(Ranks(request), "1 cem 2,000.00");
  request.clear_territory();
  request.set_limit(1);
  EXPECT_EQ(Ranks(request), "1 cem 2,000.00");
}

TEST_F(Leaderboards, ThePeriodOfAComponentIsTheLastThatEndsInTheOneAskedFor) {
  GetLeaderboardRequest request = ByMoney(GetLeaderboardRequest::MEASURE);
  request.set_period("2025-Q1");
  const auto rows = payfold::GetLeaderboard(company_.View(), request);
  ASSERT_THAT(rows, IsOk());
  ASSERT_FALSE(rows->empty());
  EXPECT_EQ(rows->front().measurement_period(), "2025-03");
}

TEST_F(Leaderboards, WhatCannotBeRankedIsRefused) {
  const auto ask = [this](const GetLeaderboardRequest& request) {
    return payfold::GetLeaderboard(company_.View(), request);
  };
  EXPECT_THAT(ask(By(GetLeaderboardRequest::MEASURE)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("need both")));
  EXPECT_THAT(ask(ByMoney(GetLeaderboardRequest::EARNED)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("leave them out")));
  GetLeaderboardRequest request = ByMoney(GetLeaderboardRequest::MEASURE);
  request.set_component_id("other");
  EXPECT_THAT(ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"other\"")));
  request = ByMoney(GetLeaderboardRequest::MEASURE);
  request.set_period("2024-12");
  EXPECT_THAT(ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("2024-12")));
  request = By(GetLeaderboardRequest::EARNED);
  request.set_manager_id("nobody");
  EXPECT_THAT(ask(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("nobody")));
}

}  // namespace
}  // namespace payfold_testing
