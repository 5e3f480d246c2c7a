#include "tools/periods.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

std::string StateName(v1::PeriodState state) {
  return state == v1::PERIOD_STATE_UNSPECIFIED ? "" : v1::PeriodState_Name(state);
}

// "USD 1200.00": one cell of CSV.
std::string MoneyCell(const google::protobuf::RepeatedPtrField<v1::Money>& money,
                      OutputFormat format) {
  return absl::StrJoin(money, ", ", [&](std::string* out, const v1::Money& m) {
    absl::StrAppend(out, m.currency(), " ", AmountText(m.minor_units(), m.currency(), format));
  });
}

// The bytes of a digest as people write it. Errors: UsageError().
absl::StatusOr<std::string> DigestOf(const std::string& hex) {
  const bool is_hex = hex.size() == 64 && std::all_of(hex.begin(), hex.end(), [](char c) {
                        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                      });
  if (hex.empty() || is_hex) return absl::HexStringToBytes(hex);
  return UsageError(
      "--digest: give the 64 hexadecimal digits that `payfold period preview` or `list` prints");
}

// Where the period stands. Errors: kNotFound if nothing is on it.
absl::StatusOr<v1::PayoutPeriodStatus> FindPeriod(Session* session, const std::string& period) {
  v1::ListPeriodsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(const v1::ListPeriodsResponse response,
                   session->ListAll(session->periods(), &v1::PeriodService::Stub::ListPeriods,
                                    request, &v1::ListPeriodsResponse::mutable_periods));
  for (const v1::PayoutPeriodStatus& status : response.periods()) {
    if (status.period() == period) return status;
  }
  return absl::NotFoundError(absl::StrCat("nothing is on a payout period \"", period,
                                          "\"; `payfold period list` shows those there are"));
}

std::string PreviewText(const v1::PreviewCloseResponse& preview) {
  if (!preview.obstacles().empty()) {
    return absl::StrCat(preview.period(),
                        " cannot be closed: ", absl::StrJoin(preview.obstacles(), "; "), "\n");
  }
  Table table({{"participant"},
               {"currency"},
               {"earned", Align::kRight},
               {"prior periods", Align::kRight},
               {"carried in", Align::kRight},
               {"payable", Align::kRight},
               {"carried out", Align::kRight}});
  for (const v1::Statement& statement : preview.statements()) {
    const auto text = [&](int64_t minor) {
      return AmountText(minor, statement.currency(), OutputFormat::kTable);
    };
    table.Add(
        {statement.participant_id(), statement.currency(), text(statement.earned_minor_units()),
         text(statement.prior_adjustments_minor_units()), text(statement.carried_in_minor_units()),
         text(statement.payable_minor_units()), text(statement.carried_out_minor_units())});
  }
  std::string text =
      absl::StrCat("A close of ", preview.period(), " posts ", preview.statement_count(),
                   " statements, payable ", MoneyText(preview.totals()), ":\n", table.ToText());
  for (const v1::Exception& exception : preview.exceptions()) {
    absl::StrAppend(&text, "exception: ", exception.kind(), " ", exception.subject(), ": ",
                    exception.message(), "\n");
  }
  return absl::StrCat(text, "digest ", absl::BytesToHexString(preview.statements_digest()), "\n");
}

Table PreviewRows(const v1::PreviewCloseResponse& preview) {
  Table table({{"participant"},
               {"period"},
               {"currency"},
               {"earned"},
               {"prior_adjustments"},
               {"carried_in"},
               {"payable"},
               {"carried_out"}});
  for (const v1::Statement& statement : preview.statements()) {
    const auto text = [&](int64_t minor) {
      return AmountText(minor, statement.currency(), OutputFormat::kCsv);
    };
    table.Add({statement.participant_id(), statement.period(), statement.currency(),
               text(statement.earned_minor_units()),
               text(statement.prior_adjustments_minor_units()),
               text(statement.carried_in_minor_units()), text(statement.payable_minor_units()),
               text(statement.carried_out_minor_units())});
  }
  return table;
}

}  // namespace

std::string MoneyText(const google::protobuf::RepeatedPtrField<v1::Money>& money) {
  return money.empty() ? "nothing" : MoneyCell(money, OutputFormat::kTable);
}

std::string PeriodText(const v1::PayoutPeriodStatus& period) {
  std::string text =
      absl::StrCat(period.period(), " is ", StateName(period.state()), ": ", period.statements(),
                   " statements, payable ", MoneyText(period.payable()), ", paid ",
                   MoneyText(period.paid()), "\n");
  if (!period.closed_by().empty()) {
    absl::StrAppend(&text, "closed by ", period.closed_by(), " at the fold of position ",
                    period.folded_position(), "\n");
  }
  if (!period.approved_by().empty()) {
    absl::StrAppend(&text, "approved by ", period.approved_by(), "\n");
  }
  for (const std::string& exception : period.exceptions()) {
    absl::StrAppend(&text, "closed over: ", exception, "\n");
  }
  if (period.statements_digest().empty()) return text;
  return absl::StrCat(text, "digest ", absl::BytesToHexString(period.statements_digest()), "\n");
}

absl::Status ListPeriodsTable(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListPeriodsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(const v1::ListPeriodsResponse response,
                   session->ListAll(session->periods(), &v1::PeriodService::Stub::ListPeriods,
                                    request, &v1::ListPeriodsResponse::mutable_periods));
  Table table({{"period"},
               {"first day"},
               {"last day"},
               {"state"},
               {"statements", Align::kRight},
               {"payable", Align::kRight},
               {"paid", Align::kRight},
               {"closed by"},
               {"approved by"}});
  for (const v1::PayoutPeriodStatus& period : response.periods()) {
    table.Add({period.period(), period.first_day(), period.last_day(), StateName(period.state()),
               period.state() == v1::OPEN ? "" : absl::StrCat(period.statements()),
               MoneyCell(period.payable(), global.format), MoneyCell(period.paid(), global.format),
               period.closed_by(), period.approved_by()});
  }
  PrintRows(global.format, response, table, "nothing is on any payout period",
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

absl::Status PreviewPeriod(const GlobalOptions& global, const PeriodOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::PreviewCloseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_period(options.period);
  // What is not on every page stands on the first.
  ASSIGN_OR_RETURN(
      v1::PreviewCloseResponse preview,
      session->Call(session->periods(), &v1::PeriodService::Stub::PreviewClose, request));
  while (!preview.next_page_token().empty()) {
    request.set_page_token(preview.next_page_token());
    ASSIGN_OR_RETURN(
        v1::PreviewCloseResponse page,
        session->Call(session->periods(), &v1::PeriodService::Stub::PreviewClose, request));
    preview.mutable_statements()->MergeFrom(page.statements());
    preview.set_next_page_token(page.next_page_token());
  }
  switch (global.format) {
    case OutputFormat::kJson:
      Print(JsonText(preview));
      break;
    case OutputFormat::kCsv:
      Print(PreviewRows(preview).ToCsv());
      break;
    case OutputFormat::kTable:
      Print(PreviewText(preview));
      break;
  }
  return absl::OkStatus();
}

absl::Status ClosePayoutPeriod(const GlobalOptions& global, const PeriodOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ClosePeriodRequest request;
  request.set_ledger(global.ledger);
  request.set_period(options.period);
  request.set_over_exceptions(options.over_exceptions);
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(*request.mutable_expected_digest(), DigestOf(options.digest));
  ASSIGN_OR_RETURN(
      const v1::ClosePeriodResponse response,
      session->Call(session->periods(), &v1::PeriodService::Stub::ClosePeriod, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
    return absl::OkStatus();
  }
  Print(absl::StrCat(response.was_closed()   ? "it was closed before; nothing was written\n"
                     : options.validate_only ? "it could be closed; nothing was written\n"
                                             : "",
                     PeriodText(response.period())));
  return absl::OkStatus();
}

absl::Status ApprovePayoutPeriod(const GlobalOptions& global, const PeriodOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ApprovePeriodRequest request;
  request.set_ledger(global.ledger);
  request.set_period(options.period);
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(*request.mutable_statements_digest(), DigestOf(options.digest));
  if (options.digest.empty()) {
    ASSIGN_OR_RETURN(const v1::PayoutPeriodStatus status,
                     FindPeriod(session.get(), options.period));
    request.set_statements_digest(status.statements_digest());
  }
  ASSIGN_OR_RETURN(
      const v1::ApprovePeriodResponse response,
      session->Call(session->periods(), &v1::PeriodService::Stub::ApprovePeriod, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
    return absl::OkStatus();
  }
  Print(absl::StrCat(response.was_approved() ? "it was approved before; nothing was written\n"
                     : options.validate_only ? "it could be approved; nothing was written\n"
                                             : "",
                     PeriodText(response.period())));
  return absl::OkStatus();
}

}  // namespace payfold
