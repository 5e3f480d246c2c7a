// Facts that only some features of the language need: metrics, goals, balances.

#ifndef TESTS_SUPPORT_RANDOM_COMPANY_FACTS_H_
#define TESTS_SUPPORT_RANDOM_COMPANY_FACTS_H_

#include <string>
#include <vector>

#include "ledger/calendar/period.h"
#include "payfold/v1/event.pb.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"

namespace payfold_testing {

// Calls, scores from 0 to 10 and spend, of the participants and of the company.
void AddMetrics(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
                RandomSource* random, std::vector<payfold::v1::Event>* events);

// Choices of goals, changed now and then.
void AddGoals(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
              const std::vector<payfold::Period>& payouts, const payfold::Calendar& calendar,
              RandomSource* random, std::vector<payfold::v1::Event>* events);

// Balances that a migration brought in, and corrections.
void AddBalances(const RandomCompanyOptions& options, const std::vector<std::string>& participants,
                 const std::vector<payfold::Period>& payouts, const payfold::Calendar& calendar,
                 RandomSource* random, std::vector<payfold::v1::Event>* events);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_COMPANY_FACTS_H_
