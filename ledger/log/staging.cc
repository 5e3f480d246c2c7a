#include "ledger/log/staging.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/log/clear_for_as_many.h"
#include "ledger/log/envelope.h"

namespace payfold {
namespace {

// Removes the elements from `begin` on and gives them.
std::vector<std::string> CutTail(std::vector<std::string>* names, size_t begin) {
  const auto first = names->begin() + static_cast<std::ptrdiff_t>(begin);
  std::vector<std::string> tail(std::make_move_iterator(first),
                                std::make_move_iterator(names->end()));
  names->erase(first, names->end());
  return tail;
}

}  // namespace

void Staging::Reset(const LogHead& committed) {
  committed_ = committed;
  events_.clear();
  bytes_.clear();
  participants_.clear();
  new_streams_.clear();
  new_participants_.clear();
  ClearForAsMany(&ids_);
}

uint32_t Staging::AddStream(absl::string_view name) {
  new_streams_.emplace_back(name);
  return committed_.streams + static_cast<uint32_t>(new_streams_.size() - 1);
}

uint32_t Staging::AddParticipant(absl::string_view id) {
  new_participants_.emplace_back(id);
  return committed_.participants + static_cast<uint32_t>(new_participants_.size() - 1);
}

void Staging::Add(const NewEvent& event, const Place& place,
                  absl::Span<const uint32_t> participants) {
  AppendEnvelope(&bytes_, last_position() + 1, place.recorded_at_micros, place.stream_version);
  bytes_.append(event.body);
  participants_.insert(participants_.end(), participants.begin(), participants.end());
  ids_.emplace(place.id, events_.size());
  events_.push_back({.id = place.id,
                     .content_digest = event.content_digest,
                     .recorded_at_micros = place.recorded_at_micros,
                     .kind = event.kind,
                     .stream = place.stream,
                     .stream_version = place.stream_version,
                     .bytes_end = bytes_.size(),
                     .participants_end = participants_.size(),
                     .new_streams_end = new_streams_.size(),
                     .new_participants_end = new_participants_.size()});
}

EventView Staging::View(size_t index) const {
  CHECK(index < events_.size());
  const Event& event = events_[index];
  const size_t bytes_begin = index == 0 ? 0 : events_[index - 1].bytes_end;
  const size_t participants_begin = index == 0 ? 0 : events_[index - 1].participants_end;
  return {
      .position = committed_.position() + index + 1,
      .recorded_at_micros = event.recorded_at_micros,
      .kind = event.kind,
      .stream = event.stream,
      .stream_version = event.stream_version,
      .participants = absl::MakeConstSpan(participants_)
                          .subspan(participants_begin, event.participants_end - participants_begin),
      .bytes = absl::string_view(bytes_).substr(bytes_begin, event.bytes_end - bytes_begin)};
}

std::optional<KnownEvent> Staging::Find(const EventIdKey& id) const {
  auto found = ids_.find(id);
  if (found == ids_.end()) return std::nullopt;
  return KnownEvent{.position = committed_.position() + found->second + 1,
                    .content_digest = events_[found->second].content_digest};
}

Staging::LostNames Staging::RemoveLast() {
  CHECK(!events_.empty());
  ids_.erase(events_.back().id);
  events_.pop_back();
  const bool none = events_.empty();
  bytes_.resize(none ? 0 : events_.back().bytes_end);
  participants_.resize(none ? 0 : events_.back().participants_end);
  return {
      .streams = CutTail(&new_streams_, none ? 0 : events_.back().new_streams_end),
      .participants = CutTail(&new_participants_, none ? 0 : events_.back().new_participants_end)};
}

void Staging::AddTo(GroupRecords* records, size_t first) const {
  for (size_t i = first; i < events_.size(); ++i) {
    records->Add(View(i), events_[i].id, events_[i].content_digest);
  }
}

}  // namespace payfold
