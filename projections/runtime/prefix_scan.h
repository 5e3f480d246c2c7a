// The first pass of a fold of a prefix: reads events in order of position, piece
// by piece, and sorts what they say by where it goes. Pieces are independent of
// one another. Internal to projections/runtime.

#ifndef PROJECTIONS_RUNTIME_PREFIX_SCAN_H_
#define PROJECTIONS_RUNTIME_PREFIX_SCAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/log/event.h"
#include "ledger/log/event_log.h"
#include "projections/facts/metrics.h"

namespace payfold {

// Deals are dealt with by ranges of their streams' numbers.
inline constexpr uint32_t kStreamsPerShard = 8192;

// An event, copied out of the log.
struct KeptEvent {
  EventView view;  // Points into the next two.
  std::string bytes;
  std::vector<uint32_t> participants;

  explicit KeptEvent(const EventView& event);
  EventView View() const;
};

// Encoded facts of deals, one after the other, in order of position. That of the
// first event of a stream begins with the deal's id.
struct DealRecords {
  struct Record {
    uint32_t stream = 0;
    uint32_t size = 0;  // in `bytes`
  };
  std::string bytes;
  std::vector<Record> records;
};

struct RecordedMetric {
  MetricSubject subject;
  MetricFact metric;
};

// What a piece of the log says.
struct ScannedPiece {
  std::vector<DealRecords> deals;  // by shard, as far as there are any
  std::vector<RecordedMetric> metrics;
  std::vector<KeptEvent> others;                           // reference events and voids
  std::vector<std::pair<uint32_t, std::string>> mentions;  // participants, by number and id
};

// The events from `first` to `last` as far as they are known: those that publish or
// retire a plan up to `plans_position`, others up to `position`.
// Errors: kDataLoss if the log is damaged.
absl::StatusOr<ScannedPiece> ScanPiece(const EventLog& log, uint64_t first, uint64_t last,
                                       uint64_t position, uint64_t plans_position);

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PREFIX_SCAN_H_
