#include "tools/payments.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/currency.h"
#include "ledger/money/decimal.h"
#include "tools/files.h"
#include "tools/import/csv.h"
#include "tools/output.h"
#include "tools/periods.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

constexpr const char* kPaymentColumns[] = {"participant", "amount", "currency", "reference",
                                           "date"};

absl::StatusOr<v1::Payment> PaymentOf(const PayOptions& options) {
  if (options.participant.empty() || options.amount.empty() || options.reference.empty() ||
      options.date.empty()) {
    return UsageError(
        "give FILE, or all of --participant, --amount, --reference and --date of one payment");
  }
  const std::vector<std::string> words = absl::StrSplit(options.amount, ' ', absl::SkipEmpty());
  if (words.size() != 2) {
    return UsageError(
        absl::StrCat("--amount: ", Quote(options.amount), " is no amount such as \"1200.00 USD\""));
  }
  const absl::StatusOr<v1::Money> amount = ParseMoney(words[0], words[1]);
  if (!amount.ok()) return UsageError(absl::StrCat("--amount: ", amount.status().message()));
  v1::Payment payment;
  payment.set_participant_id(options.participant);
  *payment.mutable_amount() = *amount;
  payment.set_reference(options.reference);
  payment.set_paid_on(options.date);
  return payment;
}

// The payments of a file, and the line each stands in.
struct PaymentFile {
  std::vector<v1::Payment> payments;
  std::vector<int64_t> lines;
};

// Every line that cannot be read is printed. Errors: kInvalidArgument if there is one.
absl::StatusOr<PaymentFile> ReadPayments(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path));
  std::istringstream in(text);
  CsvReader reader(&in);
  RETURN_IF_ERROR(reader.ReadHeader());
  const absl::StatusOr<std::vector<size_t>> places = reader.Columns(kPaymentColumns);
  if (!places.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", places.status().message()));
  }
  PaymentFile file;
  int bad = 0;
  const auto refuse = [&](int64_t line, absl::string_view why) {
    PrintErrorLine(absl::StrCat(path, ":", line, ": ", why));
    ++bad;
  };
  for (CsvRecord record; reader.Next(&record);) {
    if (!record.problem.empty()) {
      refuse(record.line, record.problem);
      continue;
    }
    const auto field = [&](size_t column) { return record.fields[(*places)[column]]; };
    const absl::StatusOr<v1::Money> amount = ParseMoney(field(1), field(2));
    if (!amount.ok()) {
      refuse(record.line, amount.status().message());
      continue;
    }
    v1::Payment& payment = file.payments.emplace_back();
    payment.set_participant_id(field(0));
    *payment.mutable_amount() = *amount;
    payment.set_reference(field(3));
    payment.set_paid_on(field(4));
    file.lines.push_back(record.line);
  }
  if (bad == 0) return file;
  return absl::InvalidArgumentError(absl::StrCat(path, ": ", bad, bad == 1 ? " line" : " lines",
                                                 " cannot be read; nothing was recorded"));
}

// "payments[3].amount: …" as a person finds it: "pay.csv:5: amount: …".
std::string InFile(std::string text, const std::string& path, const std::vector<int64_t>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    text = absl::StrReplaceAll(
        text, {{absl::StrCat("payments[", i, "]."), absl::StrCat(path, ":", lines[i], ": ")}});
  }
  return text;
}

absl::Status Refused(const absl::Status& error, const std::string& path,
                     const std::vector<int64_t>& lines) {
  if (lines.empty() || ExitCodeOf(error) != ExitCode::kRefused) return error;
  for (const std::string& line : ErrorLines(error)) PrintErrorLine(InFile(line, path, lines));
  return absl::Status(error.code(), absl::StrCat(path, ": nothing was recorded"));
}

}  // namespace

absl::StatusOr<v1::Money> ParseMoney(absl::string_view amount, absl::string_view currency) {
  ASSIGN_OR_RETURN(const Currency parsed, Currency::Parse(currency));
  ASSIGN_OR_RETURN(const Decimal value, Decimal::Parse(amount));
  const absl::int128 scaled = absl::int128(value.nanos()) * parsed.minor_per_major();
  const absl::int128 minor = scaled / Decimal::kNanosPerUnit;
  if (minor * Decimal::kNanosPerUnit != scaled) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quote(amount), " has more digits than ", currency, " has: ", parsed.digits()));
  }
  constexpr int64_t kMost = 1'000'000'000'000'000;
  if (minor > kMost || minor < -kMost) {
    return absl::InvalidArgumentError(absl::StrCat(Quote(amount), " is too large an amount"));
  }
  v1::Money money;
  money.set_currency(std::string(currency));
  money.set_minor_units(static_cast<int64_t>(minor));
  return money;
}

absl::Status PayPeriod(const GlobalOptions& global, const PayOptions& options) {
  PaymentFile file;
  if (options.file.empty()) {
    ASSIGN_OR_RETURN(const v1::Payment payment, PaymentOf(options));
    file.payments.push_back(payment);
  } else if (!options.participant.empty() || !options.amount.empty() ||
             !options.reference.empty() || !options.date.empty()) {
    return UsageError("give either FILE or one payment, not both");
  } else {
    ASSIGN_OR_RETURN(file, ReadPayments(options.file));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::RecordPaymentsRequest request;
  request.set_ledger(global.ledger);
  request.set_period(options.period);
  request.mutable_payments()->Assign(file.payments.begin(), file.payments.end());
  request.set_validate_only(options.validate_only);
  const absl::StatusOr<v1::RecordPaymentsResponse> response =
      session->Call(session->periods(), &v1::PeriodService::Stub::RecordPayments, request);
  if (!response.ok()) return Refused(response.status(), options.file, file.lines);
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(*response));
    return absl::OkStatus();
  }
  int known = 0;
  for (const v1::AppendResult& result : response->results()) known += result.duplicate() ? 1 : 0;
  Print(
      absl::StrCat(response->results_size() - known,
                   options.validate_only ? " payments could be recorded, " : " payments recorded, ",
                   known, " known already\n", PeriodText(response->period())));
  return absl::OkStatus();
}

}  // namespace payfold
