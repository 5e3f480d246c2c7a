// A file of events: lines of JSON, read in batches a ledger takes. Pure.

#ifndef TOOLS_EVENT_LINES_H_
#define TOOLS_EVENT_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// A line that cannot be appended.
struct BadLine {
  uint64_t line = 0;  // from 1
  std::string message;
};

struct EventBatch {
  std::vector<v1::Event> events;
  std::vector<uint64_t> lines;  // Where each event stands.
  std::vector<BadLine> bad;     // Lines among them that are no events.
};

// Reads a text batch by batch. Blank lines and a byte-order mark are passed over.
class EventLines {
 public:
  // `text` must outlive the reader.
  explicit EventLines(absl::string_view text);

  // The next batch, not empty, within the limits of admission; false at the end.
  bool Next(EventBatch* batch);

  // Bytes read so far.
  size_t bytes_read() const { return next_; }

 private:
  absl::string_view text_;
  size_t next_ = 0;
  uint64_t line_ = 0;  // The last one read.
};

// What an answer about "events[i].field" says of the line that event i stands
// on; violations of the batch itself are of its first line.
BadLine LineOfViolation(const EventBatch& batch, absl::string_view field,
                        absl::string_view message);

}  // namespace payfold

#endif  // TOOLS_EVENT_LINES_H_
