#include "tools/import_file.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/import/crm_import.h"
#include "tools/import/id_key.h"
#include "tools/import/mapping.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

// The key stands beside the ledgers: one for all imports into a data directory.
constexpr absl::string_view kIdKeyFile = "import.key";

LedgerPort PortOf(Session* session) {
  LedgerPort port;
  port.read_stream =
      [session](const std::string& stream) -> absl::StatusOr<std::vector<v1::Event>> {
    v1::ReadEventsRequest request;
    request.set_ledger(session->options().ledger);
    request.set_stream(stream);
    std::vector<v1::Event> events;
    RETURN_IF_ERROR(session->ReadEvents(request, [&events](const v1::StoredEvent& event) {
      events.push_back(event.event());
      return absl::OkStatus();
    }));
    return events;
  };
  port.append = [session](const std::vector<v1::Event>& events, bool validate_only) {
    v1::AppendRequest request;
    request.set_ledger(session->options().ledger);
    request.mutable_events()->Assign(events.begin(), events.end());
    request.set_validate_only(validate_only);
    return session->Call(session->ledgers(), &v1::LedgerService::Stub::Append, request);
  };
  return port;
}

std::string Summary(const ImportReport& report, bool dry_run) {
  std::string text =
      absl::StrCat(report.rows, " rows: ", report.added, " new, ", report.changed, " changed, ",
                   report.unchanged, " unchanged, ", report.bad, " bad\n", report.event_count(),
                   dry_run ? " events would be appended" : " events appended");
  Table kinds({{"  kind"}, {"events", Align::kRight}});
  for (const auto& [kind, count] : report.events) {
    kinds.Add({absl::StrCat("  ", kind), absl::StrCat(count)});
  }
  absl::StrAppend(&text, "\n", kinds.empty() ? "" : kinds.ToText());
  if (report.duplicates > 0) {
    absl::StrAppend(&text, report.duplicates, " of them were there already\n");
  }
  return text;
}

}  // namespace

absl::Status ImportCrmFile(const GlobalOptions& global, const ImportFileOptions& options) {
  const absl::StatusOr<ImportMapping> mapping = LoadMapping(options.mapping);
  if (!mapping.ok()) return absl::Status(mapping.status().code(), mapping.status().message());
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  // Nothing is made in a directory that is none of ours.
  RETURN_IF_ERROR(session
                      ->Call(session->ledgers(), &v1::LedgerService::Stub::ListLedgers,
                             v1::ListLedgersRequest())
                      .status());
  ASSIGN_OR_RETURN(const std::string id_key,
                   LoadOrCreateIdKey(absl::StrCat(global.data, "/", kIdKeyFile)));
  absl::StatusOr<ImportReport> report;
  {
    ProgressBar progress("importing");
    report =
        ImportCrm({.csv_path = options.file,
                   .id_key = id_key,
                   .dry_run = options.dry_run,
                   .progress =
                       [&progress](int64_t done, int64_t total) {
                         progress.Update(static_cast<uint64_t>(done), static_cast<uint64_t>(total));
                       }},
                  *mapping, PortOf(session.get()));
  }
  RETURN_IF_ERROR(report.status());
  for (const RowProblem& problem : report->problems) PrintErrorLine(problem.ToString());
  Print(Summary(*report, options.dry_run));
  if (report->bad == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      report->bad, report->bad == 1 ? " row was" : " rows were",
      " not imported, the others were; mend the file or the mapping and import it again"));
}

}  // namespace payfold
