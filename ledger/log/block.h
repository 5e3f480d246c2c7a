// Blocks: the form in which events are stored, up to kMaxBlockEvents of one
// commit together. BlockBuilder writes one; BlockView reads one without copying
// or allocating per event. The layout is in format.md.

#ifndef LEDGER_LOG_BLOCK_H_
#define LEDGER_LOG_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/log/event.h"

namespace payfold {

inline constexpr size_t kMaxBlockEvents = 256;
// A block is closed once it is this large; only a single event can make it larger.
inline constexpr size_t kMaxBlockBytes = size_t{64} << 10;

// Reads a block. The bytes must outlive it. Not thread-safe; make one per thread.
//
//   ASSIGN_OR_RETURN(BlockView block, BlockView::Parse(bytes));
//   EventView event;
//   while (block.Next(&event)) Use(event);
//   RETURN_IF_ERROR(block.status());
class BlockView {
 public:
  // Reads the header.
  // Errors: kDataLoss if it is damaged; kFailedPrecondition if a newer release
  // wrote it.
  static absl::StatusOr<BlockView> Parse(absl::string_view bytes);

  uint64_t first_position() const { return first_position_; }
  uint64_t last_position() const { return first_position_ + count_ - 1; }
  uint32_t count() const { return count_; }
  int64_t first_recorded_at_micros() const { return first_recorded_at_micros_; }
  int64_t last_recorded_at_micros() const { return last_recorded_at_micros_; }

  // Reads the next event, in order of position; false after the last and on an
  // error. The event's participants are valid until the next call, its bytes as
  // long as the block's.
  bool Next(EventView* event);

  // Starts again at the first event.
  void Rewind();

  // kDataLoss, naming the position, if the block is damaged.
  const absl::Status& status() const { return status_; }

 private:
  BlockView() = default;

  bool ReadSidecar(EventView* event, uint64_t* length);

  absl::string_view events_;  // All events.
  absl::string_view rest_;    // Those not read yet.
  uint64_t first_position_ = 0;
  uint32_t count_ = 0;
  uint32_t read_ = 0;
  int64_t first_recorded_at_micros_ = 0;
  int64_t last_recorded_at_micros_ = 0;
  int64_t recorded_at_micros_ = 0;
  std::vector<uint32_t> participants_;  // Of the last event; its memory is kept.
  absl::Status status_;
};

// Writes a block: Add() events of consecutive positions, then Finish().
class BlockBuilder {
 public:
  // Whether the block cannot take another event of that many stored bytes.
  bool FullFor(size_t bytes) const;
  bool empty() const { return count_ == 0; }
  uint64_t first_position() const { return first_position_; }

  // REQUIRES: positions follow one another, times do not decrease.
  void Add(const EventView& event);

  // The block's bytes; the builder is empty again. REQUIRES: !empty().
  std::string Finish();

 private:
  std::string events_;
  uint32_t count_ = 0;
  uint64_t first_position_ = 0;
  int64_t first_recorded_at_micros_ = 0;
  int64_t last_recorded_at_micros_ = 0;
};

}  // namespace payfold

#endif  // LEDGER_LOG_BLOCK_H_
