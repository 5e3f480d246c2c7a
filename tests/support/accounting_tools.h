// hledger, ledger and beancount as judges of a journal.
//
//   EXPECT_THAT(Judge(ExportJournalRequest::HLEDGER, text), IsOkAndHolds(balances));

#ifndef TESTS_SUPPORT_ACCOUNTING_TOOLS_H_
#define TESTS_SUPPORT_ACCOUNTING_TOOLS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "payfold/v1/period_service.pb.h"

namespace payfold_testing {

// Minor units by (account, currency); those that are not 0.
using AccountBalances = std::map<std::pair<std::string, std::string>, int64_t>;

// Runs the tool of that format over the journal with its strictest checks.
// Errors: kFailedPrecondition with what the tool says if it does not accept it, or if
// the tool is not installed.
absl::StatusOr<AccountBalances> Judge(payfold::v1::ExportJournalRequest::Format tool,
                                      const std::string& journal);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_ACCOUNTING_TOOLS_H_
