#include "tools/forecast.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {
namespace {

// Pages hold the lists beside the forecasts on the first one only.
absl::StatusOr<v1::ForecastEarningsResponse> Ask(Session* session,
                                                 v1::ForecastEarningsRequest request) {
  v1::ForecastEarningsResponse all;
  while (true) {
    ASSIGN_OR_RETURN(
        const v1::ForecastEarningsResponse page,
        session->Call(session->payouts(), &v1::PayoutService::Stub::ForecastEarnings, request));
    const std::string& next = page.next_page_token();
    const int64_t deals = all.deal_count() + page.deal_count();
    const int64_t left_out = all.left_out_count() + page.left_out_count();
    all.MergeFrom(page);
    all.set_deal_count(deals);
    all.set_left_out_count(left_out);
    all.clear_next_page_token();
    if (next.empty()) return all;
    request.set_page_token(next);
  }
}

// One row for each component, and one for all of them where there are several.
Table ForecastTable(const v1::ForecastEarningsResponse& response, const ForecastOptions& options,
                    OutputFormat format) {
  std::vector<Table::Column> columns = {{"participant"},
                                        {"component"},
                                        {"currency"},
                                        {"earned", Align::kRight},
                                        {"expected", Align::kRight},
                                        {"best_case", Align::kRight}};
  for (const std::string& deal : options.deals) {
    columns.push_back({absl::StrCat("if ", deal, " closes"), Align::kRight});
  }
  Table table(std::move(columns));
  for (const v1::Forecast& forecast : response.forecasts()) {
    const auto add = [&](const std::string& component, const auto& sums) {
      std::vector<std::string> row = {forecast.participant_id(), component, forecast.currency()};
      std::vector<int64_t> amounts = {sums.earned_minor_units(), sums.expected_minor_units(),
                                      sums.best_case_minor_units()};
      for (const v1::IfDealCloses& deal : sums.if_closes()) {
        amounts.push_back(deal.adds_minor_units());
      }
      for (int64_t minor : amounts) {
        row.push_back(AmountText(minor, forecast.currency(), format));
      }
      table.Add(std::move(row));
    };
    for (const v1::ForecastComponent& component : forecast.components()) {
      add(absl::StrCat(component.plan_id(), "/",
                       component.component_id().empty() ? "budget" : component.component_id()),
          component);
    }
    if (forecast.components_size() != 1) add("all", forecast);
  }
  return table;
}

std::string DealsText(const v1::ForecastEarningsResponse& response) {
  std::string text;
  if (!response.deals().empty()) {
    Table deals({{"deal"},
                 {"expected_on"},
                 {"currency"},
                 {"amount", Align::kRight},
                 {"probability", Align::kRight},
                 {"expected", Align::kRight}});
    for (const v1::ForecastDeal& deal : response.deals()) {
      const std::string& currency = deal.amount().currency();
      deals.Add({deal.deal_id(), deal.expected_on(), currency,
                 AmountText(deal.amount().minor_units(), currency, OutputFormat::kTable),
                 deal.probability().empty() ? "unknown" : deal.probability(),
                 AmountText(deal.expected().minor_units(), currency, OutputFormat::kTable)});
    }
    absl::StrAppend(&text, "Open deals that count\n", deals.ToText("  "));
  }
  if (response.deal_count() > response.deals_size()) {
    absl::StrAppend(&text, "  and ", response.deal_count() - response.deals_size(), " more\n");
  }
  if (!response.left_out().empty()) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", "Left out\n");
  }
  for (const v1::LeftOutDeal& deal : response.left_out()) {
    absl::StrAppend(&text, "  ", deal.deal_id(), ": ", deal.reason(), "\n");
  }
  if (response.left_out_count() > response.left_out_size()) {
    absl::StrAppend(&text, "  and ", response.left_out_count() - response.left_out_size(),
                    " more\n");
  }
  if (!response.notes().empty()) absl::StrAppend(&text, text.empty() ? "" : "\n", "Notes\n");
  for (const std::string& note : response.notes()) absl::StrAppend(&text, "  - ", note, "\n");
  return text.empty() ? text : absl::StrCat(text, "\n");
}

}  // namespace

absl::Status ShowForecast(const GlobalOptions& global, const ForecastOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ForecastEarningsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  if (options.participant != "-") request.set_participant_id(options.participant);
  request.set_period(options.period);
  for (const std::string& deal : options.deals) request.add_deal_ids(deal);
  ASSIGN_OR_RETURN(const v1::ForecastEarningsResponse response, Ask(session.get(), request));
  PrintRows(global.format, response, ForecastTable(response, options, global.format),
            absl::StrCat("nobody earns or would earn anything in ", options.period),
            absl::StrCat(DealsText(response), CoordinatesText(response.at())));
  return absl::OkStatus();
}

}  // namespace payfold
