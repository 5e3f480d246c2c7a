// Deals from a few lines: the payloads of their facts, as JSON.

#ifndef TESTS_PROJECTIONS_FACTS_DEAL_SCRIPTS_H_
#define TESTS_PROJECTIONS_FACTS_DEAL_SCRIPTS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "projections/facts/resolve_deal.h"

namespace payfold_testing {

// Facts of deal D, one JSON payload a line, in the order of their stream, from
// position 1 on. The participants are ana (0), ben (1) and cy (2).
inline payfold::DealFacts Facts(const std::vector<std::string>& payloads) {
  payfold::DealFacts facts;
  facts.deal_id = "D";
  uint64_t position = 0;
  static const auto* const people =
      new std::map<std::string, uint32_t>{{"ana", 0}, {"ben", 1}, {"cy", 2}};
  for (const std::string& payload : payloads) {
    auto event = payfold::EventFromJson(absl::StrCat("{\"source\":\"crm\",", payload, "}"));
    EXPECT_TRUE(event.ok()) << event.status();
    event->set_position(++position);
    auto fact = payfold::DealFactOf(
        *event, [](absl::string_view id) { return people->at(std::string(id)); });
    EXPECT_TRUE(fact.ok()) << fact.status();
    facts.facts.push_back(*fact);
  }
  // What is stored must say the same as what came in.
  std::string encoded;
  payfold::AppendDealId(facts.deal_id, &encoded);
  for (const payfold::DealFact& fact : facts.facts) payfold::AppendDealFact(fact, &encoded);
  auto decoded = payfold::DecodeDealFacts(encoded);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return *decoded;
}

inline std::string Amount(const std::string& minor_units, const std::string& currency = "USD") {
  return absl::StrCat(R"("amount":{"currency":")", currency, R"(","minor_units":)", minor_units,
                      "}");
}

inline std::string Booked(const std::string& amount, const std::string& date,
                          const std::string& rest = "") {
  return absl::StrCat(R"("deal_booked":{"deal_id":"D",)", Amount(amount), R"(,"booked_on":")", date,
                      R"(","owner_id":"ana")", rest, "}");
}

inline std::string Amended(const std::string& mode, const std::string& date,
                           const std::string& rest) {
  return absl::StrCat(R"("deal_amended":{"deal_id":"D","mode":")", mode, R"(","amended_on":")",
                      date, R"(",)", rest, "}");
}

inline std::string Cancellation(const std::string& date, const std::string& rest = "") {
  return absl::StrCat(R"("deal_cancelled":{"deal_id":"D","cancelled_on":")", date, R"(")", rest,
                      "}");
}

inline std::string Invoiced(const std::string& amount, const std::string& date,
                            const std::string& currency = "USD") {
  return absl::StrCat(R"("deal_invoiced":{"deal_id":"D","date":")", date, R"(",)",
                      Amount(amount, currency), "}");
}

inline std::string Collected(const std::string& amount, const std::string& date,
                             const std::string& currency = "USD") {
  return absl::StrCat(R"("payment_collected":{"deal_id":"D","date":")", date, R"(",)",
                      Amount(amount, currency), "}");
}

// "booked 2025-01-10 100, cancelled 2025-02-01 -100 in full".
inline std::string BasesText(absl::Span<const payfold::Base> bases) {
  return absl::StrJoin(bases, ", ", [](std::string* out, const payfold::Base& base) {
    const char* const kinds[] = {"booked", "adjusted", "cancelled", "invoiced", "collected"};
    absl::StrAppend(out, kinds[static_cast<int>(base.kind)], " ", base.date.ToString(), " ",
                    base.change, base.in_full ? " in full" : "");
  });
}

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_FACTS_DEAL_SCRIPTS_H_
