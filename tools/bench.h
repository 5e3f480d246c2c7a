// payfold bench: puts a load on a server and says how it took it.

#ifndef TOOLS_BENCH_H_
#define TOOLS_BENCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct BenchAppendOptions {
  int streams = 64;
  int batch = 1;
  int in_flight = 1;
  int64_t rate = 0;  // Events a second; 0: as many as the server takes.
  int64_t deals = 500'000;
  int seconds = 10;
};

struct BenchStatementOptions {
  int clients = 8;
  int64_t rate = 0;  // Statements a second; 0: as many as the server gives.
  bool past = false;
  int seconds = 10;
};

// Makes the ledger, which must not exist, and fills it.
absl::Status BenchAppend(const GlobalOptions& global, const BenchAppendOptions& options);
absl::Status BenchStatement(const GlobalOptions& global, const BenchStatementOptions& options);

}  // namespace payfold

#endif  // TOOLS_BENCH_H_
