#include "ledger/log/group_records.h"

#include <algorithm>

#include "ledger/log/merkle_tree.h"

namespace payfold {

GroupRecords::GroupRecords(const LogDatabase& database, LogHead head, size_t bytes)
    : database_(&database), head_(std::move(head)), batch_(bytes) {}

void GroupRecords::Add(const EventView& event, const EventIdKey& id, const ContentDigest& digest) {
  if (block_.FullFor(event.bytes.size())) FinishBlock();
  const Sha256Digest leaf = HashLeaf(event.bytes);
  block_.Add(event);
  leaves_.append(AsBytes(leaf).data(), leaf.size());
  kinds_ |= KindBit(event.kind);
  participants_.insert(participants_.end(), event.participants.begin(), event.participants.end());
  head_.tree.Append(leaf, [&](int level, uint64_t index, const Sha256Digest& root) {
    if (level % kKeptLevels != 0) return;
    Put(Family::kSubtreeRoots, MakeSubtreeKey(level, index), AsBytes(root));
  });
  Put(Family::kEventIds, AsBytes(id),
      EncodeKnownEvent({.position = event.position, .content_digest = digest}));
  stream_events_.emplace_back(uint64_t{event.stream} << 32 | event.stream_version, event.position);
  head_.last_recorded_at_micros = event.recorded_at_micros;
}

void GroupRecords::Put(Family family, absl::string_view key, absl::string_view value) {
  batch_.Put(database_->family(family), ToSlice(key), ToSlice(value));
}

void GroupRecords::FinishBlock() {
  if (block_.empty()) return;
  const uint64_t first = block_.first_position();
  const Key8 key = MakeKey(first);
  Put(Family::kBlocks, AsBytes(key), block_.Finish());
  Put(Family::kLeafHashes, AsBytes(key), leaves_);
  for (uint32_t kind = 1; kind <= kMaxKind; ++kind) {
    if ((kinds_ & KindBit(kind)) != 0) kind_blocks_.emplace_back(kind, first);
  }
  std::sort(participants_.begin(), participants_.end());
  participants_.erase(std::unique(participants_.begin(), participants_.end()), participants_.end());
  for (uint32_t participant : participants_) participant_blocks_.emplace_back(participant, first);
  leaves_.clear();
  kinds_ = 0;
  participants_.clear();
}

void GroupRecords::WriteIndexes() {
  std::sort(stream_events_.begin(), stream_events_.end());
  for (const auto& [stream_event, position] : stream_events_) {
    const Key8 key = MakeKey(stream_event);
    Put(Family::kStreamEvents, AsBytes(key), EncodeNumber(position));
  }
  const auto write_postings = [this](Family family, auto* postings) {
    std::sort(postings->begin(), postings->end());
    for (const auto& [term, first] : *postings) {
      const Key12 key = MakePostingKey(term, first);
      Put(family, AsBytes(key), "");
    }
  };
  write_postings(Family::kKindBlocks, &kind_blocks_);
  write_postings(Family::kParticipantBlocks, &participant_blocks_);
}

std::pair<rocksdb::WriteBatch, LogHead> GroupRecords::Finish(const NewNames& names) {
  FinishBlock();
  WriteIndexes();
  // Names get the numbers from `*count` on, in both directions.
  const auto write_names = [this](absl::Span<const std::string> added, Family numbers_family,
                                  Family names_family, uint32_t* count) {
    if (added.empty()) return;
    const std::string first = MakeNumberKey(*count);
    std::string run;
    for (const std::string& name : added) {
      Put(numbers_family, name, EncodeNumber((*count)++));
      AppendToNameRun(&run, name);
    }
    Put(names_family, first, run);
  };
  write_names(names.streams, Family::kStreams, Family::kStreamNames, &head_.streams);
  write_names(names.participants, Family::kParticipants, Family::kParticipantIds,
              &head_.participants);
  Put(Family::kMeta, kHeadKey, EncodeHead(head_));
  return {std::move(batch_), std::move(head_)};
}

}  // namespace payfold
