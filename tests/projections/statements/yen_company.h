// Ana and bob, who sell in yen, whose minor unit is the major one, on a plan whose payout
// periods are closed one after the other.

#ifndef TESTS_PROJECTIONS_STATEMENTS_YEN_COMPANY_H_
#define TESTS_PROJECTIONS_STATEMENTS_YEN_COMPANY_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "tests/projections/statements/closing_company.h"

namespace payfold_testing {

inline std::string MoneyOf(int64_t minor, const std::string& currency = "JPY") {
  return absl::StrCat(R"("amount":{"currency":")", currency, R"(","minor_units":)", minor, "}");
}

// Ana and bob, and a plan that pays all of each deal.
class Yen : public ClosingCompany {
 public:
  explicit Yen(const std::string& more = "", const std::string& in_component = "",
               const std::string& payout_period = "MONTH") {
    Say(absl::StrCat(R"("ledger_configured":{"base_currency":"JPY","payout_period":")",
                     payout_period, R"(","payout_anchor":"2025-01-06"})"));
    for (const char* person : {"ana", "bob"}) {
      Say(absl::StrCat(R"("participant_changed":{"participant_id":")", person,
                       R"(","effective_from":"2025-01-01","status":"ACTIVE","role":"ae"})"));
    }
    Publish("100%", more, in_component);
  }
  Yen& Publish(const std::string& rate, const std::string& more = "",
               const std::string& in_component = "") {
    return PublishIn("JPY", "2025-01-01", rate, more, in_component);
  }
  Yen& PublishIn(const std::string& currency, const std::string& start, const std::string& rate,
                 const std::string& more = "", const std::string& in_component = "") {
    payfold::v1::Event event;
    const payfold::CompiledPlan compiled = payfold::CompilePlanDocument(
        absl::StrCat("plan_id: p\ncurrency: ", currency, "\neffective: {start: ", start,
                     "}\neligibility: {roles: [ae]}\ncomponents:\n- component_id: c\n"
                     "  measure: {deals: {}}\n  payout: {rate: ",
                     rate, "}\n  ", in_component, "\n", more, "\n"),
        event.mutable_plan_published()->mutable_plan());
    EXPECT_TRUE(compiled.program.has_value()) << payfold::ErrorText(compiled.diagnostics);
    Add(std::move(event));
    return *this;
  }
  Yen& Book(const std::string& deal, int64_t minor, const std::string& date,
            const std::string& currency = "JPY") {
    Say(absl::StrCat(R"("deal_booked":{"deal_id":")", deal, R"(","owner_id":"ana","booked_on":")",
                     date, "\",", MoneyOf(minor, currency), "}"));
    return *this;
  }
  Yen& Collect(const std::string& deal, int64_t yen, const std::string& date) {
    Say(absl::StrCat(R"("payment_collected":{"deal_id":")", deal, R"(","date":")", date, "\",",
                     MoneyOf(yen), "}"));
    return *this;
  }
  Yen& Cancel(const std::string& deal, const std::string& date) {
    Say(absl::StrCat(R"("deal_cancelled":{"deal_id":")", deal, R"(","cancelled_on":")", date,
                     "\"}"));
    return *this;
  }
  // A deal: of kind HELD only. The event's id is "open" and the number of events before it.
  Yen& Open(const std::string& kind, int64_t yen, const std::string& as_of,
            const std::string& deal = "") {
    Say(absl::StrCat(R"("event_id":"open)", events().size(),
                     R"(","opening_balance":{"participant_id":"ana","kind":")", kind,
                     R"(","as_of":")", as_of, R"(","deal_id":")", deal, "\",", MoneyOf(yen), "}"));
    return *this;
  }
};

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_STATEMENTS_YEN_COMPANY_H_
