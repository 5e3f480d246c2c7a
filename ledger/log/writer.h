// The single writer of a log: stages batches one after the other, each decided
// on the state that the ones before it leave, and makes of all that is staged
// one synced RocksDB batch. While that is written, it stages what comes next, on
// the state that the write will leave. Internal to ledger/log.
//
// Not thread-safe, but for Write(): GroupCommit sees to it that one thread at a
// time uses it.

#ifndef LEDGER_LOG_WRITER_H_
#define LEDGER_LOG_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/base/clock.h"
#include "ledger/log/append_result.h"
#include "ledger/log/database.h"
#include "ledger/log/format.h"
#include "ledger/log/group_records.h"
#include "ledger/log/log_reader.h"
#include "ledger/log/log_state.h"
#include "ledger/log/number_cache.h"
#include "ledger/log/staging.h"
#include "rocksdb/write_batch.h"

namespace payfold {

class LogWriter final : public LogState {
 public:
  // `database` and `clock` must outlive the writer.
  LogWriter(LogDatabase* database, Clock* clock, LogHead head);

  // Stages a batch. On an error, and unless it is to be kept, nothing of it is
  // staged afterwards.
  absl::StatusOr<AppendResult> Stage(const Decide& decide, bool keep);

  size_t staged_bytes() const { return staging_.bytes(); }

  // A group that was staged; empty if it was refused whole.
  struct Closed {
    rocksdb::WriteBatch records;
    uint64_t position = 0;  // The last one, once it is written.
  };

  // Ends the group that is staged. REQUIRES: the one before it was written.
  Closed Close();

  // Writes a group and syncs it. Another thread may stage the next one meanwhile.
  absl::Status Write(Closed* group) const;

  // After a write that failed: forgets all that is not committed.
  void Reset();

  uint64_t Head() const override { return staging_.last_position(); }
  int64_t NowMicros() const override { return now_micros_; }
  absl::Status Expect(absl::Span<const absl::string_view> event_ids,
                      absl::Span<const absl::string_view> streams) const override;
  absl::StatusOr<std::optional<KnownEvent>> FindEventId(absl::string_view event_id) const override;
  absl::StatusOr<uint64_t> StreamVersion(absl::string_view stream) const override;
  absl::Status ReadStream(absl::string_view stream,
                          absl::FunctionRef<absl::Status(const EventView&)> visit) const override;
  absl::StatusOr<EventView> Get(uint64_t position) const override;
  absl::StatusOr<bool> HasParticipant(absl::string_view participant_id) const override;

 private:
  struct StreamState {
    uint32_t number;
    uint32_t version;
  };

  absl::StatusOr<AppendedEvent> StageEvent(const NewEvent& event);
  struct LookedUp {
    EventIdKey key;
    std::optional<KnownEvent> known;
  };
  absl::StatusOr<LookedUp> LookUp(absl::string_view event_id) const;
  absl::StatusOr<EventIdKey> ClaimEventId(absl::string_view event_id) const;
  absl::Status ExpectEventIds(absl::Span<const absl::string_view> event_ids) const;
  absl::Status ExpectStreams(absl::Span<const absl::string_view> streams) const;
  absl::StatusOr<AppendedEvent> FindDuplicate(uint64_t position) const;
  // Null if there is no such stream or participant.
  absl::StatusOr<StreamState*> FindStream(absl::string_view stream) const;
  absl::StatusOr<uint32_t*> FindParticipant(absl::string_view participant_id) const;
  // Takes back the last `count` staged events: the first new ones of `decisions`.
  void Unstage(absl::Span<const Decision> decisions, size_t count);

  // A staged event. REQUIRES: the position is staged and not known to be written.
  EventView Staged(uint64_t position) const;
  std::optional<KnownEvent> FindStaged(const EventIdKey& key) const;

  LogDatabase* database_;
  LogReader reader_;
  Clock* clock_;
  LogHead head_;         // As committed, as far as is known.
  LogHead closed_head_;  // Once the last closed group is written.
  Staging closed_;       // That group, or empty.
  Staging staging_;
  GroupRecords records_;  // Of what is staged.
  int64_t now_micros_ = 0;
  // Ids, and streams, that the batch asked for and that are not in the database.
  mutable absl::flat_hash_map<std::string, EventIdKey> absent_;
  mutable absl::flat_hash_set<std::string> absent_streams_;
  mutable NumberCache<StreamState> streams_;
  mutable NumberCache<uint32_t> participants_;
  mutable EventStorage storage_;  // What Get() gave last.
};

}  // namespace payfold

#endif  // LEDGER_LOG_WRITER_H_
