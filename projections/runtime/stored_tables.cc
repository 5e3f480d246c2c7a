#include "projections/runtime/stored_tables.h"

#include <algorithm>
#include <iterator>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/database.h"

namespace payfold {
namespace {

constexpr absl::string_view kReading = "reading the projection";

// The end of keys that begin with `prefix`, whose last byte is not 0xff.
std::string EndOf(std::string prefix) {
  ++prefix.back();
  return prefix;
}

}  // namespace

absl::StatusOr<std::string> StoredEntries::Get(absl::string_view key) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status =
      changes == nullptr ? db->Get(options, family, ToSlice(key), &value)
                         : changes->GetFromBatchAndDB(db, options, family, ToSlice(key), &value);
  if (status.IsNotFound()) return std::string();
  RETURN_IF_ERROR(FromRocks(status, kReading));
  return value;
}

absl::Status StoredEntries::ForEach(absl::string_view first, absl::string_view end,
                                    Visit visit) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.total_order_seek = true;
  const rocksdb::Slice upper_bound = ToSlice(end);
  if (changes == nullptr) options.iterate_upper_bound = &upper_bound;
  std::unique_ptr<rocksdb::Iterator> entries(db->NewIterator(options, family));
  if (changes != nullptr) {
    entries.reset(changes->NewIteratorWithBase(family, entries.release(), &options));
  }
  for (entries->Seek(ToSlice(first)); entries->Valid(); entries->Next()) {
    if (ToView(entries->key()) >= end) break;
    RETURN_IF_ERROR(visit(ToView(entries->key()), ToView(entries->value())));
  }
  return FromRocks(entries->status(), kReading);
}

template <typename Base>
absl::StatusOr<std::string> StoredReading<Base>::GetDeal(uint32_t stream) const {
  return entries_.Get(DealKey(stream));
}

template <typename Base>
absl::StatusOr<std::vector<Credit>> StoredReading<Base>::GetCredits(uint32_t participant,
                                                                    int32_t month) const {
  ASSIGN_OR_RETURN(const std::string encoded, entries_.Get(CreditsKey(participant, month)));
  return DecodeCredits(encoded);
}

template <typename Base>
absl::Status StoredReading<Base>::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                              std::vector<Credit>* credits) const {
  return entries_.ForEach(CreditsKey(participant, first), CreditsKey(participant, last + 1),
                          [&](absl::string_view /*key*/, absl::string_view value) -> absl::Status {
                            ASSIGN_OR_RETURN(const std::vector<Credit> month, DecodeCredits(value));
                            credits->insert(credits->end(), month.begin(), month.end());
                            return absl::OkStatus();
                          });
}

template <typename Base>
absl::Status StoredReading<Base>::ReadMetrics(const MetricSubject& subject, int32_t first,
                                              int32_t last,
                                              std::vector<MetricFact>* metrics) const {
  return entries_.ForEach(MetricsKey(subject, first), MetricsKey(subject, last + 1),
                          [&](absl::string_view /*key*/, absl::string_view value) -> absl::Status {
                            ASSIGN_OR_RETURN(std::vector<MetricFact> month, DecodeMetrics(value));
                            std::move(month.begin(), month.end(), std::back_inserter(*metrics));
                            return absl::OkStatus();
                          });
}

template <typename Base>
absl::Status StoredReading<Base>::ReadPosted(uint32_t participant, Date upto,
                                             std::vector<PostedEntry>* posted) const {
  return entries_.ForEach(
      PostedKey(participant, Date::Min()), PostedKey(participant, upto + 1),
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        PostedEntry& entry = posted->emplace_back();
        ASSIGN_OR_RETURN(entry.position, LastPosition(key));
        ASSIGN_OR_RETURN(entry.first_day, LastDate(key.substr(0, key.size() - sizeof(uint64_t))));
        entry.totals = std::string(value);
        return absl::OkStatus();
      });
}

template <typename Base>
absl::StatusOr<std::vector<uint32_t>> StoredReading<Base>::Marked(FactReader::Mark mark) const {
  std::vector<uint32_t> streams;
  RETURN_IF_ERROR(
      entries_.ForEach(MarkKey(mark), EndOf(MarkKey(mark)),
                       [&](absl::string_view key, absl::string_view /*value*/) -> absl::Status {
                         ASSIGN_OR_RETURN(const uint32_t stream, LastNumber(key));
                         streams.push_back(stream);
                         return absl::OkStatus();
                       }));
  return streams;
}

template <typename Base>
absl::Status StoredReading<Base>::ForEachReference(const FactReader::VisitReference& visit) const {
  const std::string table = TableKey(EntryTable::kReference);
  return entries_.ForEach(table, EndOf(table),
                          [&](absl::string_view key, absl::string_view value) -> absl::Status {
                            ASSIGN_OR_RETURN(const uint64_t position, LastPosition(key));
                            return visit(position, value);
                          });
}

template <typename Base>
absl::Status StoredReading<Base>::ForEachParticipant(
    const FactReader::VisitParticipant& visit) const {
  const std::string table = TableKey(EntryTable::kParticipants);
  return entries_.ForEach(table, EndOf(table),
                          [&](absl::string_view key, absl::string_view id) -> absl::Status {
                            ASSIGN_OR_RETURN(const uint32_t number, LastNumber(key));
                            visit(number, id);
                            return absl::OkStatus();
                          });
}

template <typename Base>
absl::Status StoredReading<Base>::ForEachLastDay(const FactReader::VisitLastDay& visit) const {
  const std::string table = TableKey(EntryTable::kLastDays);
  return entries_.ForEach(
      table, EndOf(table), [&](absl::string_view key, absl::string_view value) -> absl::Status {
        ASSIGN_OR_RETURN(const Date day, LastDate(key));
        uint64_t facts = 0;
        if (!GetVarint64(&value, &facts)) {
          return absl::DataLossError("the projection's days are damaged; rebuild the projection");
        }
        visit(day, static_cast<int64_t>(facts));
        return absl::OkStatus();
      });
}

template class StoredReading<FactReader>;
template class StoredReading<FactTables>;

StoredTables::StoredTables(EventLog* log, rocksdb::ColumnFamilyHandle* family)
    : StoredReading(StoredEntries{log->database(), family, nullptr, nullptr}),
      log_(log),
      changes_(std::make_unique<rocksdb::WriteBatchWithIndex>(
          rocksdb::BytewiseComparator(), /*reserved_bytes=*/0, /*overwrite_key=*/true)),
      writer_([this](absl::string_view key, absl::string_view value, bool present) {
        const rocksdb::Status status =
            present ? changes_->Put(entries_.family, ToSlice(key), ToSlice(value))
                    : changes_->Delete(entries_.family, ToSlice(key));
        return FromRocks(status, "changing the projection");
      }) {
  entries_.changes = changes_.get();
}

absl::StatusOr<uint64_t> StoredTables::ReadCheckpoint() const {
  ASSIGN_OR_RETURN(const std::string value, entries_.Get(TableKey(EntryTable::kCheckpoint)));
  if (value.empty()) return 0;
  return ParseCheckpoint(value);
}

absl::Status StoredTables::Commit(uint64_t position) {
  RETURN_IF_ERROR(FromRocks(
      changes_->Put(entries_.family, TableKey(EntryTable::kCheckpoint), EncodeCheckpoint(position)),
      "changing the projection"));
  RETURN_IF_ERROR(log_->WriteDerived(changes_->GetWriteBatch(), /*sync=*/false));
  changes_->Clear();
  return absl::OkStatus();
}

}  // namespace payfold
