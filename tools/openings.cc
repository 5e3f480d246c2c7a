#include "tools/openings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
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

constexpr const char* kColumns[] = {"participant", "kind", "currency", "amount"};

// (participant, kind, currency).
using Key = std::tuple<std::string, std::string, std::string>;

struct Tie {
  int64_t count = 0;
  int64_t total = 0;     // minor units
  int64_t expected = 0;  // what the old system has
};
using Ties = std::map<Key, Tie>;

Key KeyOf(const v1::OpeningBalance& opening) {
  return {opening.participant_id(),
          absl::AsciiStrToLower(v1::OpeningBalance::Kind_Name(opening.kind())),
          opening.amount().currency()};
}

// The openings in the ledger that are not void.
absl::StatusOr<Ties> ReadOpenings(Session* session) {
  v1::ReadEventsRequest request;
  request.set_ledger(session->options().ledger);
  request.add_kinds("opening_balance");
  request.add_kinds("fact_voided");
  std::map<std::string, v1::OpeningBalance> openings;
  std::set<std::string> voided;
  RETURN_IF_ERROR(session->ReadEvents(request, [&](const v1::StoredEvent& stored) {
    const v1::Event& event = stored.event();
    if (event.has_opening_balance()) openings[event.event_id()] = event.opening_balance();
    if (event.has_fact_voided()) voided.insert(event.fact_voided().event_id());
    return absl::OkStatus();
  }));
  Ties ties;
  for (const auto& [id, opening] : openings) {
    if (voided.contains(id)) continue;
    Tie& tie = ties[KeyOf(opening)];
    ++tie.count;
    tie.total += opening.amount().minor_units();
  }
  return ties;
}

// Adds what the old system has. Errors: kInvalidArgument with the line.
absl::Status ReadExpected(const std::string& path, Ties* ties) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path));
  std::istringstream in(text);
  CsvReader reader(&in);
  RETURN_IF_ERROR(reader.ReadHeader());
  const absl::StatusOr<std::vector<size_t>> places = reader.Columns(kColumns);
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

Table TableOf(const Ties& ties, bool compares, OutputFormat format) {
  std::vector<Table::Column> columns = {
      {"participant"}, {"kind"}, {"currency"}, {"count", Align::kRight}, {"total", Align::kRight}};
  if (compares) {
    columns.push_back({"old system", Align::kRight});
    columns.push_back({"difference", Align::kRight});
  }
  Table table(std::move(columns));
  for (const auto& [key, tie] : ties) {
    const auto& [participant, kind, currency] = key;
    std::vector<std::string> row = {participant, kind, currency, absl::StrCat(tie.count),
                                    AmountText(tie.total, currency, format)};
    if (compares) {
      row.push_back(AmountText(tie.expected, currency, format));
      row.push_back(AmountText(tie.total - tie.expected, currency, format));
    }
    table.Add(std::move(row));
  }
  return table;
}

// "draw in all: USD 5,000.00 in 2 facts", a line for each kind and currency.
std::string Totals(const Ties& ties) {
  std::map<std::pair<std::string, std::string>, Tie> totals;
  for (const auto& [key, tie] : ties) {
    Tie& total = totals[{std::get<1>(key), std::get<2>(key)}];
    total.count += tie.count;
    total.total += tie.total;
  }
  std::string text;
  for (const auto& [key, total] : totals) {
    absl::StrAppend(&text, key.first, " in all: ", key.second, " ",
                    AmountText(total.total, key.second, OutputFormat::kTable), " in ", total.count,
                    total.count == 1 ? " fact\n" : " facts\n");
  }
  return text;
}

}  // namespace

absl::Status ShowOpenings(const GlobalOptions& global, const OpeningsOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(Ties ties, ReadOpenings(session.get()));
  const bool compares = !options.against.empty();
  if (compares) RETURN_IF_ERROR(ReadExpected(options.against, &ties));
  const Table table = TableOf(ties, compares, global.format);
  Print(global.format == OutputFormat::kCsv ? table.ToCsv()
        : ties.empty()                      ? "there are no opening balances\n"
                                            : absl::StrCat(table.ToText(), Totals(ties)));
  int64_t different = 0;
  for (const auto& [key, tie] : ties) different += tie.total != tie.expected ? 1 : 0;
  if (!compares || different == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(different, different == 1 ? " balance differs from " : " balances differ from ",
                   options.against,
                   ": void what is wrong and append what is right, "
                   "before the first close"));
}

}  // namespace payfold
