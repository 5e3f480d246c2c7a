// The records of the database that a group of events becomes. Internal to
// ledger/log.

#ifndef LEDGER_LOG_GROUP_RECORDS_H_
#define LEDGER_LOG_GROUP_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/event.h"
#include "ledger/log/format.h"
#include "ledger/log/log_state.h"
#include "rocksdb/write_batch.h"

namespace payfold {

// Add() the events in order, then Finish().
class GroupRecords {
 public:
  // `head` is the end of the log that the group is appended to, `bytes` what its
  // records may come to.
  GroupRecords(const LogDatabase& database, LogHead head, size_t bytes = 0);

  // The next event: hashes it and puts it in a block.
  void Add(const EventView& event, const EventIdKey& id, const ContentDigest& digest);

  struct NewNames {
    absl::Span<const std::string> streams;
    absl::Span<const std::string> participants;
  };
  // Gives the records and the new head. Comes last.
  std::pair<rocksdb::WriteBatch, LogHead> Finish(const NewNames& names);

 private:
  void Put(Family family, absl::string_view key, absl::string_view value);
  void FinishBlock();
  // Each in order of its keys: neighbours are found, and written, faster.
  void WriteIndexes();

  const LogDatabase* database_;
  LogHead head_;
  rocksdb::WriteBatch batch_;
  BlockBuilder block_;
  // Of the block.
  std::string leaves_;
  uint64_t kinds_ = 0;
  std::vector<uint32_t> participants_;
  // Of the group.
  std::vector<std::pair<uint64_t, uint64_t>> stream_events_;  // Stream and version; position.
  std::vector<std::pair<uint32_t, uint64_t>> kind_blocks_;    // And the block's first position.
  std::vector<std::pair<uint32_t, uint64_t>> participant_blocks_;  // The same.
};

}  // namespace payfold

#endif  // LEDGER_LOG_GROUP_RECORDS_H_
