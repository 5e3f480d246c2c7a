#include "tools/journal.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

using Request = v1::ExportJournalRequest;

absl::StatusOr<Request::Format> FormatOf(const GlobalOptions& global, const std::string& name) {
  if (global.format == OutputFormat::kJson) return Request::FORMAT_UNSPECIFIED;
  if (global.format == OutputFormat::kCsv) return Request::CSV;
  Request::Format format = Request::FORMAT_UNSPECIFIED;
  if (Request::Format_Parse(absl::AsciiStrToUpper(name), &format) &&
      format != Request::FORMAT_UNSPECIFIED) {
    return format;
  }
  return UsageError(
      absl::StrCat("--format: \"", name, "\" is not one of hledger, ledger, beancount, csv"));
}

std::string LineOf(const v1::JournalEntry& entry) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  (void)google::protobuf::util::MessageToJsonString(entry, &line, options);
  return absl::StrCat(line, "\n");
}

}  // namespace

absl::Status ShowJournal(const GlobalOptions& global, const JournalOptions& options) {
  Request request;
  ASSIGN_OR_RETURN(const Request::Format format, FormatOf(global, options.format));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_format(format);
  request.set_period(options.period);
  request.set_plan_id(options.plan);
  request.set_participant_id(options.participant);
  grpc::ClientContext context;
  session->Introduce(&context);
  const auto reader = session->periods()->ExportJournal(&context, request);
  for (v1::ExportJournalResponse response; reader->Read(&response);) {
    Print(response.text());
    for (const v1::JournalEntry& entry : response.entries()) Print(LineOf(entry));
  }
  const grpc::Status status = reader->Finish();
  return status.ok() ? absl::OkStatus() : session->Error(status);
}

}  // namespace payfold
