#include "tools/append_events.h"

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/base/status_macros.h"
#include "tools/event_lines.h"
#include "tools/files.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

class Appender {
 public:
  Appender(Session* session, std::string name, absl::string_view text)
      : session_(session), name_(std::move(name)), text_(text) {}

  // Prints every bad line; gives how many good events there are.
  absl::StatusOr<uint64_t> CheckAll() {
    ProgressBar progress("checking");
    EventLines lines(text_);
    uint64_t good = 0;
    uint64_t bad = 0;
    EventBatch batch;
    for (bool first = true; lines.Next(&batch); first = false) {
      progress.Update(lines.bytes_read(), text_.size());
      ASSIGN_OR_RETURN(const std::vector<BadLine> refused, Refused(batch, first));
      for (const BadLine& line : batch.bad) PrintBad(line);
      for (const BadLine& line : refused) PrintBad(line);
      good += batch.events.size();
      bad += batch.bad.size() + refused.size();
    }
    if (bad == 0) return good;
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ": ", bad, bad == 1 ? " mistake" : " mistakes",
                     "; nothing was appended. Mend the file and append it again"));
  }

  absl::Status AppendAll(v1::AppendResponse* all) {
    ProgressBar progress("appending");
    EventLines lines(text_);
    EventBatch batch;
    uint64_t last_line = 0;
    while (lines.Next(&batch)) {
      const absl::StatusOr<v1::AppendResponse> response = Append(batch);
      if (!response.ok()) return NotAppended(batch, last_line, response.status());
      all->mutable_results()->MergeFrom(response->results());
      all->set_position(response->position());
      last_line = batch.lines.back();
      progress.Update(lines.bytes_read(), text_.size());
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<v1::AppendResponse> Append(const EventBatch& batch) {
    v1::AppendRequest request;
    request.set_ledger(session_->options().ledger);
    request.mutable_events()->Assign(batch.events.begin(), batch.events.end());
    return session_->Call(session_->ledgers(), &v1::LedgerService::Stub::Append, request);
  }

  // What the ledger would refuse. What depends on the events before is known
  // only once they are appended: of batches after the first it is left out.
  absl::StatusOr<std::vector<BadLine>> Refused(const EventBatch& batch, bool first) {
    std::vector<BadLine> refused;
    if (batch.events.empty()) return refused;
    v1::CheckEventsRequest request;
    request.set_ledger(session_->options().ledger);
    request.mutable_events()->Assign(batch.events.begin(), batch.events.end());
    ASSIGN_OR_RETURN(
        const v1::CheckEventsResponse response,
        session_->Call(session_->ledgers(), &v1::LedgerService::Stub::CheckEvents, request));
    for (const v1::Violation& violation : response.violations()) {
      if (!first && violation.code() != "INVALID_ARGUMENT") continue;
      refused.push_back(LineOfViolation(batch, violation.field(), violation.message()));
    }
    return refused;
  }

  absl::Status NotAppended(const EventBatch& batch, uint64_t last_line,
                           const absl::Status& status) {
    const absl::StatusOr<std::vector<BadLine>> refused = Refused(batch, true);
    if (refused.ok() && !refused->empty()) {
      for (const BadLine& line : *refused) PrintBad(line);
    } else {
      PrintError(status);
    }
    const std::string before =
        last_line == 0 ? "nothing was appended"
                       : absl::StrCat("lines 1 to ", last_line,
                                      " were appended, the others were not; appending the mended "
                                      "file again adds only what is missing");
    return absl::Status(status.code(), absl::StrCat(name_, ": ", before));
  }

  void PrintBad(const BadLine& line) const {
    PrintErrorLine(absl::StrCat(name_, ":", line.line, ": ", line.message));
  }

  Session* session_;
  std::string name_;
  absl::string_view text_;
};

std::string Summary(const v1::AppendResponse& response) {
  uint64_t duplicates = 0;
  for (const v1::AppendResult& result : response.results()) {
    if (result.duplicate()) ++duplicates;
  }
  const uint64_t all = static_cast<uint64_t>(response.results_size());
  return absl::StrCat(all - duplicates, " of ", all, " events appended",
                      duplicates == 0 ? "" : absl::StrCat(", ", duplicates, " were there already"),
                      "; the log ends at position ", response.position(), "\n");
}

}  // namespace

absl::Status AppendEvents(const GlobalOptions& global, const AppendEventsOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(options.file));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  Appender appender(session.get(), options.file == "-" ? "standard input" : options.file, text);
  ASSIGN_OR_RETURN(const uint64_t events, appender.CheckAll());
  if (events == 0) return absl::InvalidArgumentError(absl::StrCat(options.file, ": no events"));
  if (options.validate_only) {
    Print(absl::StrCat(events, " events are fit to be appended; nothing was\n"));
    return absl::OkStatus();
  }
  v1::AppendResponse all;
  RETURN_IF_ERROR(appender.AppendAll(&all));
  Print(global.format == OutputFormat::kJson ? JsonText(all) : Summary(all));
  return absl::OkStatus();
}

}  // namespace payfold
