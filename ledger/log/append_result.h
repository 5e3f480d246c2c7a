// What an append answers.

#ifndef LEDGER_LOG_APPEND_RESULT_H_
#define LEDGER_LOG_APPEND_RESULT_H_

#include <cstdint>
#include <vector>

namespace payfold {

struct AppendedEvent {
  uint64_t position;
  uint64_t stream_version;
  bool duplicate;  // Was in the log before this append.
};

struct AppendResult {
  std::vector<AppendedEvent> events;  // One for each decision, in order.
  int64_t recorded_at_micros = 0;     // Of the events that are new.
  uint64_t head = 0;                  // The last position once these were appended.
};

}  // namespace payfold

#endif  // LEDGER_LOG_APPEND_RESULT_H_
