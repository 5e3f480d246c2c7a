#include "ledger/log/event_log.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "ledger/log/derived_load.h"
#include "ledger/log/group_commit.h"
#include "ledger/log/log_reader.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/writer.h"
#include "rocksdb/iterator.h"

namespace payfold {

struct EventLog::Parts {
  Parts(std::unique_ptr<LogDatabase> opened, Clock* clock_in, TreeHeadSigner signer_in,
        const LogHead& head)
      : database(std::move(opened)),
        clock(clock_in),
        signer(std::move(signer_in)),
        reader(database.get()),
        writer(database.get(), clock, head),
        signal(head.position()),
        commits(&writer, &signal) {}

  std::unique_ptr<LogDatabase> database;
  Clock* clock;
  TreeHeadSigner signer;
  LogReader reader;
  LogWriter writer;
  HeadSignal signal;
  GroupCommit commits;
  std::mutex signing;  // One tree head at a time.
};

namespace {

LogDatabase::Options DatabaseOptions(const LogOptions& options) {
  return {.directory = options.directory,
          .env = options.env,
          .block_cache_bytes = options.block_cache_bytes};
}

absl::Status CheckSize(uint64_t size, uint64_t head) {
  if (size <= head) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the size ", size, " is beyond the log's, ", head));
}

}  // namespace

EventLog::EventLog(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EventLog::~EventLog() = default;

absl::StatusOr<std::unique_ptr<EventLog>> EventLog::Start(const LogOptions& options, bool create) {
  ASSIGN_OR_RETURN(TreeHeadSigner signer,
                   TreeHeadSigner::Make(options.origin, options.signing_seed));
  const LogDatabase::Options database_options = DatabaseOptions(options);
  ASSIGN_OR_RETURN(std::unique_ptr<LogDatabase> database,
                   create ? LogDatabase::Create(database_options, signer.verifier_key())
                          : LogDatabase::Open(database_options, signer.verifier_key()));
  RemoveUnfinishedLoads(database_options.env, options.directory);
  ASSIGN_OR_RETURN(const LogHead head, database->ReadHead());
  Clock* clock = options.clock != nullptr ? options.clock : Clock::Real();
  return std::unique_ptr<EventLog>(
      new EventLog(std::make_unique<Parts>(std::move(database), clock, std::move(signer), head)));
}

absl::StatusOr<std::unique_ptr<EventLog>> EventLog::Create(const LogOptions& options) {
  return Start(options, /*create=*/true);
}

absl::StatusOr<std::unique_ptr<EventLog>> EventLog::Open(const LogOptions& options) {
  return Start(options, /*create=*/false);
}

absl::StatusOr<AppendResult> EventLog::Append(const Decide& decide) {
  return parts_->commits.Submit(decide, /*keep=*/true);
}

absl::StatusOr<AppendResult> EventLog::Check(const Decide& decide) {
  return parts_->commits.Submit(decide, /*keep=*/false);
}

void EventLog::AppendAsync(Decide decide, Done done) {
  parts_->commits.SubmitAsync(std::move(decide), /*keep=*/true, std::move(done));
}

void EventLog::CheckAsync(Decide decide, Done done) {
  parts_->commits.SubmitAsync(std::move(decide), /*keep=*/false, std::move(done));
}

uint64_t EventLog::head() const { return parts_->signal.head(); }

absl::Status EventLog::WriteStatus() const { return parts_->database->WriteStatus(); }

std::unique_ptr<EventCursor> EventLog::Read(const EventQuery& query) const {
  EventQuery clipped = query;
  clipped.last = std::min(query.last, head());
  return parts_->reader.Read(clipped);
}

std::unique_ptr<BlockCursor> EventLog::ReadBlocks(uint64_t first, uint64_t last) const {
  const uint64_t end = std::min(last, head());
  return std::make_unique<BlockCursor>(parts_->database->NewScan(Family::kBlocks), first, end);
}

absl::StatusOr<EventView> EventLog::Get(uint64_t position, EventStorage* storage) const {
  if (position == 0 || position > head()) {
    return absl::NotFoundError(
        absl::StrCat("there is no event at position ", position, "; the last one is at ", head()));
  }
  return parts_->reader.Get(position, storage);
}

absl::StatusOr<uint64_t> EventLog::PositionAtTime(int64_t micros) const {
  return parts_->reader.PositionAtTime(micros, head());
}

absl::StatusOr<std::optional<KnownEvent>> EventLog::FindEventId(absl::string_view event_id) const {
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                   parts_->reader.FindEventId(MakeEventIdKey(event_id)));
  // What is being written is not in the log yet, and may never be.
  if (known.has_value() && known->position > head()) return std::optional<KnownEvent>();
  return known;
}

absl::StatusOr<uint32_t> EventLog::stream_count() const {
  ASSIGN_OR_RETURN(const LogHead head, parts_->database->ReadHead());
  return head.streams;
}

absl::StatusOr<uint32_t> EventLog::participant_count() const {
  ASSIGN_OR_RETURN(const LogHead head, parts_->database->ReadHead());
  return head.participants;
}

absl::StatusOr<std::optional<uint32_t>> EventLog::FindStream(absl::string_view stream) const {
  return parts_->reader.FindNumber(Family::kStreams, stream);
}

absl::StatusOr<std::optional<uint32_t>> EventLog::FindParticipant(absl::string_view id) const {
  return parts_->reader.FindNumber(Family::kParticipants, id);
}

absl::StatusOr<std::string> EventLog::StreamName(uint32_t stream) const {
  return parts_->reader.FindName(Family::kStreamNames, stream);
}

absl::StatusOr<std::string> EventLog::ParticipantId(uint32_t participant) const {
  return parts_->reader.FindName(Family::kParticipantIds, participant);
}

std::unique_ptr<Subscription> EventLog::Subscribe(uint64_t after) const {
  return std::make_unique<Subscription>(after, &parts_->signal,
                                        [this](uint64_t first) { return Read({.first = first}); });
}

absl::StatusOr<TreeHead> EventLog::SignTreeHead() {
  const std::lock_guard<std::mutex> lock(parts_->signing);
  // The record, unlike the head that readers see, has size and tree of one moment.
  ASSIGN_OR_RETURN(const LogHead head, parts_->database->ReadHead());
  ASSIGN_OR_RETURN(const std::vector<TreeHead> kept,
                   ListTreeHeads(head.position(), head.position(), 1));
  if (!kept.empty()) return kept[0];
  TreeHead signed_head;
  signed_head.size = head.position();
  signed_head.root = head.tree.Root();
  signed_head.signed_at_micros = absl::ToUnixMicros(parts_->clock->Now());
  ASSIGN_OR_RETURN(signed_head.note, parts_->signer.Sign(signed_head.size, signed_head.root));
  const Key8 key = MakeKey(signed_head.size);
  rocksdb::WriteBatch batch;
  batch.Put(parts_->database->family(Family::kTreeHeads), ToSlice(AsBytes(key)),
            EncodeTreeHead(signed_head));
  RETURN_IF_ERROR(parts_->database->Write(&batch, /*sync=*/true));
  return signed_head;
}

absl::StatusOr<std::vector<TreeHead>> EventLog::ListTreeHeads(uint64_t first_size,
                                                              uint64_t last_size,
                                                              size_t limit) const {
  std::vector<TreeHead> heads;
  const std::unique_ptr<rocksdb::Iterator> kept = parts_->database->NewIterator(Family::kTreeHeads);
  const Key8 first = MakeKey(first_size);
  const Key8 last = MakeKey(last_size);
  for (kept->Seek(ToSlice(AsBytes(first))); kept->Valid() && heads.size() < limit; kept->Next()) {
    if (ToView(kept->key()) > AsBytes(last)) break;
    ASSIGN_OR_RETURN(TreeHead head, ParseTreeHead(ToView(kept->value()), verifier_key()));
    heads.push_back(std::move(head));
  }
  RETURN_IF_ERROR(FromRocks(kept->status(), "reading tree heads"));
  return heads;
}

const std::string& EventLog::verifier_key() const { return parts_->signer.verifier_key(); }

absl::StatusOr<Sha256Digest> EventLog::RootAt(uint64_t size) const {
  RETURN_IF_ERROR(CheckSize(size, head()));
  return MerkleRoot(size, [this](int level, uint64_t index) {
    return parts_->reader.ReadSubtreeRoot(level, index);
  });
}

absl::StatusOr<std::vector<Sha256Digest>> EventLog::InclusionProof(uint64_t position,
                                                                   uint64_t size) const {
  RETURN_IF_ERROR(CheckSize(size, head()));
  if (position == 0 || position > size) {
    return absl::InvalidArgumentError(
        absl::StrCat("position ", position, " is not among the first ", size, " events"));
  }
  return MerkleInclusionProof(position - 1, size, [this](int level, uint64_t index) {
    return parts_->reader.ReadSubtreeRoot(level, index);
  });
}

absl::StatusOr<std::vector<Sha256Digest>> EventLog::ConsistencyProof(uint64_t old_size,
                                                                     uint64_t new_size) const {
  RETURN_IF_ERROR(CheckSize(new_size, head()));
  return MerkleConsistencyProof(old_size, new_size, [this](int level, uint64_t index) {
    return parts_->reader.ReadSubtreeRoot(level, index);
  });
}

rocksdb::DB* EventLog::database() const { return parts_->database->rocks(); }

absl::StatusOr<rocksdb::ColumnFamilyHandle*> EventLog::OpenDerived(absl::string_view name) {
  return parts_->database->OpenDerived(name);
}

absl::Status EventLog::DropDerived(absl::string_view name) {
  return parts_->database->DropDerived(name);
}

std::vector<std::string> EventLog::ListDerived() const { return parts_->database->ListDerived(); }

absl::Status EventLog::WriteDerived(rocksdb::WriteBatch* batch, bool sync) {
  return parts_->database->Write(batch, sync);
}

std::unique_ptr<DerivedLoad> EventLog::LoadDerived(rocksdb::ColumnFamilyHandle* family) {
  return std::make_unique<DerivedLoad>(parts_->database.get(), family);
}

const LogDatabase& EventLog::records() const { return *parts_->database; }

}  // namespace payfold
