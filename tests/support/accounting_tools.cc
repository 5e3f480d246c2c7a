#include "tests/support/accounting_tools.h"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/currency.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {
namespace {

using Request = payfold::v1::ExportJournalRequest;

// What the command prints, standard error included.
absl::StatusOr<std::string> Run(const std::string& command) {
  std::string output;
  FILE* const pipe = popen(absl::StrCat("LC_ALL=C.UTF-8 ", command, " 2>&1").c_str(), "r");
  if (pipe == nullptr) return absl::InternalError("no process could be made");
  char block[4096];
  for (size_t n = 0; (n = fread(block, 1, sizeof(block), pipe)) > 0;) output.append(block, n);
  const int status = pclose(pipe);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  return absl::FailedPreconditionError(absl::StrCat(command, ": ", output));
}

// "-1234.50" of USD; the tools may leave out zeros at the end.
absl::StatusOr<int64_t> MinorUnits(absl::string_view text, const std::string& code) {
  ASSIGN_OR_RETURN(const payfold::Currency currency, payfold::Currency::Parse(code));
  const std::vector<std::string> parts = absl::StrSplit(text, '.');
  std::string digits = parts[0];
  std::string fraction = parts.size() > 1 ? parts[1] : "";
  fraction.resize(std::max<size_t>(fraction.size(), static_cast<size_t>(currency.digits())), '0');
  int64_t amount = 0;
  if (parts.size() > 2 || fraction.size() != static_cast<size_t>(currency.digits()) ||
      !absl::SimpleAtoi(digits + fraction, &amount)) {
    return absl::InternalError(absl::StrCat("\"", text, "\" is no amount of ", code));
  }
  return amount;
}

absl::Status Add(absl::string_view account, absl::string_view amount, absl::string_view code,
                 AccountBalances* balances) {
  const std::string currency(absl::StripAsciiWhitespace(code));
  ASSIGN_OR_RETURN(const int64_t minor, MinorUnits(absl::StripAsciiWhitespace(amount), currency));
  if (minor != 0) {
    (*balances)[{std::string(absl::StripAsciiWhitespace(account)), currency}] = minor;
  }
  return absl::OkStatus();
}

absl::StatusOr<AccountBalances> JudgeByHledger(const std::string& file) {
  RETURN_IF_ERROR(Run(absl::StrCat("hledger -f ", file, " check --strict")).status());
  ASSIGN_OR_RETURN(
      const std::string rows,
      Run(absl::StrCat("hledger -f ", file, " balance --flat -N -O csv --layout=tidy")));
  AccountBalances balances;
  for (const absl::string_view row : absl::StrSplit(rows, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields =
        absl::StrSplit(absl::StrReplaceAll(row, {{"\"", ""}}), ',');
    if (fields.size() != 6 || fields[0] == "account") continue;
    RETURN_IF_ERROR(Add(fields[0], fields[5], fields[4], &balances));
  }
  return balances;
}

absl::StatusOr<AccountBalances> JudgeByLedger(const std::string& file) {
  const std::string ledger = absl::StrCat("ledger --args-only --strict --pedantic -f ", file);
  ASSIGN_OR_RETURN(const std::string total, Run(absl::StrCat(ledger, " balance --depth 1")));
  const std::vector<std::string> lines = absl::StrSplit(total, '\n', absl::SkipEmpty());
  if (!lines.empty() && absl::StripAsciiWhitespace(lines.back()) != "0") {
    return absl::FailedPreconditionError(absl::StrCat("not balanced:\n", total));
  }
  // A row of an account for each currency; the account stands on the first.
  ASSIGN_OR_RETURN(const std::string rows,
                   Run(absl::StrCat(ledger, " balance --flat --no-total --balance-format ",
                                    R"('%(account)\t%(display_total)\n')")));
  AccountBalances balances;
  std::string account;
  for (absl::string_view row : absl::StrSplit(rows, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(row, '\t');
    if (parts.size() == 2) account = parts[0];
    const std::vector<std::string> amount =
        absl::StrSplit(absl::StripAsciiWhitespace(parts.back()), ' ');
    if (amount.size() == 2) RETURN_IF_ERROR(Add(account, amount[0], amount[1], &balances));
  }
  return balances;
}

absl::StatusOr<AccountBalances> JudgeByBeancount(const std::string& file) {
  RETURN_IF_ERROR(Run(absl::StrCat("bean-check ", file)).status());
  // As text: numbers are shown with the digits that most have.
  ASSIGN_OR_RETURN(
      const std::string rows,
      Run(absl::StrCat(
          "bean-query -f csv ", file,
          " 'select account, currency, str(sum(number)) group by account, currency'")));
  AccountBalances balances;
  for (const absl::string_view row : absl::StrSplit(rows, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> fields = absl::StrSplit(absl::StripAsciiWhitespace(row), ',');
    if (fields.size() != 3 || absl::StrContains(fields[2], "sum")) continue;
    const std::string number = absl::StrReplaceAll(fields[2], {{"Decimal('", ""}, {"')", ""}});
    RETURN_IF_ERROR(Add(fields[0], number, fields[1], &balances));
  }
  return balances;
}

}  // namespace

absl::StatusOr<AccountBalances> Judge(Request::Format tool, const std::string& journal) {
  const TempDir dir;
  const std::string file =
      dir.Path(tool == Request::BEANCOUNT ? "journal.beancount" : "journal.journal");
  std::ofstream(file, std::ios::binary) << journal;
  switch (tool) {
    case Request::HLEDGER:
      return JudgeByHledger(file);
    case Request::LEDGER:
      return JudgeByLedger(file);
    case Request::BEANCOUNT:
      return JudgeByBeancount(file);
    default:
      return absl::InvalidArgumentError("no tool reads that format");
  }
}

}  // namespace payfold_testing
