#include "tools/balances.h"

#include <cstdint>
#include <map>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowBalances(const GlobalOptions& global, const BalancesOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListBalancesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  ASSIGN_OR_RETURN(const v1::ListBalancesResponse response,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListBalances,
                                    request, &v1::ListBalancesResponse::mutable_balances));
  Table table({{"participant"},
               {"currency"},
               {"earned", Align::kRight},
               {"adjustments", Align::kRight},
               {"payable", Align::kRight}});
  std::map<std::string, int64_t> payable;
  for (const v1::Balance& balance : response.balances()) {
    const auto amount = [&](int64_t minor) {
      return AmountText(minor, balance.currency(), global.format);
    };
    table.Add({balance.participant_id(), balance.currency(), amount(balance.earned_minor_units()),
               amount(balance.adjustments_minor_units()), amount(balance.payable_minor_units())});
    payable[balance.currency()] += balance.payable_minor_units();
  }
  std::string below;
  for (const auto& [currency, minor] : payable) {
    absl::StrAppend(&below, "payable in all: ", currency, " ",
                    AmountText(minor, currency, global.format), "\n");
  }
  PrintRows(global.format, response, table, "nobody has a balance",
            absl::StrCat(below, CoordinatesText(response.at())));
  return absl::OkStatus();
}

}  // namespace payfold
