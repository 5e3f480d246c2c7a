// The fold's tables in a column family of RocksDB.

#ifndef PROJECTIONS_RUNTIME_STORED_TABLES_H_
#define PROJECTIONS_RUNTIME_STORED_TABLES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/event_log.h"
#include "projections/facts/fact_tables.h"
#include "projections/runtime/stored_content.h"
#include "projections/runtime/stored_entries.h"
#include "rocksdb/db.h"

namespace payfold {

// The reading half, over entries, of FactReader (`Base`) or what is made of it.
template <typename Base>
class StoredReading : public Base {
 public:
  explicit StoredReading(StoredEntries entries) : entries_(entries) {}

  absl::StatusOr<std::string> GetDeal(uint32_t stream) const override;
  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                 int32_t month) const override;
  absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                           std::vector<Credit>* credits) const override;
  absl::Status ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const override;
  absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                           std::vector<MetricFact>* metrics) const override;
  absl::Status ReadPosted(uint32_t participant, Date upto,
                          std::vector<PostedEntry>* posted) const override;
  absl::StatusOr<std::vector<uint32_t>> Marked(FactReader::Mark mark) const override;
  absl::Status ForEachReference(const FactReader::VisitReference& visit) const override;
  absl::Status ForEachParticipant(const FactReader::VisitParticipant& visit) const override;
  absl::Status ForEachLastDay(const FactReader::VisitLastDay& visit) const override;
  absl::StatusOr<Date> LatestDayAt(uint64_t position) const override;

 protected:
  StoredEntries entries_;
};

extern template class StoredReading<FactReader>;
extern template class StoredReading<FactTables>;

// What is stored as of a snapshot. Thread-safe, as nothing changes.
class SnapshotFacts final : public StoredReading<FactReader> {
 public:
  explicit SnapshotFacts(StoredSnapshot content)
      : StoredReading(content.entries), owner_(std::move(content.owner)) {}

 private:
  std::shared_ptr<const void> owner_;
};

// What is stored, with changes that are read back at once (StoredChanges).
class StoredTables final : public StoredReading<FactTables> {
 public:
  // `*log` must outlive it.
  StoredTables(EventLog* log, rocksdb::ColumnFamilyHandle* family);

  StoredChanges& changes() { return changes_; }
  absl::Status Commit(uint64_t position) { return changes_.Commit(position); }

  absl::Status PutDeal(uint32_t stream, absl::string_view encoded) override {
    return writer_.PutDeal(stream, encoded);
  }
  absl::Status PutCredits(uint32_t participant, int32_t month,
                          absl::Span<const Credit> credits) override {
    return writer_.PutCredits(participant, month, credits);
  }
  absl::Status SetTaken(uint32_t participant, uint32_t stream, bool taken) override {
    return writer_.SetTaken(participant, stream, taken);
  }
  absl::Status PutMetrics(const MetricSubject& subject, int32_t month,
                          absl::Span<const MetricFact> metrics) override {
    return writer_.PutMetrics(subject, month, metrics);
  }
  absl::Status PutPosted(uint32_t participant, const PostedEntry& posted) override {
    return writer_.PutPosted(participant, posted);
  }
  absl::Status SetMark(FactReader::Mark mark, uint32_t stream, bool marked) override {
    return writer_.SetMark(mark, stream, marked);
  }
  absl::Status PutReference(uint64_t position, absl::string_view entry) override {
    return writer_.PutReference(position, entry);
  }
  absl::Status PutParticipant(uint32_t number, absl::string_view id) override {
    return writer_.PutParticipant(number, id);
  }
  absl::Status PutLastDay(Date day, int64_t facts) override {
    return writer_.PutLastDay(day, facts);
  }
  absl::Status PutLatestDay(const DayStep& step) override { return writer_.PutLatestDay(step); }

 private:
  StoredChanges changes_;
  EntryWriter writer_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_STORED_TABLES_H_
