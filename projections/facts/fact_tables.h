// Where the fold keeps its state: in memory for a past moment or a rebuild, in
// RocksDB for the live projection. One writer; values are encoded.

#ifndef PROJECTIONS_FACTS_FACT_TABLES_H_
#define PROJECTIONS_FACTS_FACT_TABLES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "projections/facts/credits.h"
#include "projections/facts/last_days.h"
#include "projections/facts/metrics.h"

namespace payfold {

// What a posted statement of one participant adds up to.
struct PostedEntry {
  uint64_t position = 0;  // of StatementPosted
  Date first_day;         // of its payout period
  // The v1::Statement without lines, rewards and texts, serialised.
  std::string totals;
};

// What is kept, to be read. A reader that is shared never changes.
class FactReader {
 public:
  // Sets of deals that something must find again.
  enum class Mark : uint8_t {
    kIssues = 1,    // wait for something, or contradict themselves
    kByPolicy = 2,  // a change of split policies concerns them
    kPipeline = 3,  // are not booked, and are an open opportunity
  };

  virtual ~FactReader() = default;

  // Encoded facts of a deal by dense stream number; empty if there are none.
  virtual absl::StatusOr<std::string> GetDeal(uint32_t stream) const = 0;

  // A participant's credits dated in one month (MonthOf).
  virtual absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                         int32_t month) const = 0;
  // Appends those of all months from `first` to `last`.
  virtual absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                   std::vector<Credit>* credits) const = 0;

  // Appends the deals, in order of stream, whose facts name a participant that they
  // do not credit, or no more.
  virtual absl::Status ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const = 0;

  // Appends the values of one metric and participant (or kEverybody) of all months
  // from `first` to `last`, in order of (date, position), also those that were voided.
  virtual absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                                   std::vector<MetricFact>* metrics) const = 0;

  // Appends a participant's posted statements of the payout periods that begin up to a
  // day, in order of (first day, position).
  virtual absl::Status ReadPosted(uint32_t participant, Date upto,
                                  std::vector<PostedEntry>* posted) const = 0;

  // In order of stream.
  virtual absl::StatusOr<std::vector<uint32_t>> Marked(Mark mark) const = 0;

  // Events that make the reference, in order of position, as the fold encoded them;
  // also those that were voided.
  using VisitReference = std::function<absl::Status(uint64_t position, absl::string_view entry)>;
  virtual absl::Status ForEachReference(const VisitReference& visit) const = 0;

  // Dense numbers and ids of the participants that facts name.
  using VisitParticipant = std::function<void(uint32_t number, absl::string_view id)>;
  virtual absl::Status ForEachParticipant(const VisitParticipant& visit) const = 0;

  // The number of deals whose latest fact has that date, and of metrics of that day.
  using VisitLastDay = std::function<void(Date day, int64_t facts)>;
  virtual absl::Status ForEachLastDay(const VisitLastDay& visit) const = 0;

  // The latest of these days, as it was at a position that is folded; Date::Min() if
  // there was none.
  virtual absl::StatusOr<Date> LatestDayAt(uint64_t position) const = 0;
};

// What is kept, to be written. Empty values, 0 and false take an entry away.
class FactWriter {
 public:
  virtual ~FactWriter() = default;

  virtual absl::Status PutDeal(uint32_t stream, absl::string_view encoded) = 0;
  virtual absl::Status PutCredits(uint32_t participant, int32_t month,
                                  absl::Span<const Credit> credits) = 0;
  virtual absl::Status SetTaken(uint32_t participant, uint32_t stream, bool taken) = 0;
  // In order of (date, position), all of the month.
  virtual absl::Status PutMetrics(const MetricSubject& subject, int32_t month,
                                  absl::Span<const MetricFact> metrics) = 0;
  virtual absl::Status PutPosted(uint32_t participant, const PostedEntry& posted) = 0;
  virtual absl::Status SetMark(FactReader::Mark mark, uint32_t stream, bool marked) = 0;
  virtual absl::Status PutReference(uint64_t position, absl::string_view entry) = 0;
  virtual absl::Status PutParticipant(uint32_t number, absl::string_view id) = 0;
  virtual absl::Status PutLastDay(Date day, int64_t facts) = 0;
  // Where the latest day becomes another one.
  virtual absl::Status PutLatestDay(const DayStep& step) = 0;
};

class FactTables : public FactReader, public FactWriter {};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_FACT_TABLES_H_
