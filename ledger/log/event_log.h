// The log of one ledger: a totally ordered, append-only sequence of events in a
// RocksDB database of its own, with a Merkle tree over their stored bytes.
//
//   ASSIGN_OR_RETURN(auto log, EventLog::Open(options));
//   ASSIGN_OR_RETURN(AppendResult done, log->Append([&](const LogState& state) {
//     return decide(state, batch);
//   }));
//   auto cursor = log->Read({.first = 1, .kinds = KindBit(3)});
//   while (cursor->Next()) Use(cursor->event());
//   RETURN_IF_ERROR(cursor->status());
//
// Durable: when Append() returns OK, its events survive a power cut; when it
// returns an error, none of them is in the log (after a fault of the disk: see
// Append()). Positions have no gaps, and what was acknowledged never changes.
//
// Thread-safe: any number of threads may append, read, subscribe and prove at
// the same time. Readers take no lock. Cursors and subscriptions belong to one
// thread at a time and must be destroyed before the log.
//
// The layout of keys and values is in format.md.

#ifndef LEDGER_LOG_EVENT_LOG_H_
#define LEDGER_LOG_EVENT_LOG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/clock.h"
#include "ledger/base/sha256.h"
#include "ledger/log/append_result.h"
#include "ledger/log/cursor.h"
#include "ledger/log/event.h"
#include "ledger/log/log_state.h"
#include "ledger/log/subscription.h"
#include "ledger/log/tree_head.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"

namespace payfold {

class DerivedLoad;
class LogDatabase;

struct LogOptions {
  std::string directory;                        // Of the database; the log's alone.
  rocksdb::Env* env = rocksdb::Env::Default();  // Must outlive the log.
  Clock* clock = nullptr;                       // Must outlive the log.
  // Origin of the tree heads and name of the signing key: a URL without a
  // schema, no spaces, no '+' ("payfold.example/acme").
  std::string origin;
  std::string signing_seed;  // The 32 bytes of an Ed25519 private key.
  size_t block_cache_bytes = size_t{64} << 20;
};

class EventLog {
 public:
  // Makes an empty log in a directory that does not exist yet or is empty.
  // Errors: kAlreadyExists if there is a ledger; kFailedPrecondition if the
  // directory holds something else; kInvalidArgument for a bad origin or seed.
  static absl::StatusOr<std::unique_ptr<EventLog>> Create(const LogOptions& options);

  // Opens a log, in a time that does not depend on its size.
  // Errors: kNotFound if the directory does not hold a log (nothing is changed);
  // kUnavailable if it is in use, by this process or another;
  // kFailedPrecondition if it was written with another origin or key or by a
  // newer release; kDataLoss if it is damaged.
  static absl::StatusOr<std::unique_ptr<EventLog>> Open(const LogOptions& options);

  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Runs `decide` in the writer and appends what it decided as new, whole or
  // not at all; waits until that is on disk. Batches that wait at the same time
  // are synced together; one that fails disturbs no other.
  //
  // Errors: that of `decide`; kAborted if a stream's version is not the expected
  // one; kAlreadyExists if an event decided as new has an id that is known;
  // kInvalidArgument if an event breaks a rule of NewEvent or is larger than
  // kMaxEventBytes, or the batch than kMaxBatchBytes; kResourceExhausted if more
  // than kMaxQueuedBatches wait, or the disk is full; kUnavailable if the disk
  // fails. After such a fault the log reads but writes nothing until it is opened
  // again, and only then is it known whether the batch is in it: append it again,
  // its event ids make that safe.
  absl::StatusOr<AppendResult> Append(const Decide& decide);

  // As Append(), but queues the batch and returns; batches are appended in the
  // order of the calls. `done` gets the answer, after durability, in that order
  // too, on the thread that commits (or at once, in this one, if too many wait).
  // It holds up every other append: it must be quick, and must not wait for the
  // log. What is queued when the log is destroyed is appended and answered first.
  using Done = std::function<void(absl::StatusOr<AppendResult>)>;
  void AppendAsync(Decide decide, Done done);

  // Do all that the appends would, and say what they would, but write nothing.
  absl::StatusOr<AppendResult> Check(const Decide& decide);
  void CheckAsync(Decide decide, Done done);

  // The last position; 0 in an empty log.
  uint64_t head() const;

  // OK, or the write that failed, since which nothing is appended and only the next open
  // says what is in the log.
  absl::Status WriteStatus() const;

  // The events that match, one after the other. Beyond-the-head positions and
  // unknown numbers match nothing. What is appended later is not seen.
  std::unique_ptr<EventCursor> Read(const EventQuery& query) const;

  // Whole blocks that hold any of the positions `first` to `last`, in order.
  std::unique_ptr<BlockCursor> ReadBlocks(uint64_t first, uint64_t last) const;

  // The event at a position, its bytes and participants copied into `storage`.
  // Errors: kNotFound beyond the head; kDataLoss.
  absl::StatusOr<EventView> Get(uint64_t position, EventStorage* storage) const;

  // The last position that was recorded at that time or before; 0 if none was.
  absl::StatusOr<uint64_t> PositionAtTime(int64_t micros) const;

  absl::StatusOr<std::optional<KnownEvent>> FindEventId(absl::string_view event_id) const;

  // Dense numbers: 0, 1, 2, … in the order in which streams, and participants,
  // first appear in the log. A name's number never changes, in a rebuilt log
  // neither. Errors of the names: kNotFound if the number is not given yet.
  absl::StatusOr<uint32_t> stream_count() const;
  absl::StatusOr<uint32_t> participant_count() const;
  absl::StatusOr<std::optional<uint32_t>> FindStream(absl::string_view stream) const;
  absl::StatusOr<std::optional<uint32_t>> FindParticipant(absl::string_view id) const;
  absl::StatusOr<std::string> StreamName(uint32_t stream) const;
  absl::StatusOr<std::string> ParticipantId(uint32_t participant) const;

  // All that comes after the position `after` (0: from the beginning), history
  // first, then what is appended.
  std::unique_ptr<Subscription> Subscribe(uint64_t after) const;

  // Signs the tree as it is now and keeps the tree head, on disk, before giving
  // it. For one size the same tree head is given for ever.
  absl::StatusOr<TreeHead> SignTreeHead();

  // The kept tree heads, smallest first, of a size in [first_size, last_size];
  // at most `limit`.
  absl::StatusOr<std::vector<TreeHead>> ListTreeHeads(uint64_t first_size, uint64_t last_size,
                                                      size_t limit) const;

  // The key that verifies the tree heads, in the C2SP signed-note text form.
  const std::string& verifier_key() const;

  // Proofs of RFC 6962, in the order its verifiers take them. Leaf i is the
  // event at position i + 1. Errors: kInvalidArgument unless the position is
  // within the size, the sizes are in order, and the size is within the head.
  absl::StatusOr<Sha256Digest> RootAt(uint64_t size) const;
  absl::StatusOr<std::vector<Sha256Digest>> InclusionProof(uint64_t position, uint64_t size) const;
  absl::StatusOr<std::vector<Sha256Digest>> ConsistencyProof(uint64_t old_size,
                                                             uint64_t new_size) const;

  // The database, for what is derived from the log and kept beside it (the
  // projections): column families whose names begin with kDerivedPrefix are
  // theirs. They are opened with the log. Read them through database(); write
  // them with WriteDerived() only, in one batch what belongs together, or, what is
  // empty, with LoadDerived(). OpenDerived() makes the family if it is not there.
  // Errors: kInvalidArgument for another name; of writes as Append().
  rocksdb::DB* database() const;
  absl::StatusOr<rocksdb::ColumnFamilyHandle*> OpenDerived(absl::string_view name);
  absl::Status WriteDerived(rocksdb::WriteBatch* batch, bool sync);
  std::unique_ptr<DerivedLoad> LoadDerived(rocksdb::ColumnFamilyHandle* family);
  absl::Status DropDerived(absl::string_view name);
  std::vector<std::string> ListDerived() const;

  // The records as they are stored, for CheckLog().
  const LogDatabase& records() const;

 private:
  struct Parts;
  explicit EventLog(std::unique_ptr<Parts> parts);
  static absl::StatusOr<std::unique_ptr<EventLog>> Start(const LogOptions& options, bool create);

  std::unique_ptr<Parts> parts_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_EVENT_LOG_H_
