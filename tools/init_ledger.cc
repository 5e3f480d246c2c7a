#include "tools/init_ledger.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {

absl::Status InitLedger(const GlobalOptions& global, const InitOptions& options) {
  v1::CreateLedgerRequest request;
  request.set_ledger(global.ledger);
  v1::LedgerConfigured& configuration = *request.mutable_configuration();
  configuration.set_base_currency(options.currency);
  configuration.set_fiscal_year_start_month(options.fiscal_year_start);
  configuration.set_payout_anchor(options.payout_anchor);
  v1::LedgerConfigured::PayoutPeriod period = v1::LedgerConfigured::PAYOUT_PERIOD_UNSPECIFIED;
  if (!v1::LedgerConfigured::PayoutPeriod_Parse(absl::AsciiStrToUpper(options.payout_period),
                                                &period)) {
    return UsageError(absl::StrCat("--payout-period: \"", options.payout_period,
                                   "\" is none of week, two_weeks, half_month, month and quarter"));
  }
  configuration.set_payout_period(period);
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global, true));
  ASSIGN_OR_RETURN(
      const v1::CreateLedgerResponse response,
      session->Call(session->ledgers(), &v1::LedgerService::Stub::CreateLedger, request));
  Print(global.format == OutputFormat::kJson
            ? JsonText(response)
            : absl::StrCat("ledger \"", response.ledger(), "\" is made ",
                           global.server.empty() ? "in " : "at ",
                           global.server.empty() ? global.data : global.server, ": ",
                           options.currency, ", paid by ",
                           absl::AsciiStrToLower(options.payout_period), "\n"));
  return absl::OkStatus();
}

}  // namespace payfold
