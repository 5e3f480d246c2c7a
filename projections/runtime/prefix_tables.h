// The tables of a fold of a prefix, packed: they are made whole, many parts at the
// same time, and only read from then on.

#ifndef PROJECTIONS_RUNTIME_PREFIX_TABLES_H_
#define PROJECTIONS_RUNTIME_PREFIX_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "projections/facts/fact_tables.h"
#include "projections/facts/memory_tables.h"

namespace payfold {

// Encoded facts of the deals of consecutive streams, one after the other.
struct PackedDeals {
  std::string bytes;
  std::vector<size_t> ends;  // of each stream's

  size_t size() const { return ends.size(); }
  // Empty for a stream that is no deal's, or beyond the last.
  absl::string_view Get(size_t index) const {
    if (index >= ends.size()) return {};
    const size_t begin = index == 0 ? 0 : ends[index - 1];
    return {bytes.data() + begin, ends[index] - begin};
  }
};

// Thread-safe, as nothing changes.
class PrefixTables final : public FactReader {
 public:
  // `deals`: by shard of kStreamsPerShard streams. `credits`: by participant, in
  // order. `others`: all other tables.
  PrefixTables(std::vector<PackedDeals> deals, std::vector<std::vector<Credit>> credits,
               MemoryTables others)
      : deals_(std::move(deals)), credits_(std::move(credits)), others_(std::move(others)) {}

  absl::StatusOr<std::string> GetDeal(uint32_t stream) const override;
  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                 int32_t month) const override;
  absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                           std::vector<Credit>* credits) const override;
  absl::Status ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const override {
    return others_.ReadTaken(participant, streams);
  }
  absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                           std::vector<MetricFact>* metrics) const override {
    return others_.ReadMetrics(subject, first, last, metrics);
  }
  absl::Status ReadPosted(uint32_t participant, Date upto,
                          std::vector<PostedEntry>* posted) const override {
    return others_.ReadPosted(participant, upto, posted);
  }
  absl::StatusOr<std::vector<uint32_t>> Marked(Mark mark) const override {
    return others_.Marked(mark);
  }
  absl::Status ForEachReference(const VisitReference& visit) const override {
    return others_.ForEachReference(visit);
  }
  absl::Status ForEachParticipant(const VisitParticipant& visit) const override {
    return others_.ForEachParticipant(visit);
  }
  absl::Status ForEachLastDay(const VisitLastDay& visit) const override {
    return others_.ForEachLastDay(visit);
  }
  absl::StatusOr<Date> LatestDayAt(uint64_t position) const override {
    return others_.LatestDayAt(position);
  }

  // Writes everything into other tables, table by table in order of key.
  absl::Status CopyTo(FactWriter* tables) const;

 private:
  std::vector<PackedDeals> deals_;
  std::vector<std::vector<Credit>> credits_;
  MemoryTables others_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PREFIX_TABLES_H_
