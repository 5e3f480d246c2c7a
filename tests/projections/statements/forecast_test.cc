// Forecasts: what a trial booking adds is what the booking itself would add.

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/folded_company.h"
#include "tests/support/json_company.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using payfold::v1::Event;
using payfold::v1::ForecastEarningsRequest;
using payfold::v1::ForecastEarningsResponse;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kCases = 60;
constexpr char kQuarter[] = "2025-Q1";

// (participant, currency, plan, component) to minor units.
using Sums = std::map<std::tuple<std::string, std::string, std::string, std::string>, int64_t>;

Sums EarnedIn(const std::vector<Event>& events) {
  FoldedCompany company;
  const absl::Status added = company.AddAll(events);
  EXPECT_TRUE(added.ok()) << added;
  payfold::LineFilter filter;
  filter.period = kQuarter;
  const auto lines = payfold::ListLines(company.View(), filter);
  EXPECT_TRUE(lines.ok()) << lines.status();
  Sums sums;
  for (const payfold::v1::Line& line : *lines) {
    if (!line.has_amount() || line.amount().minor_units() == 0) continue;
    sums[{line.participant_id(), line.amount().currency(), line.plan_id(), line.component_id()}] +=
        line.amount().minor_units();
  }
  std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
  return sums;
}

// The booking as an opportunity that may come true with 50%.
Event AsOpen(const Event& event) {
  const payfold::v1::DealBooked& booked = event.deal_booked();
  Event open = event;
  payfold::v1::PipelineUpdated* entry = open.mutable_pipeline_updated();
  entry->set_deal_id(booked.deal_id());
  entry->set_stage("negotiation");
  entry->set_expected_on(booked.booked_on());
  entry->set_probability("0.5");
  *entry->mutable_amount() = booked.amount();
  entry->set_owner_id(booked.owner_id());
  *entry->mutable_members() = booked.members();
  entry->set_product(booked.product());
  entry->set_segment(booked.segment());
  entry->set_territory(booked.territory());
  entry->set_channel(booked.channel());
  entry->set_customer_id(booked.customer_id());
  if (booked.has_term_months()) entry->set_term_months(booked.term_months());
  *entry->mutable_attributes() = booked.attributes();
  return open;
}

Sums Difference(Sums sums, const Sums& less) {
  for (const auto& [key, amount] : less) sums[key] -= amount;
  std::erase_if(sums, [](const auto& entry) { return entry.second == 0; });
  return sums;
}

class ForecastTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(ForecastTest, ADifferenceIsWhatTheBookingsWouldMake) {
  std::vector<Event> booked = RandomCompany(GetParam(), {});
  std::erase_if(booked, [](const Event& event) { return event.has_pipeline_updated(); });
  std::vector<Event> open = booked, half = booked;
  for (size_t i = 0; i < booked.size(); ++i) {
    if (!booked[i].has_deal_booked() || i % 3 == 0) continue;
    open[i] = AsOpen(Event(booked[i]));
    payfold::v1::Money* amount = half[i].mutable_deal_booked()->mutable_amount();
    // Half away from zero: amounts are not negative.
    amount->set_minor_units((amount->minor_units() + 1) / 2);
  }
  FoldedCompany company;
  ASSERT_THAT(company.AddAll(open), IsOk());
  ForecastEarningsRequest request;
  request.set_period(kQuarter);
  const auto answer = payfold::ForecastEarnings(company.View(), request);
  ASSERT_THAT(answer, IsOk());
  Sums earned, expected, best_case;
  for (const payfold::v1::Forecast& forecast : answer->forecasts()) {
    int64_t sum = 0;
    for (const payfold::v1::ForecastComponent& part : forecast.components()) {
      const auto key = std::make_tuple(forecast.participant_id(), forecast.currency(),
                                       part.plan_id(), part.component_id());
      earned[key] += part.earned_minor_units();
      expected[key] += part.expected_minor_units();
      best_case[key] += part.best_case_minor_units();
      sum += part.best_case_minor_units();
    }
    EXPECT_EQ(forecast.best_case_minor_units(), sum);
  }
  const Sums without = EarnedIn(open);
  EXPECT_EQ(Difference(earned, without), Sums());
  EXPECT_EQ(Difference(best_case, {}), Difference(EarnedIn(booked), without));
  EXPECT_EQ(Difference(expected, {}), Difference(EarnedIn(half), without));
}

INSTANTIATE_TEST_SUITE_P(Random, ForecastTest, ::testing::Range<uint64_t>(1, kCases + 1));

constexpr char kCompany[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"mia","effective_from":"2025-01-01","status":"ACTIVE","role":"manager"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-01","status":"ACTIVE","role":"ae","manager_id":"mia"}}
{"deal_booked":{"deal_id":"B-1","amount":{"currency":"USD","minor_units":100000},"booked_on":"2025-01-10","owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-1","stage":"a","expected_on":"2025-01-20","amount":{"currency":"USD","minor_units":100001},"probability":"0.25","owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-2","stage":"a","expected_on":"2025-01-25","amount":{"currency":"USD","minor_units":200000},"owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-3","stage":"LOST","expected_on":"2025-01-25","amount":{"currency":"USD","minor_units":200000},"owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-4","stage":"a","expected_on":"2025-01-25","owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-5","stage":"a","amount":{"currency":"USD","minor_units":1},"owner_id":"ana"}}
{"pipeline_updated":{"deal_id":"P-6","stage":"a","expected_on":"2025-01-25","amount":{"currency":"USD","minor_units":1}}}
{"pipeline_updated":{"deal_id":"P-7","stage":"a","expected_on":"2025-02-01","amount":{"currency":"USD","minor_units":900000},"owner_id":"ana"}}
)";

// 10% of own deals for ana, 1% of her deals for mia; 100 extra from 2,000.00 on.
constexpr char kPlan[] =
    "plan_id: p\ncurrency: USD\neffective: {start: 2025-01-01}\neligibility: {roles: [ae, "
    "manager]}\n"
    "components:\n"
    "- {component_id: own, measure: {deals: {}}, payout: {rate: 10%}}\n"
    "- {component_id: extra, measure: {deals: {}}, payout: {bands: {bands: [{upto: 2000, fixed: "
    "0}, {fixed: 100}]}}}\n"
    "- {component_id: team, measure: {deals: {}}, scope: reports, payout: {rate: 1%}}\n";

class Pipelines : public ::testing::Test {
 protected:
  Pipelines() { EXPECT_THAT(FoldJson(kCompany, kPlan, &company_), IsOk()); }

  absl::StatusOr<ForecastEarningsResponse> Forecast(const std::string& participant,
                                                    const std::vector<std::string>& deals = {}) {
    ForecastEarningsRequest request;
    request.set_participant_id(participant);
    request.set_period("2025-01");
    for (const std::string& deal : deals) request.add_deal_ids(deal);
    return payfold::ForecastEarnings(company_.View(), request);
  }

  static std::string Text(const payfold::v1::Forecast& forecast) {
    std::string text =
        absl::StrCat(forecast.earned_minor_units(), " + ", forecast.expected_minor_units(), " or ",
                     forecast.best_case_minor_units());
    for (const payfold::v1::IfDealCloses& deal : forecast.if_closes()) {
      absl::StrAppend(&text, ", ", deal.deal_id(), " ", deal.adds_minor_units());
    }
    return text;
  }

  static std::vector<std::string> Deals(const ForecastEarningsResponse& answer) {
    std::vector<std::string> deals;
    for (const payfold::v1::ForecastDeal& deal : answer.deals()) {
      deals.push_back(absl::StrCat(deal.deal_id(), " ", deal.expected().minor_units()));
    }
    return deals;
  }

  static std::vector<std::string> LeftOut(const ForecastEarningsResponse& answer) {
    std::vector<std::string> deals;
    for (const payfold::v1::LeftOutDeal& deal : answer.left_out()) {
      deals.push_back(absl::StrCat(deal.deal_id(), ": ", deal.reason()));
    }
    return deals;
  }

  FoldedCompany company_;
};

TEST_F(Pipelines, ExpectedIsWeightedBestCaseWholeAndEachDealCanBeAskedForAlone) {
  // 10% of 250.00 and 2,000.00, and the extra from 2,000.00 on; whole, 10% of 3,000.01.
  const auto answer = Forecast("ana", {"P-1", "P-2"});
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->forecasts_size(), 1);
  EXPECT_EQ(Text(answer->forecasts(0)), "10000 + 32500 or 40000, P-1 20000, P-2 30000");
  EXPECT_THAT(Deals(*answer), ElementsAre("P-1 25000", "P-2 200000"));
}

TEST_F(Pipelines, AManagersForecastHasTheDealsOfTheirPeople) {
  const auto answer = Forecast("mia");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(Text(answer->forecasts(0)), "1000 + 2250 or 3000");
  EXPECT_THAT(Deals(*answer), ElementsAre("P-1 25000", "P-2 200000"));
  EXPECT_THAT(LeftOut(*answer), IsEmpty());
}

TEST_F(Pipelines, WithoutANameItIsEverybodysAndEveryDealIsListed) {
  const auto answer = Forecast("");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->forecasts_size(), 2);
  EXPECT_EQ(answer->deal_count(), 2);
  EXPECT_THAT(LeftOut(*answer), ElementsAre("P-4: it has no amount", "P-5: it has no expected date",
                                            HasSubstr("P-6: nobody would be credited")));
}

TEST_F(Pipelines, WhatLacksSomethingIsToldToThoseItNames) {
  const auto answer = Forecast("ana");
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(LeftOut(*answer),
              ElementsAre("P-4: it has no amount", "P-5: it has no expected date"));
}

TEST_F(Pipelines, OnlyOpenDealsCanBeAskedFor) {
  const struct {
    const char* deal;
    absl::StatusCode code;
    const char* says;
  } kDeals[] = {
      {"B-1", absl::StatusCode::kFailedPrecondition, "it is booked"},
      {"P-3", absl::StatusCode::kFailedPrecondition, "LOST"},
      {"P-4", absl::StatusCode::kFailedPrecondition, "it has no amount"},
      {"P-6", absl::StatusCode::kFailedPrecondition, "nobody would be credited"},
      {"P-9", absl::StatusCode::kNotFound, "no fact up to position"},
  };
  for (const auto& c : kDeals) {
    EXPECT_THAT(Forecast("ana", {c.deal}), StatusIs(c.code, HasSubstr(c.says))) << c.deal;
  }
  EXPECT_THAT(Forecast("ana", {"P-1", "P-1"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stands twice")));
  EXPECT_THAT(Forecast("ana", std::vector<std::string>(21, "P-1")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 20")));
}

TEST_F(Pipelines, WhatTheBestCaseLacksIsNoted) {
  FoldedCompany company;
  ASSERT_THAT(
      FoldJson(
          kCompany,
          "plan_id: p\ncurrency: EUR\neffective: {start: 2025-01-01}\neligibility: {roles: "
          "[ae]}\ncomponents: [{component_id: c, measure: {deals: {}}, payout: {rate: 10%}}]\n",
          &company),
      IsOk());
  ForecastEarningsRequest request;
  request.set_participant_id("ana");
  request.set_period("2025-01");
  const auto answer = payfold::ForecastEarnings(company.View(), request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_THAT(answer->notes(),
              Contains(HasSubstr("part of deal P-1 counts for nothing in plan p")));
}

TEST_F(Pipelines, StatementsKnowNothingOfAForecast) {
  ASSERT_THAT(Forecast(""), IsOk());
  const auto statements = payfold::GetStatements(company_.View(), "ana", "2025-01", false);
  ASSERT_THAT(statements, IsOk());
  EXPECT_EQ((*statements)[0].earned_minor_units(), 10'000);
}

}  // namespace
}  // namespace payfold_testing
