// InsightService.GetDailyTotals, and its projection rebuilt by name.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::EventOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::Event Booked(absl::string_view deal, absl::string_view day, absl::string_view currency,
                 int64_t amount) {
  return EventOf(absl::StrCat("event_id: 'book-", deal, "' source: 'crm' deal_booked { deal_id: '",
                              deal, "' booked_on: '", day, "' owner_id: 'ana' amount { currency: '",
                              currency, "' minor_units: ", amount, " } }"));
}

v1::Event Collected(absl::string_view deal, absl::string_view day, int64_t amount) {
  return EventOf(absl::StrCat("event_id: 'pay-", deal, "' source: 'bank' payment_collected { ",
                              "deal_id: '", deal, "' date: '", day,
                              "' amount { currency: 'USD' minor_units: ", amount, " } }"));
}

std::vector<std::string> Rows(const v1::GetDailyTotalsResponse& response) {
  std::vector<std::string> rows;
  for (const v1::DailyTotals& day : response.days()) {
    rows.push_back(absl::StrCat(day.date(), " ", day.currency(), " ", day.deals_booked(),
                                " booked ", day.booked().minor_units(), " collected ",
                                day.collected().minor_units()));
  }
  return rows;
}

// Three deals on two days in two currencies, one of them paid a month later.
class DailyTotalsServiceTest : public testing::Test {
 protected:
  DailyTotalsServiceTest() {
    harness_.MakeLedger();
    harness_.MustAppend({Booked("a", "2025-01-31", "USD", 500), Booked("b", "2025-02-01", "USD", 7),
                         Booked("c", "2025-02-01", "EUR", 9)});
    last_ = harness_.MustAppend({Collected("a", "2025-03-01", 300)});
    request_.mutable_context()->set_min_position(last_);
  }

  absl::StatusOr<v1::GetDailyTotalsResponse> Get(const v1::GetDailyTotalsRequest& request) {
    return harness_.Call(*harness_.insights, &v1::InsightService::Stub::GetDailyTotals, request);
  }

  absl::StatusOr<v1::RebuildResponse> Rebuild(const std::string& projection) {
    v1::RebuildRequest request;
    request.set_projection(projection);
    grpc::ClientContext context;
    const auto reader = harness_.ledgers->Rebuild(&context, request);
    v1::RebuildResponse last;
    while (reader->Read(&last)) continue;
    if (const grpc::Status status = reader->Finish(); !status.ok()) return FromGrpc(status);
    return last;
  }

  ServiceHarness harness_;
  uint64_t last_ = 0;
  v1::GetDailyTotalsRequest request_;
};

TEST_F(DailyTotalsServiceTest, AreInOrderOfDateAndCurrencyAndSayTheirPosition) {
  const auto totals = Get(request_);
  ASSERT_THAT(totals, IsOk());
  EXPECT_EQ(totals->at().position(), last_);
  EXPECT_THAT(Rows(*totals), ElementsAre("2025-01-31 USD 1 booked 500 collected 0",
                                         "2025-02-01 EUR 1 booked 9 collected 0",
                                         "2025-02-01 USD 1 booked 7 collected 0",
                                         "2025-03-01 USD 0 booked 0 collected 300"));
}

TEST_F(DailyTotalsServiceTest, AreOfTheDaysAndTheCurrencyAskedFor) {
  request_.set_from("2025-02-01");
  request_.set_to("2025-02-28");
  EXPECT_EQ(Rows(*Get(request_)).size(), 2U);
  request_.set_currency("EUR");
  EXPECT_THAT(Rows(*Get(request_)), ElementsAre("2025-02-01 EUR 1 booked 9 collected 0"));
}

TEST_F(DailyTotalsServiceTest, AsOfThePastKnowWhatWasKnownThen) {
  request_.mutable_context()->mutable_as_of()->set_position(2);
  const auto totals = Get(request_);
  ASSERT_THAT(totals, IsOk());
  EXPECT_EQ(totals->at().position(), 2U);
  EXPECT_THAT(Rows(*totals), ElementsAre("2025-01-31 USD 1 booked 500 collected 0"));
  request_.mutable_context()->mutable_as_of()->set_position(last_ + 1);
  EXPECT_THAT(Get(request_), StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("as_of")));
}

TEST_F(DailyTotalsServiceTest, PagesOfOneWalkAgreeWhateverArrivesMeanwhile) {
  const std::vector<std::string> whole = Rows(*Get(request_));
  request_.set_page_size(1);
  std::vector<std::string> walked;
  do {
    const auto page = Get(request_);
    ASSERT_THAT(page, IsOk());
    EXPECT_EQ(page->at().position(), last_);
    ASSERT_EQ(page->days_size(), 1);
    walked.push_back(Rows(*page)[0]);
    request_.set_page_token(page->next_page_token());
    harness_.MustAppend({Booked(absl::StrCat("late", walked.size()), "2025-02-01", "USD", 1)});
  } while (!request_.page_token().empty());
  EXPECT_EQ(walked, whole);
}

TEST_F(DailyTotalsServiceTest, BadRequestsNameTheFieldAndTheValue) {
  const struct {
    const char* field;
    const char* value;
    const char* says;
  } kCases[] = {{"from", "2025-02-30", "2025-02-30"},
                {"to", "yesterday", "yesterday"},
                {"currency", "usd", "usd"},
                {"page_token", "made-up", "page_token"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.field);
    v1::GetDailyTotalsRequest request = request_;
    request.GetReflection()->SetString(&request, request.GetDescriptor()->FindFieldByName(c.field),
                                       c.value);
    EXPECT_THAT(Get(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                       AllOf(HasSubstr(c.field), HasSubstr(c.says))));
  }
  request_.set_from("2025-02-02");
  request_.set_to("2025-02-01");
  EXPECT_THAT(Get(request_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is before `from`")));
}

TEST_F(DailyTotalsServiceTest, ASumThatNoAmountHoldsIsSaidSo) {
  constexpr int64_t kMost = 1'000'000'000'000'000;
  std::vector<v1::Event> events;
  for (int i = 0; i < 9'999; ++i) {
    events.push_back(Booked(absl::StrCat("big", i), "2025-04-01", "USD", kMost));
  }
  request_.mutable_context()->set_min_position(harness_.MustAppend(events));
  EXPECT_THAT(Get(request_), StatusIs(absl::StatusCode::kOutOfRange,
                                      AllOf(HasSubstr("booked on 2025-04-01 in USD"))));
  request_.set_to("2025-03-31");
  EXPECT_THAT(Get(request_), IsOk());
}

TEST_F(DailyTotalsServiceTest, AreRebuiltByName) {
  const auto rebuilt = Rebuild("daily-totals");
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_EQ(rebuilt->position(), last_);
  EXPECT_EQ(rebuilt->rebuilt_digest(), rebuilt->live_digest());
  const auto payouts = Rebuild("");
  ASSERT_THAT(payouts, IsOk());
  EXPECT_NE(payouts->rebuilt_digest(), rebuilt->rebuilt_digest());
  EXPECT_EQ(Rebuild("payouts")->rebuilt_digest(), payouts->rebuilt_digest());
}

TEST_F(DailyTotalsServiceTest, AnUnknownProjectionIsNamedWithThoseThereAre) {
  EXPECT_THAT(Rebuild("totals"), StatusIs(absl::StatusCode::kInvalidArgument,
                                          AllOf(HasSubstr("projection"), HasSubstr("\"totals\""),
                                                HasSubstr("payouts, daily-totals"))));
}

}  // namespace
}  // namespace payfold
