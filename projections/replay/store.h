// Replays as they are kept: what was asked, how far it came, what came out. In a column
// family of the ledger's database, beside what is derived; unlike that it cannot be
// computed again from the log, but no fact is in it either.
//
//   derived.replays   "r/ID"        v1::Replay, as it was written last
//                     "e/ID"        v1::GetReplayResponse: the events as Ledger::Draft() gave them
//                     "d/ID/N"      v1::ListDifferencesResponse: rows, in order of N (u32
//                     big-endian) "t/ID/N"      v1::ListTrueUpsResponse: likewise
//
// What is written is synced.

#ifndef PROJECTIONS_REPLAY_STORE_H_
#define PROJECTIONS_REPLAY_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/replay/difference.h"
#include "rocksdb/db.h"

namespace payfold {

// Thread-safe; what is written about one replay must be written by one thread at a
// time. The log must outlive it.
class ReplayStore {
 public:
  // Makes nothing: the column family is made by the first Begin().
  explicit ReplayStore(EventLog* log) : log_(log) {}

  // A new replay and its events. Errors: those of EventLog::WriteDerived().
  absl::Status Begin(const v1::Replay& replay, const std::vector<v1::Event>& events);
  // It has ended, without a result.
  absl::Status Write(const v1::Replay& replay);
  // It has ended with one, in one batch.
  absl::Status Finish(const v1::Replay& replay, const Differences& differences,
                      const Reference& reference);

  // None if there is no such replay. Errors: kDataLoss if what is kept is damaged.
  absl::StatusOr<std::optional<v1::Replay>> Find(absl::string_view replay_id) const;
  // By start, then id.
  absl::StatusOr<std::vector<v1::Replay>> List() const;
  absl::StatusOr<std::vector<v1::Event>> Events(absl::string_view replay_id) const;
  absl::StatusOr<std::vector<v1::Difference>> ReadDifferences(absl::string_view replay_id) const;
  absl::StatusOr<std::vector<v1::TrueUp>> ReadTrueUps(absl::string_view replay_id) const;

 private:
  // Null if no replay was ever begun.
  absl::StatusOr<rocksdb::ColumnFamilyHandle*> Family(bool create) const;

  EventLog* const log_;
};

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_STORE_H_
