#include "ledger/log/fsck.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/envelope.h"
#include "ledger/log/format.h"
#include "ledger/log/log_reader.h"
#include "ledger/log/merkle_tree.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

absl::Status Wrong(uint64_t position, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("position ", position, " does not hold: ", what));
}

// A tree head that the tree must have the root of when it reaches its size.
struct Expected {
  TreeHead head;
  bool outside;
};

// Walks the log once, from its first event to its last.
class LogChecker {
 public:
  LogChecker(const EventLog& log, const FsckOptions& options)
      : log_(log), database_(log.records()), reader_(&log.records()), options_(options) {}

  absl::StatusOr<FsckReport> Run();

 private:
  absl::Status CollectTreeHeads();
  absl::Status CheckBlock(absl::string_view bytes, uint64_t key);
  absl::Status CheckEvent(const EventView& event);
  absl::Status CheckEnvelope(const EventView& event);
  absl::Status CheckStream(const EventView& event, absl::string_view name);
  absl::Status CheckTree(const EventView& event, absl::string_view leaf_hashes, uint64_t offset);
  absl::Status CheckTreeHeads();
  absl::Status CheckPostings(Family family, const std::vector<uint32_t>& terms, uint64_t first);
  absl::Status CheckHead();
  absl::Status CheckNames(Family numbers, Family names, uint32_t count);
  // That the family has no entries but the `expected` ones about events to head_.
  absl::Status CheckCount(Family family, uint64_t expected, bool posting);

  uint64_t next() const { return tree_.size() + 1; }

  const EventLog& log_;
  const LogDatabase& database_;
  LogReader reader_;
  const FsckOptions& options_;
  LogHead head_;
  FsckReport report_;
  MerkleFrontier tree_;
  int64_t last_recorded_at_micros_ = std::numeric_limits<int64_t>::min();
  std::vector<uint64_t> versions_;  // By stream.
  std::vector<size_t> names_;       // By stream: the hash of its name.
  uint32_t participants_ = 0;
  uint64_t participant_postings_ = 0;
  uint64_t kind_postings_ = 0;
  std::vector<Expected> expected_;  // Smallest last.
};

absl::Status LogChecker::CollectTreeHeads() {
  ASSIGN_OR_RETURN(std::vector<TreeHead> kept,
                   log_.ListTreeHeads(0, std::numeric_limits<uint64_t>::max(),
                                      std::numeric_limits<size_t>::max()));
  report_.tree_heads = kept.size();
  for (TreeHead& head : kept) expected_.push_back({std::move(head), false});
  if (!options_.outside_tree_head.empty()) {
    ASSIGN_OR_RETURN(TreeHead outside,
                     VerifyTreeHead(options_.outside_tree_head, log_.verifier_key()));
    expected_.push_back({std::move(outside), true});
  }
  std::sort(expected_.begin(), expected_.end(),
            [](const Expected& a, const Expected& b) { return a.head.size > b.head.size; });
  return absl::OkStatus();
}

absl::Status LogChecker::CheckTreeHeads() {
  for (; !expected_.empty() && expected_.back().head.size <= tree_.size(); expected_.pop_back()) {
    const Expected& expected = expected_.back();
    if (expected.head.size == tree_.size() && expected.head.root == tree_.Root()) continue;
    return Wrong(tree_.size(), absl::StrCat("the ", expected.outside ? "outside" : "kept",
                                            " tree head of size ", expected.head.size,
                                            " has another root than the stored bytes up to here"));
  }
  return absl::OkStatus();
}

absl::Status LogChecker::CheckEnvelope(const EventView& event) {
  absl::StatusOr<Envelope> envelope = ParseEnvelope(event.bytes);
  if (!envelope.ok()) return Wrong(event.position, envelope.status().message());
  if (envelope->position != event.position || envelope->stream_version != event.stream_version ||
      envelope->recorded_at_micros != event.recorded_at_micros) {
    return Wrong(event.position, "the envelope in the stored bytes says something else");
  }
  if (event.recorded_at_micros < last_recorded_at_micros_) {
    return Wrong(event.position, "it was recorded earlier than the one before");
  }
  last_recorded_at_micros_ = event.recorded_at_micros;
  if (event.kind == 0 || event.kind > kMaxKind) return Wrong(event.position, "unknown kind");
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                   reader_.FindEventId(MakeEventIdKey(envelope->event_id)));
  if (!known || known->position != event.position) {
    return Wrong(event.position, absl::StrCat("the index of event ids does not find \"",
                                              envelope->event_id, "\" here"));
  }
  return CheckStream(event, envelope->stream);
}

absl::Status LogChecker::CheckStream(const EventView& event, absl::string_view name) {
  if (event.stream > versions_.size()) {
    return Wrong(event.position, "its stream's number is not the next one");
  }
  if (event.stream == versions_.size()) {
    versions_.push_back(0);
    names_.push_back(absl::HashOf(name));
    ASSIGN_OR_RETURN(const std::optional<uint32_t> number,
                     reader_.FindNumber(Family::kStreams, name));
    if (number != event.stream) {
      return Wrong(event.position, absl::StrCat("the stream ", name, " has another number"));
    }
  }
  if (names_[event.stream] != absl::HashOf(name)) {
    return Wrong(event.position, absl::StrCat("the stream ", name, " has two numbers"));
  }
  if (event.stream_version != ++versions_[event.stream]) {
    return Wrong(event.position,
                 absl::StrCat("the stream ", name, " is at version ", versions_[event.stream]));
  }
  rocksdb::PinnableSlice value;
  const Key8 key = MakeStreamEventKey(event.stream, static_cast<uint32_t>(event.stream_version));
  ASSIGN_OR_RETURN(const bool found, database_.Find(Family::kStreamEvents, AsBytes(key), &value));
  if (!found || ToView(value) != EncodeNumber(event.position)) {
    return Wrong(event.position, absl::StrCat("the index of the stream ", name, " misses it"));
  }
  return absl::OkStatus();
}

absl::Status LogChecker::CheckTree(const EventView& event, absl::string_view leaf_hashes,
                                   uint64_t offset) {
  const Sha256Digest leaf = HashLeaf(event.bytes);
  absl::StatusOr<Sha256Digest> kept = FindLeafHash(leaf_hashes, offset);
  if (!kept.ok() || *kept != leaf) {
    return Wrong(event.position, "its kept hash is not that of its stored bytes");
  }
  absl::Status status;
  tree_.Append(leaf, [&](int level, uint64_t index, const Sha256Digest& root) {
    if (level % kKeptLevels != 0 || !status.ok()) return;
    rocksdb::PinnableSlice value;
    absl::StatusOr<bool> found =
        database_.Find(Family::kSubtreeRoots, MakeSubtreeKey(level, index), &value);
    if (!found.ok()) {
      status = found.status();
    } else if (!*found || ToView(value) != AsBytes(root)) {
      status = Wrong(event.position, "the kept root of the subtree that ends here is wrong");
    }
  });
  return status;
}

absl::Status LogChecker::CheckEvent(const EventView& event) {
  RETURN_IF_ERROR(CheckEnvelope(event));
  for (uint32_t participant : event.participants) {
    if (participant > participants_) {
      return Wrong(event.position, "a participant's number is not the next one");
    }
    participants_ = std::max(participants_, participant + 1);
  }
  return absl::OkStatus();
}

absl::Status LogChecker::CheckPostings(Family family, const std::vector<uint32_t>& terms,
                                       uint64_t first) {
  for (uint32_t term : terms) {
    rocksdb::PinnableSlice value;
    const Key12 key = MakePostingKey(term, first);
    ASSIGN_OR_RETURN(const bool found, database_.Find(family, AsBytes(key), &value));
    if (!found) {
      return Wrong(first,
                   absl::StrCat("the index ", FamilyName(family), " misses the block for ", term));
    }
  }
  return absl::OkStatus();
}

void SortDistinct(std::vector<uint32_t>* terms) {
  std::sort(terms->begin(), terms->end());
  terms->erase(std::unique(terms->begin(), terms->end()), terms->end());
}

absl::Status LogChecker::CheckBlock(absl::string_view bytes, uint64_t key) {
  absl::StatusOr<BlockView> block = BlockView::Parse(bytes);
  if (!block.ok()) return Wrong(next(), block.status().message());
  if (key != next() || block->first_position() != next()) {
    return Wrong(next(), absl::StrCat("the next block begins at ", key));
  }
  rocksdb::PinnableSlice hashes;
  const Key8 block_key = MakeKey(key);
  ASSIGN_OR_RETURN(const bool has_hashes,
                   database_.Find(Family::kLeafHashes, AsBytes(block_key), &hashes));
  if (!has_hashes || hashes.size() != block->count() * sizeof(Sha256Digest)) {
    return Wrong(key, "the hashes of its block are missing or too many");
  }
  std::vector<uint32_t> participants;
  std::vector<uint32_t> kinds;
  EventView event;
  while (block->Next(&event)) {
    RETURN_IF_ERROR(CheckEvent(event));
    RETURN_IF_ERROR(CheckTree(event, ToView(hashes), event.position - key));
    RETURN_IF_ERROR(CheckTreeHeads());
    participants.insert(participants.end(), event.participants.begin(), event.participants.end());
    kinds.push_back(event.kind);
  }
  if (!block->status().ok()) return Wrong(next(), block->status().message());
  if (event.recorded_at_micros != block->last_recorded_at_micros()) {
    return Wrong(event.position, "its block says that it ends at another time");
  }
  SortDistinct(&participants);
  SortDistinct(&kinds);
  participant_postings_ += participants.size();
  kind_postings_ += kinds.size();
  RETURN_IF_ERROR(CheckPostings(Family::kParticipantBlocks, participants, key));
  return CheckPostings(Family::kKindBlocks, kinds, key);
}

absl::Status LogChecker::CheckNames(Family numbers, Family names, uint32_t count) {
  uint32_t number = 0;
  const auto wrong = [&] {
    return absl::DataLossError(
        absl::StrCat(FamilyName(names), " does not hold the name of number ", number));
  };
  const std::unique_ptr<rocksdb::Iterator> runs = database_.NewIterator(names);
  for (runs->SeekToFirst(); runs->Valid() && number < count; runs->Next()) {
    if (ToView(runs->key()) != MakeNumberKey(number)) return wrong();
    absl::string_view run = ToView(runs->value());
    absl::string_view name;
    for (; !run.empty(); ++number) {
      if (!GetLengthPrefixed(&run, &name)) return wrong();
      ASSIGN_OR_RETURN(const std::optional<uint32_t> back, reader_.FindNumber(numbers, name));
      if (back != number) return wrong();
    }
  }
  RETURN_IF_ERROR(FromRocks(runs->status(), "reading names"));
  return number == count ? absl::OkStatus() : wrong();
}

absl::Status LogChecker::CheckCount(Family family, uint64_t expected, bool posting) {
  uint64_t count = 0;
  const std::unique_ptr<rocksdb::Iterator> entries = database_.NewIterator(family);
  for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
    absl::string_view number = ToView(posting ? entries->key() : entries->value());
    uint64_t position = 0;
    if (posting && number.size() == sizeof(Key12)) {
      position = GetBig64(number.substr(sizeof(uint32_t)));
    } else if (posting || !GetVarint64(&number, &position)) {
      return absl::DataLossError(absl::StrCat("malformed entry in ", FamilyName(family)));
    }
    if (position <= head_.position()) ++count;
  }
  RETURN_IF_ERROR(FromRocks(entries->status(), absl::StrCat("reading ", FamilyName(family))));
  if (count == expected) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the index ", FamilyName(family), " has ", count,
                                          " entries for ", expected, " that it must have"));
}

absl::Status LogChecker::CheckHead() {
  const uint64_t last = tree_.size();
  if (head_.position() != last || head_.tree.Root() != tree_.Root()) {
    return Wrong(
        last, absl::StrCat("the head record is that of another log, of size ", head_.position()));
  }
  if (head_.streams != versions_.size() || head_.participants != participants_ ||
      (last > 0 && head_.last_recorded_at_micros != last_recorded_at_micros_)) {
    return Wrong(last, "the head record's counts or time are not those of the events");
  }
  if (!expected_.empty()) {
    return Wrong(last, absl::StrCat("there is a tree head of size ", expected_.back().head.size,
                                    ", beyond the end of the log: events are missing"));
  }
  RETURN_IF_ERROR(CheckNames(Family::kStreams, Family::kStreamNames, head_.streams));
  RETURN_IF_ERROR(CheckNames(Family::kParticipants, Family::kParticipantIds, head_.participants));
  RETURN_IF_ERROR(CheckCount(Family::kEventIds, last, /*posting=*/false));
  RETURN_IF_ERROR(CheckCount(Family::kStreamEvents, last, /*posting=*/false));
  RETURN_IF_ERROR(CheckCount(Family::kParticipantBlocks, participant_postings_, /*posting=*/true));
  return CheckCount(Family::kKindBlocks, kind_postings_, /*posting=*/true);
}

absl::StatusOr<FsckReport> LogChecker::Run() {
  // In this order: no tree head may be beyond a head that is read after it.
  RETURN_IF_ERROR(CollectTreeHeads());
  ASSIGN_OR_RETURN(head_, database_.ReadHead());
  RETURN_IF_ERROR(CheckTreeHeads());
  const std::unique_ptr<rocksdb::Iterator> blocks = database_.NewIterator(Family::kBlocks);
  for (blocks->SeekToFirst(); blocks->Valid() && next() <= head_.position(); blocks->Next()) {
    if (blocks->key().size() != sizeof(Key8)) return Wrong(next(), "malformed key of a block");
    RETURN_IF_ERROR(CheckBlock(ToView(blocks->value()), GetBig64(ToView(blocks->key()))));
    ++report_.blocks;
    if (options_.progress && !options_.progress(tree_.size(), head_.position())) {
      return absl::CancelledError(absl::StrCat("stopped after position ", tree_.size()));
    }
  }
  RETURN_IF_ERROR(
      FromRocks(blocks->status(), absl::StrCat("reading after position ", tree_.size())));
  RETURN_IF_ERROR(CheckHead());
  report_.events = tree_.size();
  report_.streams = versions_.size();
  report_.participants = participants_;
  report_.root = tree_.Root();
  return report_;
}

}  // namespace

absl::StatusOr<FsckReport> CheckLog(const EventLog& log, const FsckOptions& options) {
  return LogChecker(log, options).Run();
}

}  // namespace payfold
