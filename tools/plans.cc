#include "tools/plans.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "tools/files.h"
#include "tools/output.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

std::string DiagnosticText(absl::string_view file, const v1::PlanDiagnostic& diagnostic) {
  const std::string place =
      diagnostic.line() > 0 ? absl::StrCat(":", diagnostic.line(), ":", diagnostic.column()) : "";
  return absl::StrCat(file, place, ": ",
                      diagnostic.severity() == v1::PlanDiagnostic::WARNING ? "warning: " : "",
                      diagnostic.field().empty() ? "" : absl::StrCat(diagnostic.field(), ": "),
                      diagnostic.message());
}

// Prints what is wrong, and what is doubtful; an error if anything is wrong.
absl::Status PrintDiagnostics(
    absl::string_view file,
    const google::protobuf::RepeatedPtrField<v1::PlanDiagnostic>& diagnostics) {
  int errors = 0;
  for (const v1::PlanDiagnostic& diagnostic : diagnostics) {
    PrintErrorLine(DiagnosticText(file, diagnostic));
    if (diagnostic.severity() == v1::PlanDiagnostic::ERROR) ++errors;
  }
  if (errors == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", errors, errors == 1 ? " mistake" : " mistakes", " in the plan"));
}

absl::StatusOr<v1::CheckPlanResponse> Check(Session* session, const std::string& document) {
  v1::CheckPlanRequest request;
  request.set_document(document);
  return session->Call(session->plans(), &v1::PlanService::Stub::CheckPlan, request);
}

std::string DatesOf(const v1::Plan& plan) {
  return absl::StrCat(plan.effective().start(), " to ",
                      plan.effective().end().empty() ? "open" : plan.effective().end());
}

}  // namespace

absl::Status CheckPlanFile(const GlobalOptions& global, const PlanFileOptions& options) {
  ASSIGN_OR_RETURN(const std::string document, ReadInput(options.file));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::CheckPlanResponse response, Check(session.get(), document));
  if (global.format == OutputFormat::kJson) Print(JsonText(response));
  RETURN_IF_ERROR(PrintDiagnostics(options.file, response.diagnostics()));
  if (global.format == OutputFormat::kTable) {
    Print(absl::StrCat(options.file, ": the plan is sound. In words:\n\n", response.prose(), "\n"));
  }
  return absl::OkStatus();
}

absl::Status PublishPlanFile(const GlobalOptions& global, const PlanFileOptions& options) {
  ASSIGN_OR_RETURN(const std::string document, ReadInput(options.file));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::PublishPlanRequest request;
  request.set_ledger(global.ledger);
  request.set_document(document);
  request.set_event_id(options.event_id);
  request.set_validate_only(options.validate_only);
  const absl::StatusOr<v1::PublishPlanResponse> response =
      session->Call(session->plans(), &v1::PlanService::Stub::PublishPlan, request);
  if (ReasonOf(response.status()) == kReasonPlanRefused) {
    // An error has room for some of the mistakes; a check gives them all.
    ASSIGN_OR_RETURN(const v1::CheckPlanResponse checked, Check(session.get(), document));
    RETURN_IF_ERROR(PrintDiagnostics(options.file, checked.diagnostics()));
  }
  RETURN_IF_ERROR(response.status());
  RETURN_IF_ERROR(PrintDiagnostics(options.file, response->warnings()));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(*response));
    return absl::OkStatus();
  }
  const absl::string_view outcome =
      response->duplicate() ? " was published before"
                            : (options.validate_only ? " would be published" : " is published");
  Print(absl::StrCat(
      "plan ", response->plan_id(), ", version ", response->version(), outcome,
      response->position() > 0 ? absl::StrCat(" at position ", response->position(), "\n") : "\n"));
  return absl::OkStatus();
}

absl::Status ListPlansTable(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListPlansRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(const v1::ListPlansResponse response,
                   session->ListAll(session->plans(), &v1::PlanService::Stub::ListPlans, request,
                                    &v1::ListPlansResponse::mutable_versions));
  Table table({{"plan"},
               {"version", Align::kRight},
               {"name"},
               {"currency"},
               {"effective"},
               {"retired_after"},
               {"position", Align::kRight}});
  for (const v1::PlanVersion& version : response.versions()) {
    table.Add({version.plan_id(), absl::StrCat(version.version()), version.plan().display_name(),
               version.plan().currency(), DatesOf(version.plan()), version.retired_after(),
               absl::StrCat(version.position())});
  }
  PrintRows(global.format, response, table, "no plan is published", CoordinatesText(response.at()));
  return absl::OkStatus();
}

absl::Status ShowPlan(const GlobalOptions& global, const ShowPlanOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::GetPlanRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_plan_id(options.plan_id);
  request.set_version(options.version);
  ASSIGN_OR_RETURN(const v1::GetPlanResponse response,
                   session->Call(session->plans(), &v1::PlanService::Stub::GetPlan, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
    return absl::OkStatus();
  }
  const v1::PlanVersion& version = response.version();
  Print(absl::StrCat("plan ", version.plan_id(), ", version ", version.version(), ", effective ",
                     DatesOf(version.plan()), ", published at position ", version.position(),
                     "\n\n", response.prose(), "\n"));
  return absl::OkStatus();
}

absl::Status DiffPlan(const GlobalOptions& global, const DiffPlanOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::DiffPlanVersionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_plan_id(options.plan_id);
  request.set_from_version(options.from);
  request.set_to_version(options.to);
  ASSIGN_OR_RETURN(
      const v1::DiffPlanVersionsResponse response,
      session->Call(session->plans(), &v1::PlanService::Stub::DiffPlanVersions, request));
  Table table({{"field"},
               {absl::StrCat("version_", response.from_version())},
               {absl::StrCat("version_", response.to_version())}});
  for (const v1::PlanDifference& difference : response.differences()) {
    table.Add({difference.field(), difference.before(), difference.after()});
  }
  PrintRows(global.format, response, table,
            absl::StrCat("versions ", response.from_version(), " and ", response.to_version(),
                         " of plan ", response.plan_id(), " say the same"),
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
