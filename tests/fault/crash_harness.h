// What the fault tests share: an endless workload that is known by number, so
// that after any crash it can be said what the log must hold, and may hold.
//
// Batch k is the same whoever makes it. A run appends 1, 2, 3, … one after the
// other; if the last it got an answer for is k, the log holds batches 1 to k
// exactly once and in order, and may hold batch k + 1 as a whole.

#ifndef TESTS_FAULT_CRASH_HARNESS_H_
#define TESTS_FAULT_CRASH_HARNESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"

namespace payfold_testing {

// What a batch holds, by its number.
using BatchMaker = std::vector<payfold::NewEvent> (*)(uint64_t number);

// Few events in most batches, more than one block of them in some. Events that
// only the log can read.
std::vector<payfold::NewEvent> CrashBatch(uint64_t number);

// Appends a batch as a client that retries would: what is there already stays.
absl::Status AppendCrashBatch(payfold::EventLog& log, uint64_t number,
                              BatchMaker batch = CrashBatch);

// The number of the last batch in the log, once it was opened again.
// `under_way` is how many batches may have been without an answer.
// Errors: kDataLoss if the log does not hold what it must, or is not sound.
absl::StatusOr<uint64_t> CheckCrashLog(const payfold::EventLog& log, uint64_t acknowledged,
                                       BatchMaker batch = CrashBatch, uint64_t under_way = 1);

}  // namespace payfold_testing

#endif  // TESTS_FAULT_CRASH_HARNESS_H_
