#include "projections/replay/store.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/stored_tables.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

constexpr absl::string_view kFamily = "derived.replays";
constexpr size_t kRowsInChunk = 500;

std::string ReplayKey(absl::string_view id) { return absl::StrCat("r/", id); }
std::string EventsKey(absl::string_view id) { return absl::StrCat("e/", id); }
std::string ChunkPrefix(absl::string_view kind, absl::string_view id) {
  return absl::StrCat(kind, "/", id, "/");
}

absl::Status Damaged(absl::string_view key) {
  return absl::DataLossError(absl::StrCat("what is kept of a replay under ", Quote(key),
                                          " is damaged; start the replay again under another id"));
}

template <typename Message>
absl::Status Parse(absl::string_view key, absl::string_view value, Message* message) {
  if (message->ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return absl::OkStatus();
  }
  return Damaged(key);
}

void Put(rocksdb::ColumnFamilyHandle* family, const std::string& key,
         const google::protobuf::Message& value, rocksdb::WriteBatch* batch) {
  batch->Put(family, key, value.SerializeAsString());
}

// Rows in messages of `Chunk`, each under a key of its own.
template <typename Chunk, typename AddRow>
void PutChunks(rocksdb::ColumnFamilyHandle* family, const std::string& prefix, size_t rows,
               const AddRow& add_row, rocksdb::WriteBatch* batch) {
  for (size_t first = 0; first < rows; first += kRowsInChunk) {
    Chunk chunk;
    for (size_t row = first; row < std::min(rows, first + kRowsInChunk); ++row) {
      add_row(row, &chunk);
    }
    std::string key = prefix;
    PutBig32(&key, static_cast<uint32_t>(first / kRowsInChunk));
    Put(family, key, chunk, batch);
  }
}

// All that `visit` is given, in order of key.
template <typename Chunk, typename Visit>
absl::Status ReadChunks(const StoredEntries& entries, const std::string& prefix,
                        const Visit& visit) {
  std::string end = prefix;
  ++end.back();  // '/', which no id holds.
  return entries.ForEach(prefix, end,
                         [&](absl::string_view key, absl::string_view value) -> absl::Status {
                           Chunk chunk;
                           RETURN_IF_ERROR(Parse(key, value, &chunk));
                           visit(&chunk);
                           return absl::OkStatus();
                         });
}

}  // namespace

absl::StatusOr<rocksdb::ColumnFamilyHandle*> ReplayStore::Family(bool create) const {
  if (!create) {
    const std::vector<std::string> names = log_->ListDerived();
    if (std::find(names.begin(), names.end(), kFamily) == names.end()) return nullptr;
  }
  return log_->OpenDerived(kFamily);
}

absl::Status ReplayStore::Begin(const v1::Replay& replay, const std::vector<v1::Event>& events) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/true));
  v1::GetReplayResponse kept;
  for (const v1::Event& event : events) *kept.add_events() = event;
  rocksdb::WriteBatch batch;
  Put(family, ReplayKey(replay.replay_id()), replay, &batch);
  Put(family, EventsKey(replay.replay_id()), kept, &batch);
  return log_->WriteDerived(&batch, /*sync=*/true);
}

absl::Status ReplayStore::Write(const v1::Replay& replay) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/true));
  rocksdb::WriteBatch batch;
  Put(family, ReplayKey(replay.replay_id()), replay, &batch);
  return log_->WriteDerived(&batch, /*sync=*/true);
}

absl::Status ReplayStore::Finish(const v1::Replay& replay, const Differences& differences,
                                 const Reference& reference) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/true));
  rocksdb::WriteBatch batch;
  Put(family, ReplayKey(replay.replay_id()), replay, &batch);
  PutChunks<v1::ListDifferencesResponse>(
      family, ChunkPrefix("d", replay.replay_id()), differences.rows.size(),
      [&](size_t row, v1::ListDifferencesResponse* chunk) {
        *chunk->add_differences() = ToProto(differences.rows[row], differences, reference);
      },
      &batch);
  PutChunks<v1::ListTrueUpsResponse>(
      family, ChunkPrefix("t", replay.replay_id()), differences.true_ups.size(),
      [&](size_t row, v1::ListTrueUpsResponse* chunk) {
        *chunk->add_true_ups() = differences.true_ups[row];
      },
      &batch);
  return log_->WriteDerived(&batch, /*sync=*/true);
}

absl::StatusOr<std::optional<v1::Replay>> ReplayStore::Find(absl::string_view replay_id) const {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/false));
  if (family == nullptr) return std::nullopt;
  const StoredEntries entries{log_->database(), family, nullptr, nullptr};
  ASSIGN_OR_RETURN(const std::string value, entries.Get(ReplayKey(replay_id)));
  if (value.empty()) return std::nullopt;
  v1::Replay replay;
  RETURN_IF_ERROR(Parse(ReplayKey(replay_id), value, &replay));
  return replay;
}

absl::StatusOr<std::vector<v1::Replay>> ReplayStore::List() const {
  std::vector<v1::Replay> replays;
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/false));
  if (family == nullptr) return replays;
  const StoredEntries entries{log_->database(), family, nullptr, nullptr};
  const auto read = [&](absl::string_view key, absl::string_view value) -> absl::Status {
    return Parse(key, value, &replays.emplace_back());
  };
  RETURN_IF_ERROR(entries.ForEach("r/", "r0", read));
  std::sort(replays.begin(), replays.end(), [](const v1::Replay& a, const v1::Replay& b) {
    return std::make_tuple(a.started_at().seconds(), a.started_at().nanos(), a.replay_id()) <
           std::make_tuple(b.started_at().seconds(), b.started_at().nanos(), b.replay_id());
  });
  return replays;
}

absl::StatusOr<std::vector<v1::Event>> ReplayStore::Events(absl::string_view replay_id) const {
  std::vector<v1::Event> events;
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/false));
  if (family == nullptr) return events;
  const StoredEntries entries{log_->database(), family, nullptr, nullptr};
  ASSIGN_OR_RETURN(const std::string value, entries.Get(EventsKey(replay_id)));
  v1::GetReplayResponse kept;
  RETURN_IF_ERROR(Parse(EventsKey(replay_id), value, &kept));
  events.assign(std::make_move_iterator(kept.mutable_events()->begin()),
                std::make_move_iterator(kept.mutable_events()->end()));
  return events;
}

absl::StatusOr<std::vector<v1::Difference>> ReplayStore::ReadDifferences(
    absl::string_view replay_id) const {
  std::vector<v1::Difference> rows;
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/false));
  if (family == nullptr) return rows;
  RETURN_IF_ERROR(ReadChunks<v1::ListDifferencesResponse>(
      {log_->database(), family, nullptr, nullptr}, ChunkPrefix("d", replay_id),
      [&rows](v1::ListDifferencesResponse* chunk) {
        for (v1::Difference& row : *chunk->mutable_differences()) rows.push_back(std::move(row));
      }));
  return rows;
}

absl::StatusOr<std::vector<v1::TrueUp>> ReplayStore::ReadTrueUps(
    absl::string_view replay_id) const {
  std::vector<v1::TrueUp> rows;
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, Family(/*create=*/false));
  if (family == nullptr) return rows;
  RETURN_IF_ERROR(ReadChunks<v1::ListTrueUpsResponse>(
      {log_->database(), family, nullptr, nullptr}, ChunkPrefix("t", replay_id),
      [&rows](v1::ListTrueUpsResponse* chunk) {
        for (v1::TrueUp& row : *chunk->mutable_true_ups()) rows.push_back(std::move(row));
      }));
  return rows;
}

}  // namespace payfold
