// Reading the log: a cursor over events that match a query, and one over whole
// blocks. Both see the log as it was when they were made, take no lock, and
// belong to one thread at a time. They must be destroyed before the log.

#ifndef LEDGER_LOG_CURSOR_H_
#define LEDGER_LOG_CURSOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "ledger/log/block.h"
#include "ledger/log/event.h"
#include "rocksdb/iterator.h"

namespace payfold {

// Owns what an EventView that was copied out of the log points to.
struct EventStorage {
  std::string bytes;
  std::vector<uint32_t> participants;
};

class EventCursor {
 public:
  virtual ~EventCursor() = default;

  // Goes to the next event that matches; false at the end and on an error.
  virtual bool Next() = 0;

  // The event; valid until the next call of Next(). REQUIRES: Next() was true.
  virtual const EventView& event() const = 0;

  // OK at the end. kDataLoss, naming the position, if the log is damaged.
  virtual absl::Status status() const = 0;
};

// kDataLoss: positions that the log holds cannot be found.
absl::Status MissingEvents(uint64_t first, uint64_t last);

// Whether blocks follow one another. An iterator of RocksDB (7.8) leaves out a table that
// it cannot open, and says nothing.
class BlockOrder {
 public:
  // Blocks will come that hold all positions from `first` to `last`, in this direction.
  BlockOrder(uint64_t first, uint64_t last, bool backward)
      : first_(first), last_(last), backward_(backward) {}

  // The next block. Errors: kDataLoss, naming the positions that are missing before it,
  // or if it cannot be read.
  absl::Status Add(absl::string_view block);
  // There are no more. Errors: kDataLoss, naming the positions that did not come.
  absl::Status End() const;
  // All positions have come.
  bool done() const { return first_ > last_; }

 private:
  // Those that are still to come.
  uint64_t first_;
  uint64_t last_;
  bool backward_;
};

// Blocks, undecoded, so that they can be decoded elsewhere (BlockView::Parse).
class BlockCursor {
 public:
  // REQUIRES: the log holds all positions up to `last`.
  BlockCursor(std::unique_ptr<rocksdb::Iterator> iterator, uint64_t first, uint64_t last);

  // Goes to the next block; false at the end and on an error.
  bool Next();

  // The block's bytes; valid until the next call of Next(). Its first event may
  // lie before `first` and its last after `last`: a block is given whole.
  absl::string_view bytes() const;
  uint64_t first_position() const { return first_position_; }

  // OK at the end. kDataLoss, naming the positions, if any are missing.
  const absl::Status& status() const { return status_; }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
  const uint64_t first_;
  BlockOrder order_;
  uint64_t first_position_ = 0;
  bool started_ = false;
  absl::Status status_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_CURSOR_H_
