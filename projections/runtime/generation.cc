#include "projections/runtime/generation.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

constexpr absl::string_view kRecords = "derived.payouts";
constexpr absl::string_view kContents = "derived.payouts.";
constexpr absl::string_view kInForce = "generation";
constexpr int kFilterBitsPerKey = 12;

// How a column family that is new is set up; the log reopens it its own way.
rocksdb::ColumnFamilyOptions Options() {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

std::string NameOf(uint64_t number) { return absl::StrCat(kContents, number); }

uint64_t NumberOf(absl::string_view name) {
  uint64_t number = 0;
  return absl::SimpleAtoi(absl::StripPrefix(name, kContents), &number) ? number : 0;
}

std::vector<std::string> ListGenerations(EventLog* log) {
  std::vector<std::string> names;
  for (const std::string& name : log->ListDerived()) {
    if (absl::StartsWith(name, kContents)) names.push_back(name);
  }
  return names;
}

// 0 if there is none.
absl::StatusOr<uint64_t> ReadInForce(EventLog* log) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * records, log->OpenDerived(kRecords, Options()));
  const StoredEntries entries{log->database(), records, nullptr, nullptr};
  ASSIGN_OR_RETURN(const std::string value, entries.Get(kInForce));
  absl::string_view rest = value;
  uint64_t number = 0;
  if (value.empty() || !GetVarint64(&rest, &number)) return 0;
  return number;
}

// Whether its content can be folded on from.
absl::StatusOr<bool> IsUsable(const Generation& generation, uint64_t head) {
  const StoredTables tables(generation.log(), generation.family());
  const absl::StatusOr<uint64_t> checkpoint = tables.ReadCheckpoint();
  if (absl::IsFailedPrecondition(checkpoint.status())) return false;
  RETURN_IF_ERROR(checkpoint.status());
  return *checkpoint <= head;
}

}  // namespace

absl::StatusOr<std::shared_ptr<Generation>> Generation::Open(EventLog* log, std::string name) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, log->OpenDerived(name, Options()));
  return std::shared_ptr<Generation>(new Generation(log, std::move(name), family));
}

absl::StatusOr<std::shared_ptr<Generation>> Generation::OpenCurrent(EventLog* log) {
  ASSIGN_OR_RETURN(const uint64_t in_force, ReadInForce(log));
  std::shared_ptr<Generation> current;
  for (const std::string& name : ListGenerations(log)) {
    if (in_force == 0 || name != NameOf(in_force)) {
      RETURN_IF_ERROR(log->DropDerived(name));
      continue;
    }
    ASSIGN_OR_RETURN(current, Open(log, name));
  }
  if (current != nullptr) {
    ASSIGN_OR_RETURN(const bool usable, IsUsable(*current, log->head()));
    if (usable) return current;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<Generation> fresh, Create(log));
  RETURN_IF_ERROR(fresh->PutInForce());
  if (current != nullptr) current->Discard();
  return fresh;
}

absl::StatusOr<std::shared_ptr<Generation>> Generation::Create(EventLog* log) {
  ASSIGN_OR_RETURN(uint64_t last, ReadInForce(log));
  for (const std::string& name : ListGenerations(log)) last = std::max(last, NumberOf(name));
  return Open(log, NameOf(last + 1));
}

Generation::~Generation() {
  // What cannot be dropped now is dropped at the next open.
  if (discarded_.load()) log_->DropDerived(name_).IgnoreError();
}

absl::Status Generation::PutInForce() {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * records, log_->OpenDerived(kRecords, Options()));
  std::string value;
  PutVarint64(&value, NumberOf(name_));
  rocksdb::WriteBatch batch;
  batch.Put(records, ToSlice(kInForce), value);
  return log_->WriteDerived(&batch, /*sync=*/true);
}

std::shared_ptr<const SnapshotFacts> Generation::TakeSnapshot() {
  rocksdb::DB* const db = log_->database();
  const rocksdb::Snapshot* snapshot = db->GetSnapshot();
  std::shared_ptr<const void> owner(snapshot,
                                    [self = shared_from_this()](const rocksdb::Snapshot* taken) {
                                      self->log_->database()->ReleaseSnapshot(taken);
                                    });
  return std::make_shared<const SnapshotFacts>(StoredEntries{db, family_, snapshot, nullptr},
                                               std::move(owner));
}

}  // namespace payfold
