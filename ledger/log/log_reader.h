// Reads of the log's database: what the log offers to its readers, and what the
// writer asks for. Takes no lock. Thread-safe. Internal to ledger/log.

#ifndef LEDGER_LOG_LOG_READER_H_
#define LEDGER_LOG_LOG_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/base/sha256.h"
#include "ledger/log/cursor.h"
#include "ledger/log/database.h"
#include "ledger/log/event.h"
#include "ledger/log/format.h"

namespace payfold {

class LogReader {
 public:
  explicit LogReader(const LogDatabase* database) : database_(database) {}

  absl::StatusOr<std::optional<KnownEvent>> FindEventId(const EventIdKey& key) const;

  // Calls `visit` with the index of each key that the family does not have.
  // REQUIRES: the keys are in order.
  absl::Status FindAbsent(Family family, absl::Span<const absl::string_view> keys,
                          absl::FunctionRef<void(size_t)> visit) const;

  // A name's number in kStreams or kParticipants.
  absl::StatusOr<std::optional<uint32_t>> FindNumber(Family family, absl::string_view name) const;

  // A number's name in kStreamNames or kParticipantIds. Errors: kNotFound.
  absl::StatusOr<std::string> FindName(Family family, uint32_t number) const;

  // 0 if the stream has no event.
  absl::StatusOr<uint64_t> StreamVersion(uint32_t stream) const;

  // REQUIRES: the position is within the log. Errors: kDataLoss if it is missing.
  absl::StatusOr<EventView> Get(uint64_t position, EventStorage* storage) const;

  // The last position at or before `head` that was recorded at that time or
  // before, 0 for none.
  absl::StatusOr<uint64_t> PositionAtTime(int64_t micros, uint64_t head) const;

  // REQUIRES: query.last is within the log.
  std::unique_ptr<EventCursor> Read(const EventQuery& query) const;

  // The root of a complete subtree, as SubtreeRoot of merkle_tree.h wants it.
  absl::StatusOr<Sha256Digest> ReadSubtreeRoot(int level, uint64_t index) const;

 private:
  // The hashes of `count` subtrees of a kept level (or leaves) from `first` on.
  absl::StatusOr<std::vector<Sha256Digest>> ReadHashes(int level, uint64_t first,
                                                       uint64_t count) const;

  const LogDatabase* database_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_LOG_READER_H_
