// payfold append: events from a file, one JSON object a line.
//
// Every line is read and checked before anything is appended. A file of more
// than one batch is appended batch by batch; appending it again is free.

#ifndef TOOLS_APPEND_EVENTS_H_
#define TOOLS_APPEND_EVENTS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct AppendEventsOptions {
  std::string file;  // "-" is standard input.
  bool validate_only = false;
};

// Errors: one that counts the bad lines, after each of them was printed.
absl::Status AppendEvents(const GlobalOptions& global, const AppendEventsOptions& options);

}  // namespace payfold

#endif  // TOOLS_APPEND_EVENTS_H_
