// Credits that earn nothing are listed with the reason.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "projections/queries.h"
#include "tests/support/json_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

constexpr char kCompany[] = R"(
{"ledger_configured":{"base_currency":"USD","payout_period":"MONTH"}}
{"participant_changed":{"participant_id":"ana","effective_from":"2025-01-10","status":"ACTIVE","role":"ae"}}
{"participant_changed":{"participant_id":"ben","effective_from":"2025-01-01","status":"ACTIVE","role":"se"}}
{"deal_booked":{"deal_id":"D-1","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-01-09","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-2","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-01-31","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-3","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"ana"}}
{"deal_booked":{"deal_id":"D-4","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"ben"}}
{"deal_booked":{"deal_id":"D-5","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"gil"}}
{"participant_changed":{"participant_id":"cem","effective_from":"2025-01-01","status":"LEAVE","role":"ae"}}
{"deal_booked":{"deal_id":"D-6","amount":{"currency":"USD","minor_units":100},"booked_on":"2025-02-01","owner_id":"cem"}}
)";

constexpr char kPlan[] =
    "plan_id: p\ncurrency: USD\neffective: {start: 2025-02-01}\neligibility: {roles: [ae]}\n"
    "components: [{component_id: c, measure: {deals: {}}, payout: {rate: 10%}}]\n";

TEST(Exceptions, CreditsBeforeTheFirstStateTheFirstPlanOrInNoneOrOnLeave) {
  FoldedCompany company;
  ASSERT_THAT(FoldJson(kCompany, kPlan, &company), IsOk());
  const auto exceptions = payfold::ListExceptions(company.View());
  ASSERT_THAT(exceptions, IsOk());
  std::string text;
  for (const payfold::v1::Exception& exception : *exceptions) {
    absl::StrAppend(&text, exception.kind(), " ", exception.message(), "\n");
  }
  EXPECT_EQ(text,
            "NO_PLAN 1 credit of ana earns nothing, of deal D-2 on 2025-01-31: they are in no plan "
            "on that date, their first day in one is 2025-02-01; publish a plan or assign one\n"
            "NO_PLAN 1 credit of ben earns nothing, of deal D-4 on 2025-02-01: they are in no plan "
            "on that date; publish a plan or assign one\n"
            "NO_PLAN 1 credit of cem earns nothing, of deal D-6 on 2025-02-01: they are on leave "
            "on that date, and so in no plan; append a ParticipantChanged if that is wrong\n"
            "NO_STATE 1 credit of ana earns nothing, of deal D-1 on 2025-01-09: no "
            "ParticipantChanged is in effect on that date; append one\n"
            "NO_STATE 1 credit of gil earns nothing, of deal D-5 on 2025-02-01: no "
            "ParticipantChanged is in effect on that date; append one\n");
}

}  // namespace
}  // namespace payfold_testing
