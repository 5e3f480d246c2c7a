#include "projections/runtime/generation.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

constexpr absl::string_view kInForce = "generation";

std::string RecordsOf(const ProjectionFormat& format) {
  return absl::StrCat("derived.", format.name);
}

std::string NameOf(const ProjectionFormat& format, uint64_t number) {
  return absl::StrCat(RecordsOf(format), ".", number);
}

// The numbers of all generations that are there.
std::vector<uint64_t> ListGenerations(EventLog* log, const ProjectionFormat& format) {
  const std::string prefix = absl::StrCat(RecordsOf(format), ".");
  std::vector<uint64_t> numbers;
  for (const std::string& name : log->ListDerived()) {
    uint64_t number = 0;
    if (absl::StartsWith(name, prefix) &&
        absl::SimpleAtoi(absl::StripPrefix(name, prefix), &number)) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

// 0 if there is none.
absl::StatusOr<uint64_t> ReadInForce(EventLog* log, const ProjectionFormat& format) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * records, log->OpenDerived(RecordsOf(format)));
  const StoredEntries entries{log->database(), records, nullptr, nullptr};
  ASSIGN_OR_RETURN(const std::string value, entries.Get(kInForce));
  absl::string_view rest = value;
  uint64_t number = 0;
  if (value.empty() || !GetVarint64(&rest, &number)) return 0;
  return number;
}

}  // namespace

absl::StatusOr<std::shared_ptr<Generation>> Generation::Open(EventLog* log,
                                                             const ProjectionFormat& format,
                                                             uint64_t number) {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * family, log->OpenDerived(NameOf(format, number)));
  return std::shared_ptr<Generation>(new Generation(log, format, number, family));
}

absl::StatusOr<std::shared_ptr<Generation>> Generation::OpenCurrent(
    EventLog* log, const ProjectionFormat& format) {
  ASSIGN_OR_RETURN(const uint64_t in_force, ReadInForce(log, format));
  std::shared_ptr<Generation> current;
  for (const uint64_t number : ListGenerations(log, format)) {
    if (number != in_force) {
      RETURN_IF_ERROR(log->DropDerived(NameOf(format, number)));
      continue;
    }
    ASSIGN_OR_RETURN(current, Open(log, format, number));
  }
  if (current != nullptr) {
    ASSIGN_OR_RETURN(const bool usable, current->IsUsable());
    if (usable) return current;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<Generation> fresh, Create(log, format));
  RETURN_IF_ERROR(fresh->PutInForce());
  if (current != nullptr) current->Discard();
  return fresh;
}

absl::StatusOr<std::shared_ptr<Generation>> Generation::Create(EventLog* log,
                                                               const ProjectionFormat& format) {
  ASSIGN_OR_RETURN(uint64_t last, ReadInForce(log, format));
  for (const uint64_t number : ListGenerations(log, format)) last = std::max(last, number);
  return Open(log, format, last + 1);
}

Generation::~Generation() {
  // What cannot be dropped now is dropped at the next open.
  if (discarded_.load()) log_->DropDerived(NameOf(format_, number_)).IgnoreError();
}

absl::StatusOr<uint64_t> Generation::ReadCheckpoint() const {
  ASSIGN_OR_RETURN(const std::string value, Entries().Get(kCheckpointKey));
  if (value.empty()) return 0;
  return ParseCheckpoint(value, format_.version);
}

absl::StatusOr<bool> Generation::IsUsable() const {
  const absl::StatusOr<uint64_t> checkpoint = ReadCheckpoint();
  if (absl::IsFailedPrecondition(checkpoint.status())) return false;
  RETURN_IF_ERROR(checkpoint.status());
  if (*checkpoint > 0) return *checkpoint <= log_->head();
  bool empty = true;
  const absl::Status looked =
      Entries().ForEach(kFirstEntryKey, kEndOfEntries, [&empty](auto /*key*/, auto /*value*/) {
        empty = false;
        return absl::CancelledError("one is enough");
      });
  if (!absl::IsCancelled(looked)) RETURN_IF_ERROR(looked);
  return empty;
}

absl::Status Generation::PutInForce() {
  ASSIGN_OR_RETURN(rocksdb::ColumnFamilyHandle * records, log_->OpenDerived(RecordsOf(format_)));
  std::string value;
  PutVarint64(&value, number_);
  rocksdb::WriteBatch batch;
  batch.Put(records, ToSlice(kInForce), value);
  return log_->WriteDerived(&batch, /*sync=*/true);
}

StoredSnapshot Generation::TakeSnapshot() {
  rocksdb::DB* const db = log_->database();
  const rocksdb::Snapshot* snapshot = db->GetSnapshot();
  std::shared_ptr<const void> owner(snapshot,
                                    [self = shared_from_this()](const rocksdb::Snapshot* taken) {
                                      self->log_->database()->ReleaseSnapshot(taken);
                                    });
  return {{db, family_, snapshot, nullptr}, std::move(owner)};
}

}  // namespace payfold
