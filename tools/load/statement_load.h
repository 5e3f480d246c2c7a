// A load of questions: statements of participants and periods chosen at random.

#ifndef TOOLS_LOAD_STATEMENT_LOAD_H_
#define TOOLS_LOAD_STATEMENT_LOAD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "tools/load/load_result.h"

namespace payfold {

struct StatementLoadOptions {
  std::string ledger;
  int clients = 8;
  int64_t per_second = 0;  // 0: the closed loop.
  bool past = false;       // As of positions chosen at random, else now.
  absl::Duration duration = absl::Seconds(10);
};

// Asks for statements that have lines. Errors: kFailedPrecondition if the ledger
// gives no lines; those of ListLines.
absl::StatusOr<LoadResult> RunStatementLoad(v1::PayoutService::Stub* stub,
                                            const StatementLoadOptions& options);

}  // namespace payfold

#endif  // TOOLS_LOAD_STATEMENT_LOAD_H_
