// The cursor of EventLog::Read(): chooses the narrowest index for a query, walks
// its blocks in the direction wanted, and filters their events.
// Internal to ledger/log.

#ifndef LEDGER_LOG_QUERY_CURSOR_H_
#define LEDGER_LOG_QUERY_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/cursor.h"
#include "ledger/log/database.h"
#include "ledger/log/event.h"

namespace payfold {

// Gives blocks that may hold events of a query, each once, in the query's
// direction: ever higher or ever lower.
class BlockSource {
 public:
  virtual ~BlockSource() = default;

  // The next block's bytes, valid until the next call; empty when there are no
  // more. Blocks that hold nothing between `first` and `last` may be given.
  virtual absl::StatusOr<absl::string_view> Next() = 0;
};

// REQUIRES: query.first <= query.last, which is within the log.
std::unique_ptr<BlockSource> MakeBlockSource(const LogDatabase* database, const EventQuery& query);

class QueryCursor final : public EventCursor {
 public:
  QueryCursor(const LogDatabase* database, const EventQuery& query);

  bool Next() override;
  const EventView& event() const override { return events_[current_]; }
  absl::Status status() const override { return status_; }

 private:
  // Decodes the events of the next block that match. False at the end.
  absl::StatusOr<bool> LoadBlock();
  bool Matches(const EventView& event) const;

  EventQuery query_;
  std::unique_ptr<BlockSource> source_;  // None when nothing can match.
  std::vector<EventView> events_;        // Of the block, in the query's direction.
  std::vector<uint32_t> participants_;   // Of all of them.
  size_t current_ = 0;
  bool started_ = false;
  absl::Status status_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_QUERY_CURSOR_H_
