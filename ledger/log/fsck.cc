#include "ledger/log/fsck.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "ledger/log/envelope.h"
#include "ledger/log/format.h"
#include "ledger/log/fsck_events.h"
#include "ledger/log/fsck_files.h"
#include "ledger/log/fsck_indexes.h"
#include "ledger/log/fsck_tree.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

constexpr absl::string_view kHeadRecord = "the head record";

void BeginChecks(const FsckOptions& options, Verdict* verdict) {
  for (const absl::string_view check : {kFilesCheck, kEventsCheck, kTreeCheck, kKeyCheck,
                                        kTreeHeadsCheck, kOutsideCheck, kIndexesCheck}) {
    if (check != kOutsideCheck || !options.outside_tree_head.empty()) verdict->Begin(check);
  }
}

// Walks the log once, from its first event to its last.
class LogChecker {
 public:
  LogChecker(const LogDatabase& database, const FsckOptions& options, FsckReport* report)
      : database_(database),
        options_(options),
        report_(report),
        verdict_(&report->verdict),
        events_(database, options, verdict_),
        tree_(database, verdict_),
        indexes_(database, verdict_) {}

  absl::Status Run();

 private:
  void ReadHead();
  absl::Status Walk();
  absl::StatusOr<bool> WalkByKey(uint64_t end, uint64_t next);
  absl::Status Tell(uint64_t end);
  bool CheckBlock(absl::string_view bytes, uint64_t key);
  // What comes next cannot be read, or is not there; gives false.
  bool Broken(std::string what);
  void CheckEnd();
  void FailHead(std::string what);

  uint64_t last() const { return tree_.tree().size(); }

  const LogDatabase& database_;
  const FsckOptions& options_;
  FsckReport* report_;
  Verdict* verdict_;
  EventChecker events_;
  TreeChecker tree_;
  IndexChecker indexes_;
  bool has_head_ = false;
  LogHead head_;
};

void LogChecker::FailHead(std::string what) {
  verdict_->Fail(kTreeCheck,
                 {.position = 0, .subject = std::string(kHeadRecord), .detail = std::move(what)});
}

void LogChecker::ReadHead() {
  database_.WriteStatus().IgnoreError();  // A group that is being written may not be on the disk.
  absl::StatusOr<LogHead> head = database_.ReadHead();
  has_head_ = head.ok();
  if (has_head_) {
    head_ = *std::move(head);
  } else {
    FailHead(std::string(head.status().message()));
  }
}

bool LogChecker::Broken(std::string what) {
  verdict_->Fail(kEventsCheck, {.position = last() + 1, .subject = "", .detail = std::move(what)});
  return false;
}

bool LogChecker::CheckBlock(absl::string_view bytes, uint64_t key) {
  absl::StatusOr<BlockView> block = BlockView::Parse(bytes);
  if (!block.ok()) return Broken(std::string(block.status().message()));
  if (block->first_position() != key) {
    return Broken(absl::StrCat("its block says that it begins at ", block->first_position()));
  }
  tree_.BeginBlock(*block);
  EventView event;
  while (block->Next(&event)) {
    const absl::StatusOr<Envelope> envelope = ParseEnvelope(event.bytes);
    events_.Add(event, envelope);
    indexes_.Add(event, envelope.ok() ? *envelope : Envelope());
    tree_.Add(event);
  }
  if (!block->status().ok()) return Broken(std::string(block->status().message()));
  if (event.recorded_at_micros != block->last_recorded_at_micros()) {
    verdict_->Fail(kEventsCheck, {.position = event.position,
                                  .subject = "",
                                  .detail = "its block says that it ends at another time"});
  }
  indexes_.EndBlock(key);
  ++report_->blocks;
  return true;
}

absl::Status LogChecker::Tell(uint64_t end) {
  if (!options_.progress || options_.progress(kEventsCheck, last(), has_head_ ? end : last())) {
    return absl::OkStatus();
  }
  return absl::CancelledError(absl::StrCat("stopped after position ", last()));
}

// RocksDB's iterators give up at a table that they cannot open, or (7.8) leave it
// out without a word; looking up block by block says which one it is. `next`: the
// block that the iterator gave instead; 0 if it gave none.
absl::StatusOr<bool> LogChecker::WalkByKey(uint64_t end, uint64_t next) {
  while (last() < end) {
    rocksdb::PinnableSlice block;
    const Key8 key = MakeKey(last() + 1);
    const absl::StatusOr<bool> found = database_.Find(Family::kBlocks, AsBytes(key), &block);
    if (!found.ok()) {
      return Broken(absl::StrCat("it cannot be read (", found.status().message(), ")"));
    }
    if (!*found) {
      return Broken(
          next == 0 ? absl::StrCat("it is missing; the head record says that the log ends at ", end)
                    : absl::StrCat("the next block begins at ", next));
    }
    if (!CheckBlock(ToView(block), last() + 1)) return false;
    RETURN_IF_ERROR(Tell(end));
  }
  return true;
}

absl::Status LogChecker::Walk() {
  const uint64_t end = has_head_ ? head_.position() : std::numeric_limits<uint64_t>::max();
  const std::unique_ptr<rocksdb::Iterator> blocks = database_.NewScan(Family::kBlocks);
  bool whole = true;
  uint64_t next = 0;
  for (blocks->SeekToFirst(); whole && blocks->Valid() && last() < end; blocks->Next()) {
    const absl::string_view key = ToView(blocks->key());
    if (key.size() != sizeof(Key8)) {
      whole = Broken("the next block has a malformed key");
      break;
    }
    next = GetBig64(key);
    if (next != last() + 1) break;
    whole = CheckBlock(ToView(blocks->value()), next);
    next = 0;
    RETURN_IF_ERROR(Tell(end));
  }
  if (whole && last() < end && (has_head_ || next != 0 || !blocks->status().ok())) {
    ASSIGN_OR_RETURN(whole, WalkByKey(end, next));
  }
  tree_.End(whole);
  if (whole) {
    CheckEnd();
    return absl::OkStatus();
  }
  const std::string beyond = absl::StrCat("the events cannot be followed beyond position ", last());
  verdict_->Skip(kTreeCheck, beyond);
  verdict_->Skip(kIndexesCheck, beyond);
  return absl::OkStatus();
}

// After all events up to the head were read.
void LogChecker::CheckEnd() {
  const MerkleFrontier& tree = tree_.tree();
  if (has_head_) {
    if (head_.position() != last() || head_.tree.Root() != tree.Root()) {
      FailHead(absl::StrCat("it is that of another log, of size ", head_.position()));
    } else if (head_.streams != events_.streams() || head_.participants != events_.participants() ||
               (last() > 0 && head_.last_recorded_at_micros != events_.last_recorded_at_micros())) {
      FailHead("its counts or its time are not those of the events");
    }
    // Appends may go on: a block that is there now is within a head that is read later.
    const std::unique_ptr<rocksdb::Iterator> blocks = database_.NewScan(Family::kBlocks);
    blocks->SeekToLast();
    const uint64_t begin = blocks->Valid() && blocks->key().size() == sizeof(Key8)
                               ? GetBig64(ToView(blocks->key()))
                               : 0;
    const absl::StatusOr<LogHead> now = database_.ReadHead();
    if (now.ok() && begin > now->position()) {
      FailHead(absl::StrCat("it says that the log ends at position ", now->position(),
                            ", but there is a block that begins at ", begin));
    }
  }
  verdict_->Note(kEventsCheck, absl::StrCat(last(), " events without a gap"));
  verdict_->Note(kTreeCheck, absl::StrCat("root ", ToHex(tree.Root())));
  indexes_.End(last(), events_.participants());
}

absl::Status LogChecker::Run() {
  // In this order: no tree head may be beyond a head that is read after it.
  RETURN_IF_ERROR(tree_.ReadTreeHeads(options_));
  ReadHead();
  RETURN_IF_ERROR(CheckFiles(database_, options_, verdict_));
  RETURN_IF_ERROR(Walk());
  report_->events = last();
  report_->streams = events_.streams();
  report_->participants = events_.participants();
  report_->tree_heads = tree_.tree_heads();
  report_->root = tree_.tree().Root();
  report_->verifier_key = tree_.verifier_key();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FsckReport> AuditLog(const LogDatabase& database, const FsckOptions& options) {
  FsckReport report;
  BeginChecks(options, &report.verdict);
  RETURN_IF_ERROR(LogChecker(database, options, &report).Run());
  return report;
}

absl::StatusOr<FsckReport> AuditLogAt(const LogDatabase::Options& where,
                                      const FsckOptions& options) {
  const absl::StatusOr<std::unique_ptr<LogDatabase>> database = LogDatabase::Inspect(where);
  if (database.ok()) return AuditLog(**database, options);
  if (!absl::IsDataLoss(database.status())) return database.status();
  FsckReport report;
  BeginChecks(options, &report.verdict);
  report.verdict.Fail(kFilesCheck, {.position = 1,
                                    .subject = "the database as a whole, from position 1 on,",
                                    .detail = std::string(database.status().message())});
  const std::vector<CheckResult> checks = report.verdict.checks();
  for (const CheckResult& check : checks) {
    report.verdict.Skip(check.name, "the database cannot be read");
  }
  return report;
}

absl::StatusOr<FsckReport> CheckLog(const EventLog& log, const FsckOptions& options) {
  ASSIGN_OR_RETURN(FsckReport report, AuditLog(log.records(), options));
  RETURN_IF_ERROR(report.verdict.status());
  return report;
}

}  // namespace payfold
