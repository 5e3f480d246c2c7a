#include "tools/balances.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"
#include "tools/table.h"

namespace payfold {
namespace {

// A column that people see only if there is something in it; programs always.
struct Standing {
  const char* title;
  int64_t (v1::Balance::*amount)() const;
};

constexpr Standing kStandings[] = {
    {"held", &v1::Balance::held_minor_units},
    {"draw", &v1::Balance::draw_balance_minor_units},
    {"carried", &v1::Balance::carried_minor_units},
};

Table BalanceTable(const v1::ListBalancesResponse& response, OutputFormat format) {
  std::vector<Table::Column> columns = {{"participant"},
                                        {"currency"},
                                        {"earned", Align::kRight},
                                        {"adjustments", Align::kRight},
                                        {"payable", Align::kRight}};
  std::vector<Standing> shown;
  for (const Standing& standing : kStandings) {
    const bool is_used =
        std::any_of(response.balances().begin(), response.balances().end(),
                    [&](const v1::Balance& balance) { return (balance.*standing.amount)() != 0; });
    if (!is_used && format != OutputFormat::kCsv) continue;
    shown.push_back(standing);
    columns.push_back({standing.title, Align::kRight});
  }
  Table table(std::move(columns));
  for (const v1::Balance& balance : response.balances()) {
    const auto text = [&](int64_t minor) { return AmountText(minor, balance.currency(), format); };
    std::vector<std::string> row = {
        balance.participant_id(), balance.currency(), text(balance.earned_minor_units()),
        text(balance.adjustments_minor_units()), text(balance.payable_minor_units())};
    for (const Standing& standing : shown) row.push_back(text((balance.*standing.amount)()));
    table.Add(std::move(row));
  }
  return table;
}

}  // namespace

absl::Status ShowBalances(const GlobalOptions& global, const BalancesOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListBalancesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  ASSIGN_OR_RETURN(const v1::ListBalancesResponse response,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListBalances,
                                    request, &v1::ListBalancesResponse::mutable_balances));
  const Table table = BalanceTable(response, global.format);
  std::map<std::string, int64_t> payable;
  for (const v1::Balance& balance : response.balances()) {
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
