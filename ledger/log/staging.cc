#include "ledger/log/staging.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/log/block.h"
#include "ledger/log/envelope.h"

namespace payfold {
namespace {

// Removes the elements from `begin` on and gives them.
std::vector<std::string> CutTail(std::vector<std::string>* names, size_t begin) {
  const auto first = names->begin() + static_cast<std::ptrdiff_t>(begin);
  std::vector<std::string> tail(std::make_move_iterator(first),
                                std::make_move_iterator(names->end()));
  names->erase(first, names->end());
  return tail;
}

// Writes the events of a group as blocks, with the records that go with a block.
class BlockWriter {
 public:
  BlockWriter(const LogDatabase& database, rocksdb::WriteBatch* batch)
      : database_(database), batch_(batch) {}

  void Add(const EventView& event, const Sha256Digest& leaf) {
    if (block_.FullFor(event.bytes.size())) Finish();
    block_.Add(event);
    leaves_.append(AsBytes(leaf).data(), leaf.size());
    kinds_ |= KindBit(event.kind);
    participants_.insert(participants_.end(), event.participants.begin(), event.participants.end());
  }

  void Finish() {
    if (block_.empty()) return;
    const uint64_t first = block_.first_position();
    const Key8 key = MakeKey(first);
    Put(Family::kBlocks, AsBytes(key), block_.Finish());
    Put(Family::kLeafHashes, AsBytes(key), leaves_);
    for (uint32_t kind = 1; kind <= kMaxKind; ++kind) {
      if ((kinds_ & KindBit(kind)) != 0) PutPosting(Family::kKindBlocks, kind, first);
    }
    std::sort(participants_.begin(), participants_.end());
    participants_.erase(std::unique(participants_.begin(), participants_.end()),
                        participants_.end());
    for (uint32_t participant : participants_) {
      PutPosting(Family::kParticipantBlocks, participant, first);
    }
    leaves_.clear();
    kinds_ = 0;
    participants_.clear();
  }

 private:
  void Put(Family family, absl::string_view key, absl::string_view value) {
    batch_->Put(database_.family(family), ToSlice(key), ToSlice(value));
  }
  void PutPosting(Family family, uint32_t term, uint64_t first) {
    const Key12 key = MakePostingKey(term, first);
    Put(family, AsBytes(key), "");
  }

  const LogDatabase& database_;
  rocksdb::WriteBatch* batch_;
  BlockBuilder block_;
  std::string leaves_;
  uint64_t kinds_ = 0;
  std::vector<uint32_t> participants_;
};

// Writes names that get the numbers from `first` on, in both directions.
void WriteNames(const LogDatabase& database, const std::vector<std::string>& names, uint32_t first,
                Family numbers_family, Family names_family, rocksdb::WriteBatch* batch) {
  if (names.empty()) return;
  std::string run;
  uint32_t number = first;
  for (const std::string& name : names) {
    batch->Put(database.family(numbers_family), name, EncodeNumber(number++));
    AppendToNameRun(&run, name);
  }
  batch->Put(database.family(names_family), MakeNumberKey(first), run);
}

}  // namespace

void Staging::Reset(const LogHead& committed) {
  committed_ = committed;
  events_.clear();
  bytes_.clear();
  participants_.clear();
  new_streams_.clear();
  new_participants_.clear();
  ids_.clear();
}

uint32_t Staging::AddStream(absl::string_view name) {
  new_streams_.emplace_back(name);
  return committed_.streams + static_cast<uint32_t>(new_streams_.size() - 1);
}

uint32_t Staging::AddParticipant(absl::string_view id) {
  new_participants_.emplace_back(id);
  return committed_.participants + static_cast<uint32_t>(new_participants_.size() - 1);
}

void Staging::Add(const NewEvent& event, const Place& place,
                  absl::Span<const uint32_t> participants) {
  AppendEnvelope(&bytes_, last_position() + 1, place.recorded_at_micros, place.stream_version);
  bytes_.append(event.body);
  participants_.insert(participants_.end(), participants.begin(), participants.end());
  ids_.emplace(place.id, events_.size());
  events_.push_back({.id = place.id,
                     .content_digest = event.content_digest,
                     .recorded_at_micros = place.recorded_at_micros,
                     .kind = event.kind,
                     .stream = place.stream,
                     .stream_version = place.stream_version,
                     .bytes_end = bytes_.size(),
                     .participants_end = participants_.size(),
                     .new_streams_end = new_streams_.size(),
                     .new_participants_end = new_participants_.size()});
}

EventView Staging::View(size_t index) const {
  CHECK(index < events_.size());
  const Event& event = events_[index];
  const size_t bytes_begin = index == 0 ? 0 : events_[index - 1].bytes_end;
  const size_t participants_begin = index == 0 ? 0 : events_[index - 1].participants_end;
  return {
      .position = committed_.position() + index + 1,
      .recorded_at_micros = event.recorded_at_micros,
      .kind = event.kind,
      .stream = event.stream,
      .stream_version = event.stream_version,
      .participants = absl::MakeConstSpan(participants_)
                          .subspan(participants_begin, event.participants_end - participants_begin),
      .bytes = absl::string_view(bytes_).substr(bytes_begin, event.bytes_end - bytes_begin)};
}

std::optional<KnownEvent> Staging::Find(const EventIdKey& id) const {
  auto found = ids_.find(id);
  if (found == ids_.end()) return std::nullopt;
  return KnownEvent{.position = committed_.position() + found->second + 1,
                    .content_digest = events_[found->second].content_digest};
}

Staging::LostNames Staging::RemoveLast() {
  CHECK(!events_.empty());
  ids_.erase(events_.back().id);
  events_.pop_back();
  const bool none = events_.empty();
  bytes_.resize(none ? 0 : events_.back().bytes_end);
  participants_.resize(none ? 0 : events_.back().participants_end);
  return {
      .streams = CutTail(&new_streams_, none ? 0 : events_.back().new_streams_end),
      .participants = CutTail(&new_participants_, none ? 0 : events_.back().new_participants_end)};
}

LogHead Staging::Write(const LogDatabase& database, rocksdb::WriteBatch* batch) const {
  LogHead head = committed_;
  BlockWriter blocks(database, batch);
  for (size_t i = 0; i < events_.size(); ++i) {
    const EventView event = View(i);
    const Sha256Digest leaf = HashLeaf(event.bytes);
    blocks.Add(event, leaf);
    head.tree.Append(leaf, [&](int level, uint64_t index, const Sha256Digest& root) {
      if (level % kKeptLevels != 0) return;
      batch->Put(database.family(Family::kSubtreeRoots), MakeSubtreeKey(level, index),
                 ToSlice(AsBytes(root)));
    });
    batch->Put(database.family(Family::kEventIds), ToSlice(AsBytes(events_[i].id)),
               EncodeKnownEvent({event.position, events_[i].content_digest}));
    const Key8 key = MakeStreamEventKey(event.stream, events_[i].stream_version);
    batch->Put(database.family(Family::kStreamEvents), ToSlice(AsBytes(key)),
               EncodeNumber(event.position));
  }
  blocks.Finish();
  WriteNames(database, new_streams_, committed_.streams, Family::kStreams, Family::kStreamNames,
             batch);
  WriteNames(database, new_participants_, committed_.participants, Family::kParticipants,
             Family::kParticipantIds, batch);
  head.last_recorded_at_micros = last_recorded_at_micros();
  head.streams += static_cast<uint32_t>(new_streams_.size());
  head.participants += static_cast<uint32_t>(new_participants_.size());
  batch->Put(database.family(Family::kMeta), ToSlice(kHeadKey), EncodeHead(head));
  return head;
}

}  // namespace payfold
