// payfold serve: the services for other processes, until it is told to stop.

#ifndef TOOLS_SERVE_H_
#define TOOLS_SERVE_H_

#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct ServeOptions {
  std::string listen = "127.0.0.1:7077";  // Port 0 takes a free one.
  int drain_seconds = 30;                 // What calls that run get to end.
};

// Serves all ledgers of the data directory until SIGTERM or SIGINT, then drains.
// Says on standard output where it listens, once it does.
// REQUIRES: the process has no other thread yet.
absl::Status Serve(const GlobalOptions& global, const ServeOptions& options);

}  // namespace payfold

#endif  // TOOLS_SERVE_H_
