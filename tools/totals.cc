#include "tools/totals.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowTotals(const GlobalOptions& global, const TotalsOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::GetDailyTotalsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_from(options.from);
  request.set_to(options.to);
  request.set_currency(options.currency);
  ASSIGN_OR_RETURN(const v1::GetDailyTotalsResponse all,
                   session->ListAll(session->insights(), &v1::InsightService::Stub::GetDailyTotals,
                                    request, &v1::GetDailyTotalsResponse::mutable_days));
  Table table({{"date"},
               {"currency"},
               {"facts", Align::kRight},
               {"deals", Align::kRight},
               {"booked", Align::kRight},
               {"amended", Align::kRight},
               {"cancelled", Align::kRight},
               {"invoiced", Align::kRight},
               {"collected", Align::kRight}});
  const auto amount = [&global](const v1::Money& money) {
    return AmountText(money.minor_units(), money.currency(), global.format);
  };
  for (const v1::DailyTotals& day : all.days()) {
    table.Add({day.date(), day.currency(), absl::StrCat(day.facts()),
               absl::StrCat(day.deals_booked()), amount(day.booked()), amount(day.amended()),
               amount(day.cancelled()), amount(day.invoiced()), amount(day.collected())});
  }
  PrintRows(global.format, all, table, "nothing happened on these days", CoordinatesText(all.at()));
  return absl::OkStatus();
}

}  // namespace payfold
