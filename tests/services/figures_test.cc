// Forecasts and rewards over the wire: as of, pages, errors.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::EventOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::kPlanDocument;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kPoints[] =
    "plan_id: points\ncurrency: USD\neffective: {start: 2025-01-01}\n"
    "eligibility: {participants: [ana, ben]}\n"
    "components:\n"
    "- {component_id: deals, measure: {deals: {value: COUNT}}, payout: {per_unit: 5}, "
    "reward: {points: {}}}\n";

// A deal of 1,000.00 USD that closes in January, if it does.
v1::Event OpenDealOf(const std::string& owner, const std::string& id) {
  return EventOf(absl::StrCat(
      R"(source: "crm" pipeline_updated { stage: "a" expected_on: "2025-01-20" probability: "0.5")",
      R"(amount { currency: "USD" minor_units: 100000 } owner_id: ")", owner, R"(" deal_id: ")", id,
      R"(" } event_id: ")", id, R"(")"));
}

// ana and ben on the plan; one deal of ana's, and open deals of both.
class FiguresTest : public testing::Test {
 protected:
  FiguresTest() {
    harness_.MakeLedger();
    v1::Event ben = Ana();
    ben.set_event_id("ben");
    ben.mutable_participant_changed()->set_participant_id("ben");
    harness_.MustAppend({Ana(), ben});
    for (const char* document : {kPlanDocument, kPoints}) {
      v1::PublishPlanRequest request;
      request.set_document(document);
      EXPECT_THAT(harness_.Call(*harness_.plans, &v1::PlanService::Stub::PublishPlan, request),
                  IsOk());
    }
    booked_ = harness_.MustAppend({DealOfAna("D-1")});
    last_ = harness_.MustAppend({OpenDealOf("ana", "P-1"), OpenDealOf("ben", "P-2")});
  }

  v1::ForecastEarningsRequest Request() const {
    v1::ForecastEarningsRequest request;
    request.mutable_context()->set_min_position(last_);
    request.set_period("2025-01");
    return request;
  }

  absl::StatusOr<v1::ForecastEarningsResponse> Forecast(const v1::ForecastEarningsRequest& r) {
    return harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ForecastEarnings, r);
  }

  ServiceHarness harness_;
  uint64_t booked_ = 0;
  uint64_t last_ = 0;
};

TEST_F(FiguresTest, AForecastSaysItsPositionAndWhatItIsMadeOf) {
  v1::ForecastEarningsRequest request = Request();
  request.set_participant_id("ana");
  const auto answer = Forecast(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->at().position(), last_);
  ASSERT_EQ(answer->forecasts_size(), 1);
  EXPECT_EQ(answer->forecasts(0).earned_minor_units(), 10'000);
  EXPECT_EQ(answer->forecasts(0).expected_minor_units(), 5'000);
  EXPECT_EQ(answer->forecasts(0).best_case_minor_units(), 10'000);
  ASSERT_EQ(answer->deals_size(), 1);
  EXPECT_EQ(answer->deals(0).deal_id(), "P-1");
}

TEST_F(FiguresTest, AsOfAPositionThePipelineIsThatOfThen) {
  v1::ForecastEarningsRequest request = Request();
  request.mutable_context()->mutable_as_of()->set_position(last_ - 1);
  const auto answer = Forecast(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->at().position(), last_ - 1);
  EXPECT_EQ(answer->deal_count(), 1);
  request.mutable_context()->mutable_as_of()->set_position(booked_);
  const auto before = Forecast(request);
  ASSERT_THAT(before, IsOk());
  ASSERT_EQ(before->forecasts_size(), 1);
  EXPECT_EQ(before->forecasts(0).best_case_minor_units(), 0);
}

TEST_F(FiguresTest, PagesGoOnAndTheDealsStandOnTheFirst) {
  v1::ForecastEarningsRequest request = Request();
  request.set_page_size(1);
  const auto first = Forecast(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->forecasts(0).participant_id(), "ana");
  EXPECT_EQ(first->deals_size(), 2);
  request.set_page_token(first->next_page_token());
  harness_.MustAppend({OpenDealOf("ben", "P-3")});
  const auto second = Forecast(request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->forecasts(0).participant_id(), "ben");
  EXPECT_EQ(second->forecasts(0).best_case_minor_units(), 10'000);
  EXPECT_EQ(second->deals_size(), 0);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(FiguresTest, AForecastOfNobodyOrNoPeriodOrNoOpenDealIsRefused) {
  v1::ForecastEarningsRequest request = Request();
  request.set_participant_id("nobody");
  EXPECT_THAT(Forecast(request), StatusIs(absl::StatusCode::kNotFound, HasSubstr("nobody")));
  request = Request();
  request.set_period("soon");
  EXPECT_THAT(Forecast(request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("soon")));
  request = Request();
  request.add_deal_ids("D-1");
  EXPECT_THAT(Forecast(request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("booked")));
}

TEST_F(FiguresTest, RewardsStandApartFromMoney) {
  v1::ListRewardsRequest request;
  request.mutable_context()->set_min_position(last_);
  const auto list = [&] {
    return harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListRewards, request);
  };
  const auto all = list();
  ASSERT_THAT(all, IsOk());
  ASSERT_EQ(all->rewards_size(), 1);
  EXPECT_EQ(all->rewards(0).participant_id(), "ana");
  EXPECT_EQ(all->rewards(0).period(), "2025-01");
  EXPECT_EQ(all->rewards(0).reward().kind(), v1::RewardUnits::POINTS);
  EXPECT_EQ(all->rewards(0).reward().units(), 5);
  const struct {
    const char* participant;
    const char* period;
    const char* plan;
    int rewards;
  } kFilters[] = {
      {"ana", "2025-Q1", "points", 1}, {"ben", "", "", 0},   {"", "2025-02", "", 0},
      {"", "2025-01-15", "", 0},       {"", "", "other", 0},
  };
  for (const auto& c : kFilters) {
    request.set_participant_id(c.participant);
    request.set_period(c.period);
    request.set_plan_id(c.plan);
    const auto some = list();
    ASSERT_THAT(some, IsOk());
    EXPECT_EQ(some->rewards_size(), c.rewards) << c.participant << c.period << c.plan;
  }
}

}  // namespace
}  // namespace payfold
