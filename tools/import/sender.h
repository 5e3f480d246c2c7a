// Sends rows' events to the ledger in batches, and keeps good rows when a batch
// is refused.

#ifndef TOOLS_IMPORT_SENDER_H_
#define TOOLS_IMPORT_SENDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/ledger_service.pb.h"
#include "tools/import/row_problem.h"

namespace payfold {

// The ledger as an import needs it: LedgerService behind it, or a test.
struct LedgerPort {
  // The events of a stream ("deals/D-17") in order, personal fields in clear
  // text while they can be read. None if nobody has heard of it.
  std::function<absl::StatusOr<std::vector<v1::Event>>(const std::string& stream)> read_stream;
  // LedgerService.Append: all or nothing, one result for each event.
  std::function<absl::StatusOr<v1::AppendResponse>(const std::vector<v1::Event>& events,
                                                   bool validate_only)>
      append;
};

// The events of one row. They are appended together or not at all.
struct RowEvents {
  std::string file;
  int64_t line = 0;
  bool is_change = false;  // the source said something about it before
  std::vector<v1::Event> events;
};

struct SendCounts {
  int64_t added_rows = 0;
  int64_t changed_rows = 0;
  std::map<std::string, int64_t> events;  // by kind: "deal_booked"
  // Of the events, those the ledger had: an answer was lost and the batch came again.
  int64_t duplicates = 0;
  uint64_t position = 0;  // the log's last one, 0 if nothing was sent
};

class Sender {
 public:
  // `port` must outlive the sender.
  Sender(const LedgerPort& port, size_t batch_events, bool validate_only)
      : port_(port), batch_events_(batch_events), validate_only_(validate_only) {}

  // Queues a row. What its events break of the ledger's rules goes to
  // problems() at once; else it is sent with its batch. Errors: those of the
  // port where the ledger cannot be reached.
  absl::Status Add(RowEvents row);
  // Sends what is queued.
  absl::Status Flush();

  const SendCounts& counts() const { return counts_; }
  const std::vector<RowProblem>& problems() const { return problems_; }
  int64_t refused_rows() const { return refused_rows_; }

 private:
  // Sends rows; where the ledger refuses them, halves of them, down to the row
  // it refuses.
  absl::Status Send(absl::Span<const RowEvents> rows);
  void Count(absl::Span<const RowEvents> rows, const v1::AppendResponse& response);

  const LedgerPort& port_;
  size_t batch_events_;
  bool validate_only_;
  std::vector<RowEvents> queue_;
  size_t queued_events_ = 0;
  size_t queued_bytes_ = 0;
  SendCounts counts_;
  std::vector<RowProblem> problems_;
  int64_t refused_rows_ = 0;
};

}  // namespace payfold

#endif  // TOOLS_IMPORT_SENDER_H_
