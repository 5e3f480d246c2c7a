#include "ledger/log/writer.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>
#include <variant>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/clear_for_as_many.h"
#include "rocksdb/write_batch.h"

namespace payfold {
namespace {

// Names whose number and version the writer remembers, in each of two generations.
constexpr size_t kRememberedNames = size_t{1} << 15;

absl::Status CheckEvent(const NewEvent& event) {
  const auto bad = [&event](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("event \"", event.event_id, "\": ", why));
  };
  if (event.event_id.empty()) return bad("the event id is empty");
  if (event.stream.empty()) return bad("the stream is empty");
  if (event.kind == 0 || event.kind > kMaxKind) {
    return bad(absl::StrCat("the kind is ", event.kind, ", must be 1 to ", kMaxKind));
  }
  if (event.body.size() > kMaxEventBytes) {
    return bad(
        absl::StrCat("it has ", event.body.size(), " bytes, must have at most ", kMaxEventBytes));
  }
  return absl::OkStatus();
}

}  // namespace

LogWriter::LogWriter(LogDatabase* database, Clock* clock, LogHead head)
    : database_(database),
      reader_(database),
      clock_(clock),
      head_(std::move(head)),
      closed_head_(head_),
      closed_(head_),
      staging_(head_),
      records_(*database, head_),
      streams_(kRememberedNames),
      participants_(kRememberedNames) {}

absl::StatusOr<AppendResult> LogWriter::Stage(const Decide& decide, bool keep) {
  const size_t staged_before = staging_.size();
  const size_t bytes_before = staging_.bytes();
  now_micros_ = std::max(staging_.last_recorded_at_micros(), absl::ToUnixMicros(clock_->Now()));
  ClearForAsMany(&absent_);
  ClearForAsMany(&absent_streams_);
  ASSIGN_OR_RETURN(const std::vector<Decision> decisions, decide(*this));
  AppendResult result;
  result.recorded_at_micros = now_micros_;
  result.events.reserve(decisions.size());
  for (const Decision& decision : decisions) {
    const auto* duplicate = std::get_if<DuplicateOf>(&decision);
    absl::StatusOr<AppendedEvent> appended = duplicate != nullptr
                                                 ? FindDuplicate(duplicate->position)
                                                 : StageEvent(std::get<NewEvent>(decision));
    if (appended.ok() && staging_.bytes() - bytes_before > kMaxBatchBytes) {
      appended = absl::InvalidArgumentError(absl::StrCat("the batch has more than ", kMaxBatchBytes,
                                                         " bytes: append it in several batches"));
    }
    if (!appended.ok()) {
      // The event at fault may be staged (if the batch became too large) or not.
      Unstage(decisions, staging_.size() - staged_before);
      return appended.status();
    }
    result.events.push_back(*appended);
  }
  result.head = staging_.last_position();
  if (keep) {
    staging_.AddTo(&records_, staged_before);
  } else {
    Unstage(decisions, staging_.size() - staged_before);
  }
  return result;
}

LogWriter::Closed LogWriter::Close() {
  Closed closed;
  closed.position = staging_.last_position();
  if (staging_.size() == 0) return closed;
  head_ = std::move(closed_head_);
  auto [records, head] = records_.Finish(staging_.new_names());
  closed_head_ = std::move(head);
  records_ = GroupRecords(*database_, closed_head_, records.GetDataSize());
  std::swap(closed_, staging_);
  staging_.Reset(closed_head_);
  // What the closed group uses is kept: it is not in the database yet.
  streams_.Age();
  participants_.Age();
  closed.records = std::move(records);
  return closed;
}

absl::Status LogWriter::Write(Closed* group) const {
  // What was decided on what another write left in memtables only must not count.
  if (group->records.Count() == 0) return database_->WriteStatus();
  return database_->WriteBeside(&group->records);
}

void LogWriter::Reset() {
  closed_head_ = head_;
  closed_.Reset(head_);
  staging_.Reset(head_);
  records_ = GroupRecords(*database_, head_);
  streams_.Clear();
  participants_.Clear();
}

EventView LogWriter::Staged(uint64_t position) const {
  const bool closed = position <= closed_head_.position();
  const uint64_t before = closed ? head_.position() : closed_head_.position();
  return (closed ? closed_ : staging_).View(static_cast<size_t>(position - before - 1));
}

std::optional<KnownEvent> LogWriter::FindStaged(const EventIdKey& key) const {
  const std::optional<KnownEvent> known = staging_.Find(key);
  return known ? known : closed_.Find(key);
}

void LogWriter::Unstage(absl::Span<const Decision> decisions, size_t count) {
  std::vector<const NewEvent*> staged;
  for (const Decision& decision : decisions) {
    const auto* event = std::get_if<NewEvent>(&decision);
    if (event != nullptr && staged.size() < count) staged.push_back(event);
  }
  for (; !staged.empty(); staged.pop_back()) {
    const Staging::LostNames lost = staging_.RemoveLast();
    for (const std::string& id : lost.participants) participants_.Erase(id);
    if (!lost.streams.empty()) {
      streams_.Erase(staged.back()->stream);
    } else if (StreamState* stream = streams_.Find(staged.back()->stream); stream != nullptr) {
      --stream->version;
    }
  }
}

absl::StatusOr<LogWriter::LookedUp> LogWriter::LookUp(absl::string_view event_id) const {
  const auto asked = absent_.find(event_id);
  const bool absent = asked != absent_.end();
  LookedUp found = {.key = absent ? asked->second : MakeEventIdKey(event_id), .known = {}};
  found.known = FindStaged(found.key);
  if (found.known || absent) return found;
  ASSIGN_OR_RETURN(found.known, reader_.FindEventId(found.key));
  if (!found.known) absent_.emplace(std::string(event_id), found.key);
  return found;
}

absl::StatusOr<EventIdKey> LogWriter::ClaimEventId(absl::string_view event_id) const {
  ASSIGN_OR_RETURN(const LookedUp found, LookUp(event_id));
  if (!found.known) return found.key;
  return absl::AlreadyExistsError(absl::StrCat("the event id \"", event_id,
                                               "\" is that of position ", found.known->position,
                                               ": give the new event an id of its own"));
}

absl::StatusOr<LogWriter::StreamState*> LogWriter::FindStream(absl::string_view stream) const {
  if (StreamState* known = streams_.Find(stream); known != nullptr) return known;
  if (absent_streams_.contains(stream)) return static_cast<StreamState*>(nullptr);
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number,
                   reader_.FindNumber(Family::kStreams, stream));
  if (!number) {
    absent_streams_.emplace(stream);
    return static_cast<StreamState*>(nullptr);
  }
  ASSIGN_OR_RETURN(const uint64_t version, reader_.StreamVersion(*number));
  return streams_.Insert(stream, {*number, static_cast<uint32_t>(version)});
}

absl::StatusOr<uint32_t*> LogWriter::FindParticipant(absl::string_view participant_id) const {
  if (uint32_t* known = participants_.Find(participant_id); known != nullptr) return known;
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number,
                   reader_.FindNumber(Family::kParticipants, participant_id));
  if (!number) return static_cast<uint32_t*>(nullptr);
  return participants_.Insert(participant_id, *number);
}

absl::StatusOr<AppendedEvent> LogWriter::StageEvent(const NewEvent& event) {
  RETURN_IF_ERROR(CheckEvent(event));
  ASSIGN_OR_RETURN(const EventIdKey id, ClaimEventId(event.event_id));
  // All that can fail comes before the first change.
  for (const std::string& participant : event.participants) {
    RETURN_IF_ERROR(FindParticipant(participant).status());
  }
  ASSIGN_OR_RETURN(StreamState * stream, FindStream(event.stream));
  const uint32_t version = stream == nullptr ? 0 : stream->version;
  if (event.expected_stream_version && *event.expected_stream_version != version) {
    return absl::AbortedError(absl::StrCat(
        "event \"", event.event_id, "\": the stream ", event.stream, " is at version ", version,
        ", not ", *event.expected_stream_version, ": read it again and decide anew"));
  }
  if (stream == nullptr) {
    stream = streams_.Insert(event.stream, {staging_.AddStream(event.stream), 0});
  }
  ++stream->version;
  absl::InlinedVector<uint32_t, 8> participants;
  for (const std::string& participant : event.participants) {
    const uint32_t* number = participants_.Find(participant);
    if (number == nullptr) {
      number = participants_.Insert(participant, staging_.AddParticipant(participant));
    }
    participants.push_back(*number);
  }
  staging_.Add(event,
               {.id = id,
                .recorded_at_micros = now_micros_,
                .stream = stream->number,
                .stream_version = stream->version},
               participants);
  return AppendedEvent{
      .position = staging_.last_position(), .stream_version = stream->version, .duplicate = false};
}

absl::StatusOr<AppendedEvent> LogWriter::FindDuplicate(uint64_t position) const {
  ASSIGN_OR_RETURN(const EventView event, Get(position));
  return AppendedEvent{
      .position = position, .stream_version = event.stream_version, .duplicate = true};
}

absl::Status LogWriter::Expect(absl::Span<const absl::string_view> event_ids,
                               absl::Span<const absl::string_view> streams) const {
  RETURN_IF_ERROR(ExpectEventIds(event_ids));
  return ExpectStreams(streams);
}

absl::Status LogWriter::ExpectEventIds(absl::Span<const absl::string_view> event_ids) const {
  std::vector<std::pair<EventIdKey, absl::string_view>> asked;
  asked.reserve(event_ids.size());
  for (absl::string_view id : event_ids) asked.emplace_back(MakeEventIdKey(id), id);
  std::sort(asked.begin(), asked.end(),
            [](const auto& a, const auto& b) { return AsBytes(a.first) < AsBytes(b.first); });
  std::vector<absl::string_view> keys;
  keys.reserve(asked.size());
  for (const auto& [key, id] : asked) keys.push_back(AsBytes(key));
  return reader_.FindAbsent(Family::kEventIds, keys, [&](size_t i) {
    absent_.emplace(std::string(asked[i].second), asked[i].first);
  });
}

absl::Status LogWriter::ExpectStreams(absl::Span<const absl::string_view> streams) const {
  std::vector<absl::string_view> asked(streams.begin(), streams.end());
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  asked.erase(std::remove_if(asked.begin(), asked.end(),
                             [this](absl::string_view s) { return streams_.Find(s) != nullptr; }),
              asked.end());
  return reader_.FindAbsent(Family::kStreams, asked,
                            [&](size_t i) { absent_streams_.emplace(asked[i]); });
}

absl::StatusOr<std::optional<KnownEvent>> LogWriter::FindEventId(absl::string_view event_id) const {
  ASSIGN_OR_RETURN(const LookedUp found, LookUp(event_id));
  return found.known;
}

absl::StatusOr<uint64_t> LogWriter::StreamVersion(absl::string_view stream) const {
  ASSIGN_OR_RETURN(const StreamState* found, FindStream(stream));
  return found == nullptr ? 0 : found->version;
}

absl::StatusOr<bool> LogWriter::HasParticipant(absl::string_view participant_id) const {
  ASSIGN_OR_RETURN(const uint32_t* found, FindParticipant(participant_id));
  return found != nullptr;
}

absl::Status LogWriter::ReadStream(absl::string_view stream,
                                   absl::FunctionRef<absl::Status(const EventView&)> visit) const {
  ASSIGN_OR_RETURN(const StreamState* found, FindStream(stream));
  if (found == nullptr) return absl::OkStatus();
  const StreamState state = *found;  // `visit` may make the cache move it.
  uint64_t read = 0;
  if (state.number < head_.streams) {
    const std::unique_ptr<EventCursor> cursor =
        reader_.Read({.last = head_.position(), .stream = state.number});
    for (; cursor->Next(); ++read) RETURN_IF_ERROR(visit(cursor->event()));
    RETURN_IF_ERROR(cursor->status());
  }
  // The rest is staged, most likely just now.
  std::vector<uint64_t> staged;
  for (uint64_t i = Head(); read + staged.size() < state.version && i > head_.position(); --i) {
    if (Staged(i).stream == state.number) staged.push_back(i);
  }
  if (read + staged.size() != state.version) {
    return absl::DataLossError(absl::StrCat("the stream \"", stream, "\" has ", state.version,
                                            " events, but ", read + staged.size(),
                                            " are found: run payfold verify"));
  }
  for (; !staged.empty(); staged.pop_back()) {
    RETURN_IF_ERROR(visit(Staged(staged.back())));
  }
  return absl::OkStatus();
}

absl::StatusOr<EventView> LogWriter::Get(uint64_t position) const {
  if (position > head_.position() && position <= Head()) return Staged(position);
  return reader_.Get(position, &storage_);
}

}  // namespace payfold
