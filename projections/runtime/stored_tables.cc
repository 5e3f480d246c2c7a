#include "projections/runtime/stored_tables.h"

#include <iterator>

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// The end of keys that begin with `prefix`, whose last byte is not 0xff.
std::string EndOf(std::string prefix) {
  ++prefix.back();
  return prefix;
}

}  // namespace

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
absl::Status StoredReading<Base>::ReadTaken(uint32_t participant,
                                            std::vector<uint32_t>* streams) const {
  return entries_.ForEach(TakenKey(participant), TakenKey(participant + 1),
                          [&](absl::string_view key, absl::string_view /*value*/) -> absl::Status {
                            ASSIGN_OR_RETURN(const uint32_t stream, LastNumber(key));
                            streams->push_back(stream);
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

template <typename Base>
absl::StatusOr<Date> StoredReading<Base>::LatestDayAt(uint64_t position) const {
  Date latest = Date::Min();
  RETURN_IF_ERROR(
      entries_.ForEach(LatestDayKey(0), LatestDayKey(position + 1),
                       [&](absl::string_view /*key*/, absl::string_view value) -> absl::Status {
                         ASSIGN_OR_RETURN(latest, LastDate(value));
                         return absl::OkStatus();
                       }));
  return latest;
}

template class StoredReading<FactReader>;
template class StoredReading<FactTables>;

StoredTables::StoredTables(EventLog* log, rocksdb::ColumnFamilyHandle* family)
    : StoredReading(StoredEntries()),
      changes_(log, family, kPayoutFormat.version),
      writer_([this](absl::string_view key, absl::string_view value, bool present) {
        return present ? changes_.Put(key, value) : changes_.Delete(key);
      }) {
  entries_ = changes_.entries();
}

}  // namespace payfold
