// payfold log: the events of the ledger.

#ifndef TOOLS_SHOW_LOG_H_
#define TOOLS_SHOW_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct ShowLogOptions {
  std::string stream, participant;  // Empty: all.
  std::vector<std::string> kinds;
  uint64_t from = 0;   // First position wanted; 0: the beginning (backwards: the end).
  uint64_t limit = 0;  // 0: all
  bool backwards = false;
  bool follow = false;  // Go on with what is appended; not backwards.
  bool raw = false;     // The stored bytes of one event; with limit 1 only.
};

// With --json, one event a line, with the fields that the ledger wrote.
absl::Status ShowLog(const GlobalOptions& global, const ShowLogOptions& options);

}  // namespace payfold

#endif  // TOOLS_SHOW_LOG_H_
