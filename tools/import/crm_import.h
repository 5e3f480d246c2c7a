// Imports a CRM export: rows become events, by a mapping.
//
//   ASSIGN_OR_RETURN(ImportMapping mapping, LoadMapping("crm_sales.yaml"));
//   ASSIGN_OR_RETURN(std::string key, LoadOrCreateIdKey(data + "/import.key"));
//   ASSIGN_OR_RETURN(ImportReport report,
//                    ImportCrm({.csv_path = "sales_pipeline.csv", .id_key = key}, mapping, port));
//
// A won row becomes a DealBooked, an open or lost one a PipelineUpdated; people
// of the roster become ParticipantChanged. Before a row is sent, the stream it
// belongs to is read, and the row is compared with what this source said last
// about it (facts of other sources are left alone):
//
//   said before     row is     sent
//   nothing, open   won        DealBooked
//   nothing, open   open, lost PipelineUpdated, unless it says the same
//   booked          won        DealAmended RESTATE of the fields that differ, if any
//   booked          lost       DealCancelled (all that is left) on the row's lost_on
//   booked          open       FactVoided of the booking and its amendments, PipelineUpdated
//   cancelled       won        FactVoided of the cancellation, then as booked
//   cancelled       lost       if the date differs: FactVoided, DealCancelled
//   cancelled       open       FactVoided of all of them, PipelineUpdated
//
// So a second import of the same rows adds nothing, and a changed row adds its
// change. Each event states the stream version it was decided at: if anybody
// else writes to that stream meanwhile, the row is refused, not misread.

#ifndef TOOLS_IMPORT_CRM_IMPORT_H_
#define TOOLS_IMPORT_CRM_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/import/mapping.h"
#include "tools/import/row_problem.h"
#include "tools/import/sender.h"

namespace payfold {

struct ImportOptions {
  std::string csv_path;
  // See id_key.h.
  std::string id_key;
  // Write nothing, and report what would be written.
  bool dry_run = false;
  // Events in a batch at most; a row's events stay together.
  size_t batch_events = 1000;
  // Called now and then with the bytes read of the file and all of them; may be
  // empty.
  std::function<void(int64_t done, int64_t total)> progress;
};

struct ImportReport {
  int64_t rows = 0;       // of the export, and people of its look-up files
  int64_t added = 0;      // rows that the source said nothing about before
  int64_t changed = 0;    // rows that differ from what was said last
  int64_t unchanged = 0;  // rows that say nothing new
  int64_t bad = 0;        // rows refused, by the mapping or by the ledger
  // Events written (dry run: that would be) by kind: "deal_booked".
  std::map<std::string, int64_t> events;
  // Of these, the ledger had already: a retry after a lost answer.
  int64_t duplicates = 0;
  uint64_t position = 0;             // the log's last one, 0 if nothing was sent
  std::vector<RowProblem> problems;  // in order of file and line

  int64_t event_count() const;
};

// Errors: kNotFound, kInvalidArgument for files that cannot be read or do not
// have the columns that the mapping names (nothing is written then); what the
// port answers when the ledger cannot be reached: rows before it are imported,
// and importing again goes on.
absl::StatusOr<ImportReport> ImportCrm(const ImportOptions& options, const ImportMapping& mapping,
                                       const LedgerPort& port);

}  // namespace payfold

#endif  // TOOLS_IMPORT_CRM_IMPORT_H_
