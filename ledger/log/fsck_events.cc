#include "ledger/log/fsck_events.h"

#include <algorithm>
#include <memory>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

absl::Status Wrong(absl::string_view what) { return absl::DataLossError(what); }

}  // namespace

EventChecker::EventChecker(const LogDatabase& database, const FsckOptions& options,
                           Verdict* verdict)
    : options_(options), verdict_(verdict) {
  if (options.check_payload) ReadNames(database);
}

// As far as it can be read: the check of the indexes says what cannot.
void EventChecker::ReadNames(const LogDatabase& database) {
  const std::unique_ptr<rocksdb::Iterator> runs = database.NewScan(Family::kParticipantIds);
  for (runs->SeekToFirst(); runs->Valid(); runs->Next()) {
    if (ToView(runs->key()) != MakeNumberKey(static_cast<uint32_t>(ids_.size()))) return;
    absl::string_view run = ToView(runs->value());
    absl::string_view id;
    while (GetLengthPrefixed(&run, &id)) ids_.emplace_back(id);
  }
}

void EventChecker::Add(const EventView& event, const absl::StatusOr<Envelope>& envelope) {
  absl::Status status = envelope.status();
  if (status.ok()) status = CheckEnvelope(event, *envelope);
  // In any case, for those that follow.
  const absl::Status stream =
      CheckStream(event, envelope.ok() ? envelope->stream : absl::string_view());
  const absl::Status participants = CheckParticipants(event);
  last_recorded_at_micros_ = event.recorded_at_micros;
  status.Update(stream);
  status.Update(participants);
  if (status.ok()) return;
  verdict_->Fail(
      kEventsCheck,
      {.position = event.position, .subject = "", .detail = std::string(status.message())});
}

absl::Status EventChecker::CheckEnvelope(const EventView& event, const Envelope& envelope) {
  if (envelope.position != event.position || envelope.stream_version != event.stream_version ||
      envelope.recorded_at_micros != event.recorded_at_micros) {
    return Wrong("the envelope in the stored bytes says something else");
  }
  if (event.recorded_at_micros < last_recorded_at_micros_) {
    return Wrong("it was recorded earlier than the one before");
  }
  if (event.kind == 0 || event.kind > kMaxKind) return Wrong("unknown kind");
  return absl::OkStatus();
}

absl::Status EventChecker::CheckStream(const EventView& event, absl::string_view name) {
  if (event.stream > versions_.size()) return Wrong("its stream's number is not the next one");
  if (event.stream == versions_.size()) {
    versions_.push_back(0);
    stream_names_.push_back(absl::HashOf(name));
  }
  const uint64_t version = ++versions_[event.stream];
  if (name.empty()) return Wrong("the stored bytes name no stream");
  if (stream_names_[event.stream] != absl::HashOf(name)) {
    return Wrong(absl::StrCat("the stream ", name, " has two numbers"));
  }
  if (event.stream_version != version) {
    return Wrong(absl::StrCat("the stream ", name, " is at version ", version));
  }
  return absl::OkStatus();
}

absl::Status EventChecker::CheckParticipants(const EventView& event) {
  std::vector<absl::string_view> ids;
  for (const uint32_t participant : event.participants) {
    if (participant > participants_) return Wrong("a participant's number is not the next one");
    participants_ = std::max(participants_, participant + 1);
    if (participant < ids_.size()) ids.push_back(ids_[participant]);
  }
  if (!options_.check_payload) return absl::OkStatus();
  return options_.check_payload(event, ids);
}

}  // namespace payfold
