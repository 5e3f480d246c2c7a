#include "ledger/log/query_cursor.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "ledger/log/cursor.h"
#include "ledger/log/format.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

// Merging the indexes of more kinds than this is slower than reading all blocks.
constexpr int kMaxMergedKinds = 8;

void Step(rocksdb::Iterator* iterator, bool backward) {
  if (backward) {
    iterator->Prev();
  } else {
    iterator->Next();
  }
}

// All blocks between two positions.
class AllBlocks final : public BlockSource {
 public:
  AllBlocks(const LogDatabase* database, const EventQuery& query)
      : iterator_(database->NewIterator(Family::kBlocks)),
        query_(query),
        order_(query.first, query.last, query.backward) {}

  absl::StatusOr<absl::string_view> Next() override {
    if (order_.done()) return absl::string_view();
    if (started_) {
      Step(iterator_.get(), query_.backward);
    } else {
      started_ = true;
      const Key8 key = MakeKey(query_.backward ? query_.last : query_.first);
      iterator_->SeekForPrev(ToSlice(AsBytes(key)));
    }
    RETURN_IF_ERROR(FromRocks(iterator_->status(), "reading events"));
    if (!iterator_->Valid()) {
      RETURN_IF_ERROR(order_.End());
      return absl::string_view();
    }
    RETURN_IF_ERROR(order_.Add(ToView(iterator_->value())));
    return ToView(iterator_->value());
  }

 private:
  std::unique_ptr<rocksdb::Iterator> iterator_;
  EventQuery query_;
  BlockOrder order_;
  bool started_ = false;
};

// The postings of one term (a participant or a kind): the first positions of
// the blocks that hold it, in the query's direction.
class Postings {
 public:
  Postings(const LogDatabase* database, Family family, uint32_t term, const EventQuery& query)
      : iterator_(database->NewIterator(family)), term_(term), backward_(query.backward) {
    const Key12 key = MakePostingKey(term, backward_ ? query.last : query.first);
    iterator_->SeekForPrev(ToSlice(AsBytes(key)));
    // Forward: the block before `first` may reach beyond it; if there is none,
    // the term's first block is the next entry.
    if (!backward_ && !OfTerm()) iterator_->Seek(ToSlice(AsBytes(key)));
  }

  // The posting, or none at the end.
  std::optional<uint64_t> Current() const {
    if (!OfTerm()) return std::nullopt;
    return GetBig64(ToView(iterator_->key()).substr(sizeof(term_)));
  }
  void Advance() { Step(iterator_.get(), backward_); }
  absl::Status status() const { return FromRocks(iterator_->status(), "reading an index"); }

 private:
  bool OfTerm() const {
    return iterator_->Valid() && iterator_->key().size() == sizeof(Key12) &&
           GetBig32(ToView(iterator_->key())) == term_;
  }

  std::unique_ptr<rocksdb::Iterator> iterator_;
  uint32_t term_;
  bool backward_;
};

// The blocks that hold any of some terms.
class PostedBlocks final : public BlockSource {
 public:
  PostedBlocks(const LogDatabase* database, Family family, const std::vector<uint32_t>& terms,
               const EventQuery& query)
      : database_(database), query_(query) {
    for (uint32_t term : terms) postings_.emplace_back(database, family, term, query);
  }

  absl::StatusOr<absl::string_view> Next() override {
    std::optional<uint64_t> next;
    for (const Postings& posting : postings_) {
      RETURN_IF_ERROR(posting.status());
      const std::optional<uint64_t> first = posting.Current();
      if (first && (!next || (query_.backward ? *first > *next : *first < *next))) next = first;
    }
    if (done_ || !next || (!query_.backward && *next > query_.last)) return absl::string_view();
    for (Postings& posting : postings_) {
      if (posting.Current() == next) posting.Advance();
    }
    done_ = query_.backward && *next <= query_.first;
    value_.Reset();
    const Key8 key = MakeKey(*next);
    ASSIGN_OR_RETURN(const bool found, database_->Find(Family::kBlocks, AsBytes(key), &value_));
    if (!found) return absl::DataLossError("an index names a block that is missing");
    return ToView(value_);
  }

 private:
  const LogDatabase* database_;
  EventQuery query_;
  std::vector<Postings> postings_;
  rocksdb::PinnableSlice value_;
  bool done_ = false;
};

// The blocks that hold the events of one stream.
class StreamBlocks final : public BlockSource {
 public:
  StreamBlocks(const LogDatabase* database, const EventQuery& query)
      : events_(database->NewIterator(Family::kStreamEvents)),
        blocks_(database->NewIterator(Family::kBlocks)),
        query_(query) {
    const Key8 key = MakeStreamEventKey(*query.stream, query.backward ? ~uint32_t{0} : 0);
    if (query.backward) {
      events_->SeekForPrev(ToSlice(AsBytes(key)));
    } else {
      events_->Seek(ToSlice(AsBytes(key)));
    }
  }

  absl::StatusOr<absl::string_view> Next() override {
    for (; events_->Valid(); Step(events_.get(), query_.backward)) {
      if (GetBig32(ToView(events_->key())) != *query_.stream) break;
      ASSIGN_OR_RETURN(const uint64_t position, ParseNumber(ToView(events_->value())));
      const bool before = position < query_.first;
      const bool after = position > query_.last;
      if (query_.backward ? before : after) break;
      if (before || after || (position >= low_ && position <= high_)) continue;
      const Key8 key = MakeKey(position);
      blocks_->SeekForPrev(ToSlice(AsBytes(key)));
      RETURN_IF_ERROR(FromRocks(blocks_->status(), "reading events"));
      if (!blocks_->Valid()) return absl::DataLossError("a stream's block is missing");
      ASSIGN_OR_RETURN(const BlockView block, BlockView::Parse(ToView(blocks_->value())));
      low_ = block.first_position();
      high_ = block.last_position();
      if (position > high_) return MissingEvents(position, position);
      return ToView(blocks_->value());
    }
    RETURN_IF_ERROR(FromRocks(events_->status(), "reading a stream"));
    return absl::string_view();
  }

 private:
  std::unique_ptr<rocksdb::Iterator> events_;
  std::unique_ptr<rocksdb::Iterator> blocks_;
  EventQuery query_;
  uint64_t low_ = 1;  // The positions of the block given last.
  uint64_t high_ = 0;
};

}  // namespace

std::unique_ptr<BlockSource> MakeBlockSource(const LogDatabase* database, const EventQuery& query) {
  if (query.stream) return std::make_unique<StreamBlocks>(database, query);
  if (query.participant) {
    return std::make_unique<PostedBlocks>(database, Family::kParticipantBlocks,
                                          std::vector<uint32_t>{*query.participant}, query);
  }
  if (std::popcount(query.kinds) > kMaxMergedKinds) {
    return std::make_unique<AllBlocks>(database, query);
  }
  std::vector<uint32_t> kinds;
  for (uint32_t kind = 0; kind <= kMaxKind; ++kind) {
    if ((query.kinds & KindBit(kind)) != 0) kinds.push_back(kind);
  }
  return std::make_unique<PostedBlocks>(database, Family::kKindBlocks, kinds, query);
}

QueryCursor::QueryCursor(const LogDatabase* database, const EventQuery& query) : query_(query) {
  if (query_.first == 0) query_.first = 1;
  if (query_.first <= query_.last) source_ = MakeBlockSource(database, query_);
}

bool QueryCursor::Matches(const EventView& event) const {
  if (event.position < query_.first || event.position > query_.last) return false;
  if (event.kind > kMaxKind || (query_.kinds & KindBit(event.kind)) == 0) return false;
  if (query_.stream && event.stream != *query_.stream) return false;
  return !query_.participant || std::find(event.participants.begin(), event.participants.end(),
                                          *query_.participant) != event.participants.end();
}

absl::StatusOr<bool> QueryCursor::LoadBlock() {
  ASSIGN_OR_RETURN(const absl::string_view bytes, source_->Next());
  if (bytes.empty()) return false;
  ASSIGN_OR_RETURN(BlockView block, BlockView::Parse(bytes));
  events_.clear();
  participants_.clear();
  EventView event;
  while (block.Next(&event)) {
    if (!Matches(event)) continue;
    participants_.insert(participants_.end(), event.participants.begin(), event.participants.end());
    events_.push_back(event);
  }
  RETURN_IF_ERROR(block.status());
  // Only now does the vector stay where it is.
  size_t begin = 0;
  for (EventView& loaded : events_) {
    loaded.participants =
        absl::MakeConstSpan(participants_).subspan(begin, loaded.participants.size());
    begin += loaded.participants.size();
  }
  if (query_.backward) std::reverse(events_.begin(), events_.end());
  return true;
}

bool QueryCursor::Next() {
  if (started_ && current_ + 1 < events_.size()) {
    ++current_;
    return true;
  }
  started_ = true;
  current_ = 0;
  events_.clear();
  while (source_ != nullptr && events_.empty()) {
    absl::StatusOr<bool> more = LoadBlock();
    if (!more.ok()) {
      status_ = more.status();
      events_.clear();
    }
    if (!more.ok() || !*more) source_ = nullptr;
  }
  return !events_.empty();
}

}  // namespace payfold
