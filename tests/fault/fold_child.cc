// fold_child DIRECTORY FIRST: as crash_child, with batches of deals, and with
// projections that follow and are rebuilt now and then.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "ledger/base/status_macros.h"
#include "ledger/log/event_log.h"
#include "projections/daily_totals/daily_totals.h"
#include "projections/runtime/payout_projection.h"
#include "tests/fault/crash_harness.h"
#include "tests/fault/deal_batches.h"
#include "tests/ledger/log/test_log.h"

namespace payfold_testing {
namespace {

constexpr uint64_t kBatchesPerRebuild = 16;

absl::Status AppendForEver(const char* directory, uint64_t first) {
  const auto options = TestOptions(rocksdb::Env::Default(), nullptr, directory);
  ASSIGN_OR_RETURN(const auto log, payfold::EventLog::Open(options));
  ASSIGN_OR_RETURN(const auto projection, payfold::PayoutProjection::Open(log.get(), {}));
  ASSIGN_OR_RETURN(const auto totals, payfold::DailyTotals::Open(log.get(), {}));
  for (uint64_t number = first;; ++number) {
    RETURN_IF_ERROR(AppendCrashBatch(*log, number, DealBatch));
    if (write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number)) {
      return absl::UnknownError("nobody reads the numbers");
    }
    if (number % kBatchesPerRebuild == 0) {
      RETURN_IF_ERROR(projection->Rebuild(/*workers=*/2, nullptr).status());
      RETURN_IF_ERROR(totals->worker().Rebuild(/*workers=*/2, nullptr).status());
    }
  }
}

}  // namespace
}  // namespace payfold_testing

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const absl::Status status =
      payfold_testing::AppendForEver(argv[1], std::strtoull(argv[2], nullptr, 10));
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
