// Checks a whole log against itself: reads every event, computes the Merkle tree
// again, and compares all that is kept beside the events with what follows from
// them. Changes nothing.

#ifndef LEDGER_LOG_FSCK_H_
#define LEDGER_LOG_FSCK_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/sha256.h"
#include "ledger/log/event_log.h"

namespace payfold {

struct FsckOptions {
  // Called now and then with the last position checked and the head; checking
  // stops with kCancelled when it gives false.
  std::function<bool(uint64_t done, uint64_t head)> progress;
  // A tree head from outside, a signed note; empty for none.
  absl::string_view outside_tree_head;
};

struct FsckReport {
  uint64_t events = 0;
  uint64_t blocks = 0;
  uint64_t streams = 0;
  uint64_t participants = 0;
  uint64_t tree_heads = 0;  // Kept ones that were checked.
  Sha256Digest root = {};
};

// Checks the log up to its head, while appends may go on.
//
// It holds: positions are 1, 2, 3, … without a gap; times do not decrease; the
// envelope in each event's bytes says the same as the block; stream versions are
// 1, 2, 3, … in each stream; dense numbers are given in the order of first
// appearance; the indexes by event id, stream, participant and kind have the
// entries they must have and no others; the kept hashes are those of the stored
// bytes; every kept tree head verifies and has the root of its size.
//
// Errors: kDataLoss, naming the first position that does not hold and what does
// not; kInvalidArgument for a bad outside tree head.
absl::StatusOr<FsckReport> CheckLog(const EventLog& log, const FsckOptions& options);

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_H_
