// The payout projection's content as keys and values: the one place for its layout.
//
// A key is the byte of its table, then numbers, big-endian; dates and months are
// offset by 2^31 so that they sort.
//
//   0 (nothing)                checkpoint: varint kLayoutVersion, varint position
//   1 stream:4                 encoded facts of a deal (deal_encoding.cc)
//   2 participant:4 month:4    credits (EncodeCredits)
//   3 mark:1 stream:4          nothing
//   4 position:8               a reference event (EncodeReference)
//   5 participant:4            the participant's id
//   6 day:4                    varint number of deals whose latest fact has that date,
//                              and of metrics of that day
//   7 metric 0:1 participant:4 month:4
//                              metrics (EncodeMetrics)
//   8 participant:4 first day:4 position:8
//                              what a posted statement adds up to (PostedEntry)
//   9 position:8               day:4, the latest of the days of table 6 from there on
//  10 participant:4 stream:4   nothing: a deal that names the participant and does not
//                              credit them, or no more
//
// The content's digest is over the entries of tables 1 to 10 in order of key.

#ifndef PROJECTIONS_RUNTIME_STORED_ENTRIES_H_
#define PROJECTIONS_RUNTIME_STORED_ENTRIES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "projections/facts/fact_tables.h"
#include "projections/runtime/checkpoint.h"

namespace payfold {

inline constexpr uint64_t kLayoutVersion = 4;
inline constexpr ProjectionFormat kPayoutFormat{"payouts", kLayoutVersion};

enum class EntryTable : uint8_t {
  kCheckpoint = 0,
  kDeals = 1,
  kCredits = 2,
  kMarks = 3,
  kReference = 4,
  kParticipants = 5,
  kLastDays = 6,
  kMetrics = 7,
  kPosted = 8,
  kLatestDays = 9,
  kTaken = 10,
};

std::string TableKey(EntryTable table);  // Before all other keys of the table.
std::string DealKey(uint32_t stream);
std::string CreditsKey(uint32_t participant, int32_t month);
std::string MarkKey(FactReader::Mark mark);  // Before the streams of the mark.
std::string MarkKey(FactReader::Mark mark, uint32_t stream);
std::string ReferenceKey(uint64_t position);
std::string ParticipantKey(uint32_t number);
std::string LastDayKey(Date day);
std::string MetricsKey(const MetricSubject& subject, int32_t month);
std::string PostedKey(uint32_t participant, Date first_day);  // Before all positions.
std::string LatestDayKey(uint64_t position);
std::string TakenKey(uint32_t participant);  // Before all streams.

// The number at the end of a key of 4 (or, of kReference, 8) bytes; the day of a value
// of kLatestDays likewise.
// Errors: kDataLoss if the key is too short.
absl::StatusOr<uint32_t> LastNumber(absl::string_view key);
absl::StatusOr<uint64_t> LastPosition(absl::string_view key);
absl::StatusOr<Date> LastDate(absl::string_view key);

inline std::string EncodeCheckpoint(uint64_t position) {
  return EncodeCheckpoint(kLayoutVersion, position);
}

// Turns what is written to the tables into entries, in the order it is written.
class EntryWriter final : public FactWriter {
 public:
  // `present` is false where the entry is taken away; the value is empty then.
  using Sink =
      std::function<absl::Status(absl::string_view key, absl::string_view value, bool present)>;
  explicit EntryWriter(Sink sink) : sink_(std::move(sink)) {}

  absl::Status PutDeal(uint32_t stream, absl::string_view encoded) override;
  absl::Status PutCredits(uint32_t participant, int32_t month,
                          absl::Span<const Credit> credits) override;
  absl::Status SetTaken(uint32_t participant, uint32_t stream, bool taken) override;
  absl::Status PutMetrics(const MetricSubject& subject, int32_t month,
                          absl::Span<const MetricFact> metrics) override;
  absl::Status PutPosted(uint32_t participant, const PostedEntry& posted) override;
  absl::Status SetMark(FactReader::Mark mark, uint32_t stream, bool marked) override;
  absl::Status PutReference(uint64_t position, absl::string_view entry) override;
  absl::Status PutParticipant(uint32_t number, absl::string_view id) override;
  absl::Status PutLastDay(Date day, int64_t facts) override;
  absl::Status PutLatestDay(const DayStep& step) override;

 private:
  Sink sink_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_STORED_ENTRIES_H_
