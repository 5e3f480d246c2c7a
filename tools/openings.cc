#include "tools/openings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/status_macros.h"
#include "tools/files.h"
#include "tools/import/csv.h"
#include "tools/output.h"
#include "tools/payments.h"
#include "tools/report.h"
#include "tools/session.h"
#include "tools/table.h"

namespace payfold {
namespace {

constexpr const char* kOpeningColumns[] = {"participant", "kind", "currency", "amount"};

// (participant, kind, currency).
using Key = std::tuple<std::string, std::string, std::string>;

struct Tie {
  v1::OpeningStanding standing;  // of the ledger; empty if it has none
  int64_t expected = 0;          // what the old system has, in minor units

  int64_t total() const { return standing.amount().minor_units(); }
};
using Ties = std::map<Key, Tie>;

Ties TiesOf(const v1::ListOpeningsResponse& response) {
  Ties ties;
  for (const v1::OpeningStanding& standing : response.openings()) {
    const std::string kind = absl::AsciiStrToLower(v1::OpeningBalance::Kind_Name(standing.kind()));
    ties[{standing.participant_id(), kind, standing.amount().currency()}].standing = standing;
  }
  return ties;
}

// Adds what the old system has. Errors: kInvalidArgument with the line.
absl::Status ReadExpected(const std::string& path, Ties* ties) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path));
  std::istringstream in(text);
  CsvReader reader(&in);
  RETURN_IF_ERROR(reader.ReadHeader());
  const absl::StatusOr<std::vector<size_t>> places = reader.Columns(kOpeningColumns);
  if (!places.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", places.status().message()));
  }
  for (CsvRecord record; reader.Next(&record);) {
    const auto wrong = [&](absl::string_view why) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", record.line, ": ", why));
    };
    if (!record.problem.empty()) return wrong(record.problem);
    const auto field = [&](size_t column) { return record.fields[(*places)[column]]; };
    const std::string kind = absl::AsciiStrToLower(field(1));
    if (kind != "payable" && kind != "draw" && kind != "held") {
      return wrong(absl::StrCat("kind \"", field(1), "\" is not payable, draw or held"));
    }
    const absl::StatusOr<v1::Money> amount = ParseMoney(field(3), field(2));
    if (!amount.ok()) return wrong(amount.status().message());
    (*ties)[{field(0), kind, field(2)}].expected += amount->minor_units();
  }
  return absl::OkStatus();
}

// "2025-01", "2025-01, 2025-02 (open)".
std::string TakenUpBy(const v1::OpeningStanding& standing) {
  return absl::StrCat(absl::StrJoin(standing.periods(), ", "),
                      standing.posted() || standing.periods().empty() ? "" : " (open)");
}

Table TableOf(const Ties& ties, bool compares, OutputFormat format) {
  std::vector<Table::Column> columns = {
      {"participant"},          {"kind"},        {"currency"},           {"count", Align::kRight},
      {"total", Align::kRight}, {"taken up by"}, {"joined the draw of"}, {"left", Align::kRight}};
  if (compares) {
    columns.push_back({"old system", Align::kRight});
    columns.push_back({"difference", Align::kRight});
  }
  Table table(std::move(columns));
  for (const auto& [key, tie] : ties) {
    const auto& [participant, kind, currency] = key;
    std::vector<std::string> row = {participant,
                                    kind,
                                    currency,
                                    absl::StrCat(tie.standing.count()),
                                    AmountText(tie.total(), currency, format),
                                    TakenUpBy(tie.standing),
                                    tie.standing.plan_id(),
                                    AmountText(tie.standing.left_minor_units(), currency, format)};
    if (compares) {
      row.push_back(AmountText(tie.expected, currency, format));
      row.push_back(AmountText(tie.total() - tie.expected, currency, format));
    }
    table.Add(std::move(row));
  }
  return table;
}

// "draw in all: USD 5,000.00 in 2 facts, USD 100.00 left", a line for each kind and
// currency.
std::string Totals(const Ties& ties) {
  struct Total {
    int64_t count = 0, amount = 0, left = 0;
  };
  std::map<std::pair<std::string, std::string>, Total> totals;
  for (const auto& [key, tie] : ties) {
    Total& total = totals[{std::get<1>(key), std::get<2>(key)}];
    total.count += tie.standing.count();
    total.amount += tie.total();
    total.left += tie.standing.left_minor_units();
  }
  std::string text;
  for (const auto& [key, total] : totals) {
    const auto amount = [&currency = key.second](int64_t minor) {
      return absl::StrCat(currency, " ", AmountText(minor, currency, OutputFormat::kTable));
    };
    absl::StrAppend(&text, key.first, " in all: ", amount(total.amount), " in ", total.count,
                    total.count == 1 ? " fact, " : " facts, ", amount(total.left), " left\n");
  }
  return text;
}

}  // namespace

absl::Status ShowOpenings(const GlobalOptions& global, const OpeningsOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListOpeningsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(const v1::ListOpeningsResponse response,
                   session->ListAll(session->periods(), &v1::PeriodService::Stub::ListOpenings,
                                    request, &v1::ListOpeningsResponse::mutable_openings));
  Ties ties = TiesOf(response);
  const bool compares = !options.against.empty();
  if (compares) RETURN_IF_ERROR(ReadExpected(options.against, &ties));
  PrintRows(global.format, response, TableOf(ties, compares, global.format),
            "there are no opening balances",
            absl::StrCat(Totals(ties), CoordinatesText(response.at())));
  int64_t different = 0;
  for (const auto& [key, tie] : ties) different += tie.total() != tie.expected ? 1 : 0;
  if (!compares || different == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(different, different == 1 ? " balance differs from " : " balances differ from ",
                   options.against,
                   ": void what is wrong and append what is right, "
                   "before the first close"));
}

}  // namespace payfold
