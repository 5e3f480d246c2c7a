// Checks a whole log against itself: reads every event, computes the Merkle tree
// again, and compares all that is kept beside the events with what follows from
// them. Changes nothing.

#ifndef LEDGER_LOG_FSCK_H_
#define LEDGER_LOG_FSCK_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/base/sha256.h"
#include "ledger/log/database.h"
#include "ledger/log/event_log.h"
#include "ledger/log/verdict.h"

namespace payfold {

// The checks, in this order.
inline constexpr absl::string_view kFilesCheck = "files";
inline constexpr absl::string_view kEventsCheck = "events";
inline constexpr absl::string_view kTreeCheck = "tree";
inline constexpr absl::string_view kKeyCheck = "key";
inline constexpr absl::string_view kTreeHeadsCheck = "tree heads";
inline constexpr absl::string_view kOutsideCheck = "outside tree head";  // If one is given.
inline constexpr absl::string_view kIndexesCheck = "indexes";

struct FsckOptions {
  // Called now and then with the check that is made, how much of it is done, and
  // how much there is (bytes of files, positions); checking stops with kCancelled
  // when it gives false. May be null.
  std::function<bool(absl::string_view check, uint64_t done, uint64_t all)> progress;
  // A tree head from outside, a signed note; empty for none.
  std::string outside_tree_head;
  // The key that the ledger must sign with; empty: the one it says it does.
  std::string verifier_key;
  // The log knows no payload. Says whether what stands beside an event (its kind,
  // and these participants) is what its payload says. May be null.
  std::function<absl::Status(const EventView& event,
                             absl::Span<const absl::string_view> participants)>
      check_payload;
};

struct FsckReport {
  uint64_t events = 0;  // Up to here events were read.
  uint64_t blocks = 0;
  uint64_t streams = 0;
  uint64_t participants = 0;
  uint64_t tree_heads = 0;   // Kept ones.
  Sha256Digest root = {};    // Of the tree of so many events.
  std::string verifier_key;  // That the ledger says it signs with.
  Verdict verdict;
};

// Checks the log up to its head, while appends may go on.
//
// It holds: the files of the database are what was written; positions are 1, 2,
// 3, … without a gap; times do not decrease; the envelope in each event's bytes
// says the same as the block; stream versions are 1, 2, 3, … in each stream;
// dense numbers are given in the order of first appearance; the kept hashes are
// those of the stored bytes, and the head record's tree is theirs; every kept
// tree head, and the one from outside, verifies and has the root of its size; the
// indexes by event id, stream, participant and kind have the entries they must
// have and no others.
//
// What does not hold is in the verdict, also what cannot be read.
// Errors: kCancelled; kInvalidArgument if the outside tree head or the key that
// was given is none.
absl::StatusOr<FsckReport> AuditLog(const LogDatabase& database, const FsckOptions& options);

// The same for a log that is not open: looked at as LogDatabase::Inspect() does.
// Errors: also its kNotFound and kUnavailable.
absl::StatusOr<FsckReport> AuditLogAt(const LogDatabase::Options& where,
                                      const FsckOptions& options);

// AuditLog(), and its verdict's status as the error.
absl::StatusOr<FsckReport> CheckLog(const EventLog& log, const FsckOptions& options);

}  // namespace payfold

#endif  // LEDGER_LOG_FSCK_H_
