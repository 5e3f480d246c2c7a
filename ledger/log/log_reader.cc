#include "ledger/log/log_reader.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "ledger/log/cursor.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/query_cursor.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

// Bounds what is held of those that are there.
constexpr size_t kLookedUpAtOnce = 256;

}  // namespace

absl::StatusOr<std::optional<KnownEvent>> LogReader::FindEventId(const EventIdKey& key) const {
  rocksdb::PinnableSlice value;
  ASSIGN_OR_RETURN(const bool found, database_->Find(Family::kEventIds, AsBytes(key), &value));
  if (!found) return std::optional<KnownEvent>();
  ASSIGN_OR_RETURN(const KnownEvent known, ParseKnownEvent(ToView(value)));
  return std::make_optional(known);
}

absl::Status LogReader::FindAbsent(Family family, absl::Span<const absl::string_view> keys,
                                   absl::FunctionRef<void(size_t)> visit) const {
  std::vector<rocksdb::Slice> slices;
  std::vector<rocksdb::PinnableSlice> values(std::min(keys.size(), kLookedUpAtOnce));
  std::vector<rocksdb::Status> found(values.size());
  for (size_t begin = 0; begin < keys.size(); begin += slices.size()) {
    const absl::Span<const absl::string_view> some = keys.subspan(begin, kLookedUpAtOnce);
    slices.clear();
    for (absl::string_view key : some) slices.push_back(ToSlice(key));
    database_->rocks()->MultiGet(rocksdb::ReadOptions(), database_->family(family), slices.size(),
                                 slices.data(), values.data(), found.data(),
                                 /*sorted_input=*/true);
    for (size_t i = 0; i < slices.size(); ++i) {
      if (found[i].IsNotFound()) {
        visit(begin + i);
      } else {
        RETURN_IF_ERROR(FromRocks(found[i], absl::StrCat("reading ", FamilyName(family))));
        values[i].Reset();
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<uint32_t>> LogReader::FindNumber(Family family,
                                                              absl::string_view name) const {
  rocksdb::PinnableSlice value;
  ASSIGN_OR_RETURN(const bool found, database_->Find(family, name, &value));
  if (!found) return std::optional<uint32_t>();
  ASSIGN_OR_RETURN(const uint64_t number, ParseNumber(ToView(value)));
  return std::make_optional(static_cast<uint32_t>(number));
}

absl::StatusOr<std::string> LogReader::FindName(Family family, uint32_t number) const {
  const std::unique_ptr<rocksdb::Iterator> runs = database_->NewIterator(family);
  runs->SeekForPrev(MakeNumberKey(number));
  RETURN_IF_ERROR(FromRocks(runs->status(), "reading names"));
  if (!runs->Valid() || runs->key().size() != sizeof(number)) {
    return absl::NotFoundError(absl::StrCat("nothing has the number ", number));
  }
  return FindInNameRun(ToView(runs->value()), number - GetBig32(ToView(runs->key())));
}

absl::StatusOr<uint64_t> LogReader::StreamVersion(uint32_t stream) const {
  const std::unique_ptr<rocksdb::Iterator> events = database_->NewIterator(Family::kStreamEvents);
  const Key8 key = MakeStreamEventKey(stream, std::numeric_limits<uint32_t>::max());
  events->SeekForPrev(ToSlice(AsBytes(key)));
  RETURN_IF_ERROR(FromRocks(events->status(), "reading a stream"));
  if (!events->Valid()) return 0;
  const uint64_t found = GetBig64(ToView(events->key()));
  return found >> 32 == stream ? found & std::numeric_limits<uint32_t>::max() : 0;
}

absl::StatusOr<EventView> LogReader::Get(uint64_t position, EventStorage* storage) const {
  const std::unique_ptr<rocksdb::Iterator> blocks = database_->NewIterator(Family::kBlocks);
  const Key8 key = MakeKey(position);
  blocks->SeekForPrev(ToSlice(AsBytes(key)));
  RETURN_IF_ERROR(FromRocks(blocks->status(), "reading events"));
  if (!blocks->Valid()) return MissingEvents(position, position);
  ASSIGN_OR_RETURN(BlockView block, BlockView::Parse(ToView(blocks->value())));
  EventView event;
  while (block.Next(&event)) {
    if (event.position != position) continue;
    storage->bytes = std::string(event.bytes);
    storage->participants.assign(event.participants.begin(), event.participants.end());
    event.bytes = storage->bytes;
    event.participants = storage->participants;
    return event;
  }
  RETURN_IF_ERROR(block.status());
  return MissingEvents(position, position);
}

absl::StatusOr<uint64_t> LogReader::PositionAtTime(int64_t micros, uint64_t head) const {
  const std::unique_ptr<rocksdb::Iterator> blocks = database_->NewIterator(Family::kBlocks);
  // The last block that begins at that time or before holds the answer. Every
  // probe lands on the block that a position lies in.
  uint64_t low = 0;  // The first position of such a block; 0: none found yet.
  uint64_t high = head;
  while (low < high) {
    const uint64_t middle = low + (high - low + 1) / 2;
    const Key8 key = MakeKey(middle);
    blocks->SeekForPrev(ToSlice(AsBytes(key)));
    RETURN_IF_ERROR(FromRocks(blocks->status(), "reading events"));
    if (!blocks->Valid()) return absl::DataLossError("the log's first block is missing");
    ASSIGN_OR_RETURN(BlockView block, BlockView::Parse(ToView(blocks->value())));
    if (block.last_position() < middle) return MissingEvents(block.last_position() + 1, middle);
    if (block.first_recorded_at_micros() > micros) {
      high = block.first_position() - 1;
      continue;
    }
    EventView event;
    low = block.first_position();
    while (block.Next(&event) && event.position <= head) {
      if (event.recorded_at_micros > micros) return event.position - 1;
      low = event.position;
    }
    RETURN_IF_ERROR(block.status());
  }
  return low;
}

std::unique_ptr<EventCursor> LogReader::Read(const EventQuery& query) const {
  return std::make_unique<QueryCursor>(database_, query);
}

absl::StatusOr<std::vector<Sha256Digest>> LogReader::ReadHashes(int level, uint64_t first,
                                                                uint64_t count) const {
  const bool leaves = level == 0;
  const std::unique_ptr<rocksdb::Iterator> records =
      database_->NewIterator(leaves ? Family::kLeafHashes : Family::kSubtreeRoots);
  std::vector<Sha256Digest> hashes;
  const auto missing = [&] {
    return absl::DataLossError(absl::StrCat("the hash of subtree ", first + hashes.size(),
                                            " of level ", level, " is missing: check the ledger"));
  };
  if (leaves) {
    const Key8 key = MakeKey(first + 1);
    records->SeekForPrev(ToSlice(AsBytes(key)));
  } else {
    records->Seek(MakeSubtreeKey(level, first));
  }
  for (; hashes.size() < count; records->Next()) {
    RETURN_IF_ERROR(FromRocks(records->status(), "reading hashes"));
    if (!records->Valid()) return missing();
    const uint64_t next = first + hashes.size();
    uint64_t begin = 0;  // The first subtree that this record is about.
    if (leaves) {
      begin = GetBig64(ToView(records->key())) - 1;
    } else {
      if (ToView(records->key()) != MakeSubtreeKey(level, next)) return missing();
      begin = next;
    }
    const uint64_t in_record = records->value().size() / sizeof(Sha256Digest);
    if (begin > next || next - begin >= in_record) return missing();
    for (uint64_t i = next - begin; i < in_record && hashes.size() < count; ++i) {
      ASSIGN_OR_RETURN(Sha256Digest hash, FindLeafHash(ToView(records->value()), i));
      hashes.push_back(hash);
    }
  }
  return hashes;
}

absl::StatusOr<Sha256Digest> LogReader::ReadSubtreeRoot(int level, uint64_t index) const {
  const int above = level % kKeptLevels;
  ASSIGN_OR_RETURN(std::vector<Sha256Digest> hashes,
                   ReadHashes(level - above, index << above, uint64_t{1} << above));
  for (size_t width = hashes.size(); width > 1; width /= 2) {
    for (size_t i = 0; i < width / 2; ++i) hashes[i] = HashNode(hashes[2 * i], hashes[2 * i + 1]);
  }
  return hashes[0];
}

}  // namespace payfold
