#include "projections/runtime/stored_entries.h"

#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr uint32_t kOffset = uint32_t{1} << 31;

uint32_t Sortable(int32_t number) { return static_cast<uint32_t>(number) + kOffset; }

absl::Status DamagedEntry() {
  return absl::DataLossError("a key of the projection is damaged; rebuild the projection");
}

}  // namespace

std::string TableKey(EntryTable table) { return std::string(1, static_cast<char>(table)); }

std::string DealKey(uint32_t stream) {
  std::string key = TableKey(EntryTable::kDeals);
  PutBig32(&key, stream);
  return key;
}

std::string CreditsKey(uint32_t participant, int32_t month) {
  std::string key = TableKey(EntryTable::kCredits);
  PutBig32(&key, participant);
  PutBig32(&key, Sortable(month));
  return key;
}

std::string MarkKey(FactReader::Mark mark) {
  std::string key = TableKey(EntryTable::kMarks);
  key.push_back(static_cast<char>(mark));
  return key;
}

std::string MarkKey(FactReader::Mark mark, uint32_t stream) {
  std::string key = MarkKey(mark);
  PutBig32(&key, stream);
  return key;
}

std::string ReferenceKey(uint64_t position) {
  std::string key = TableKey(EntryTable::kReference);
  PutBig64(&key, position);
  return key;
}

std::string ParticipantKey(uint32_t number) {
  std::string key = TableKey(EntryTable::kParticipants);
  PutBig32(&key, number);
  return key;
}

std::string LastDayKey(Date day) {
  std::string key = TableKey(EntryTable::kLastDays);
  PutBig32(&key, Sortable(day.days()));
  return key;
}

std::string MetricsKey(const MetricSubject& subject, int32_t month) {
  std::string key = TableKey(EntryTable::kMetrics);
  key += subject.metric;
  key.push_back('\0');  // Before every character of an id.
  PutBig32(&key, subject.participant);
  PutBig32(&key, Sortable(month));
  return key;
}

std::string PostedKey(uint32_t participant, Date first_day) {
  std::string key = TableKey(EntryTable::kPosted);
  PutBig32(&key, participant);
  PutBig32(&key, Sortable(first_day.days()));
  return key;
}

std::string LatestDayKey(uint64_t position) {
  std::string key = TableKey(EntryTable::kLatestDays);
  PutBig64(&key, position);
  return key;
}

std::string TakenKey(uint32_t participant) {
  std::string key = TableKey(EntryTable::kTaken);
  PutBig32(&key, participant);
  return key;
}

absl::StatusOr<uint32_t> LastNumber(absl::string_view key) {
  if (key.size() < sizeof(uint32_t)) return DamagedEntry();
  return GetBig32(key.substr(key.size() - sizeof(uint32_t)));
}

absl::StatusOr<uint64_t> LastPosition(absl::string_view key) {
  if (key.size() < sizeof(uint64_t)) return DamagedEntry();
  return GetBig64(key.substr(key.size() - sizeof(uint64_t)));
}

absl::StatusOr<Date> LastDate(absl::string_view key) {
  ASSIGN_OR_RETURN(const uint32_t number, LastNumber(key));
  return Date::FromDays(static_cast<int32_t>(number - kOffset));
}

absl::Status EntryWriter::PutDeal(uint32_t stream, absl::string_view encoded) {
  return sink_(DealKey(stream), encoded, !encoded.empty());
}

absl::Status EntryWriter::PutCredits(uint32_t participant, int32_t month,
                                     absl::Span<const Credit> credits) {
  const std::string encoded = EncodeCredits(credits);
  return sink_(CreditsKey(participant, month), encoded, !encoded.empty());
}

absl::Status EntryWriter::SetTaken(uint32_t participant, uint32_t stream, bool taken) {
  std::string key = TakenKey(participant);
  PutBig32(&key, stream);
  return sink_(key, "", taken);
}

absl::Status EntryWriter::PutMetrics(const MetricSubject& subject, int32_t month,
                                     absl::Span<const MetricFact> metrics) {
  const std::string encoded = EncodeMetrics(metrics);
  return sink_(MetricsKey(subject, month), encoded, !encoded.empty());
}

absl::Status EntryWriter::PutPosted(uint32_t participant, const PostedEntry& posted) {
  std::string key = PostedKey(participant, posted.first_day);
  PutBig64(&key, posted.position);
  return sink_(key, posted.totals, true);
}

absl::Status EntryWriter::SetMark(FactReader::Mark mark, uint32_t stream, bool marked) {
  return sink_(MarkKey(mark, stream), "", marked);
}

absl::Status EntryWriter::PutReference(uint64_t position, absl::string_view entry) {
  return sink_(ReferenceKey(position), entry, !entry.empty());
}

absl::Status EntryWriter::PutParticipant(uint32_t number, absl::string_view id) {
  return sink_(ParticipantKey(number), id, !id.empty());
}

absl::Status EntryWriter::PutLastDay(Date day, int64_t facts) {
  std::string value;
  if (facts != 0) PutVarint64(&value, static_cast<uint64_t>(facts));
  return sink_(LastDayKey(day), value, facts != 0);
}

absl::Status EntryWriter::PutLatestDay(const DayStep& step) {
  std::string value;
  PutBig32(&value, Sortable(step.day.days()));
  return sink_(LatestDayKey(step.position), value, true);
}

}  // namespace payfold
