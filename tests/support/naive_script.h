// A company in a few words, for tests that work out a rule by hand.
//
//   Script s;
//   s.Person("ana").Book("d1", "ana", 1000, "2025-01-10");
//   s.Pays(R"(measure {deals {}} payout {rate: "5%"})");
//   EXPECT_EQ(s.Lines(), "ana/p/c/2025-01/rate/2025-01 2025-01-31 50 v1\n");

#ifndef TESTS_SUPPORT_NAIVE_SCRIPT_H_
#define TESTS_SUPPORT_NAIVE_SCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// A component's fields: pays all that is booked.
inline constexpr char kAllOfIt[] = "measure {deals {}} payout {rate: '1'} ";

class Script {
 public:
  // Base currency USD; `ledger` adds fields of LedgerConfigured.
  explicit Script(const std::string& ledger = "payout_period: MONTH");

  // An active person of role "ae" from a date on; `state` adds or replaces fields
  // (all as protobuf text).
  Script& Person(const std::string& id, const std::string& from = "2025-01-01",
                 const std::string& state = "");
  // A deal in USD cents.
  Script& Book(const std::string& deal, const std::string& owner, int64_t cents,
               const std::string& date, const std::string& more = "");
  Script& Adjust(const std::string& deal, int64_t cents, const std::string& date);
  // All that is left if `cents` is 0.
  Script& Cancel(const std::string& deal, const std::string& date, int64_t cents = 0);
  // A metric recorded; `more` adds dimensions.
  Script& Metric(const std::string& name, const std::string& subject, const std::string& value,
                 const std::string& date, const std::string& more = "");
  Script& Quota(const std::string& metric, const std::string& subject, const std::string& period,
                const std::string& value);
  // An assignment to plan "p" with an annual target incentive.
  Script& Incentive(const std::string& participant, int64_t cents,
                    const std::string& from = "2025-01-01");
  // The role "ae" is in plan "p", with this component "c", in USD from 2025-01-01.
  Script& Pays(const std::string& component);
  // The same with any components, other fields of the plan before them.
  Script& Plan(const std::string& fields);
  // Any event, as protobuf text. Ids are "e1", "e2", … in order of statement.
  Script& Say(const std::string& event);

  // "ELEMENT/PAYOUT AMOUNT, …" of the lines of a participant up to a date, as short
  // as "2025-01 50" where the element is "rate" or "fixed".
  std::string Paid(const std::string& participant = "a",
                   const std::string& horizon = "2025-12-31") const;
  // The lines up to a date, as text.
  std::string Lines(const std::string& horizon = "2025-12-31") const;
  const std::vector<payfold::v1::Event>& events() const { return events_; }

 private:
  std::vector<payfold::v1::Event> events_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_SCRIPT_H_
