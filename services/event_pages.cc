#include "services/event_pages.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"

namespace payfold {
namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

class EventPages final : public Producer<v1::ReadEventsResponse> {
 public:
  EventPages(std::shared_ptr<const OpenLedger> open, std::unique_ptr<EventCursor> cursor,
             uint64_t limit)
      : open_(std::move(open)), cursor_(std::move(cursor)), left_(limit) {}

  absl::StatusOr<bool> Next(const Call& call, v1::ReadEventsResponse* response) override {
    size_t bytes = 0;
    while (left_ > 0 && response->events_size() < kMaxEventsInMessage &&
           bytes < kMaxBytesInMessage && cursor_ != nullptr && cursor_->Next()) {
      if (response->events_size() % 64 == 0) RETURN_IF_ERROR(call.CheckAlive());
      ASSIGN_OR_RETURN(*response->add_events(), MakeStoredEvent(*open_->ledger, cursor_->event()));
      bytes += 2 * cursor_->event().bytes.size();
      --left_;
    }
    if (cursor_ != nullptr) RETURN_IF_ERROR(cursor_->status());
    return response->events_size() > 0;
  }

 private:
  const std::shared_ptr<const OpenLedger> open_;
  std::unique_ptr<EventCursor> cursor_;  // None if nothing can match.
  uint64_t left_;
};

}  // namespace

absl::StatusOr<uint64_t> KindsMask(const google::protobuf::RepeatedPtrField<std::string>& names) {
  if (names.empty()) return ~uint64_t{0};
  uint64_t mask = 0;
  for (int i = 0; i < names.size(); ++i) {
    const uint32_t kind = KindByName(names[i]);
    if (kind == 0) {
      std::vector<absl::string_view> known;
      for (uint32_t k = 1; k <= kMaxKind; ++k) {
        if (!KindName(k).empty()) known.push_back(KindName(k));
      }
      return FieldError(absl::StrCat("kinds[", i, "]"), kReasonFieldInvalid,
                        absl::StrCat("\"", names[i], "\" is no kind of event; there are ",
                                     absl::StrJoin(known, ", ")));
    }
    mask |= KindBit(kind);
  }
  return mask;
}

absl::StatusOr<v1::StoredEvent> MakeStoredEvent(const Ledger& ledger, const EventView& event) {
  v1::StoredEvent stored;
  ASSIGN_OR_RETURN(*stored.mutable_event(), ledger.Decode(event));
  RETURN_IF_ERROR(ledger.Unseal(stored.mutable_event()));
  stored.set_stored(std::string(event.bytes));
  return stored;
}

absl::StatusOr<v1::StoredEvent> FindEvent(const Ledger& ledger,
                                          const v1::GetEventRequest& request) {
  uint64_t position = request.position();
  switch (request.which_case()) {
    case v1::GetEventRequest::kPosition:
      break;
    case v1::GetEventRequest::kEventId: {
      ASSIGN_OR_RETURN(const std::optional<KnownEvent> known,
                       ledger.log().FindEventId(request.event_id()));
      if (!known.has_value()) {
        return absl::NotFoundError(absl::StrCat("no event has the id \"", request.event_id(),
                                                "\"; ids are exact, capitals included"));
      }
      position = known->position;
      break;
    }
    case v1::GetEventRequest::WHICH_NOT_SET:
      return FieldError("position", kReasonFieldMissing, "give a position or an event id");
  }
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView event, ledger.log().Get(position, &storage));
  return MakeStoredEvent(ledger, event);
}

absl::StatusOr<std::unique_ptr<Producer<v1::ReadEventsResponse>>> ReadEventPages(
    std::shared_ptr<const OpenLedger> open, const v1::ReadEventsRequest& request) {
  const EventLog& log = open->ledger->log();
  EventQuery query{.backward = request.backwards()};
  if (request.from_position() != 0) {
    (request.backwards() ? query.last : query.first) = request.from_position();
  }
  ASSIGN_OR_RETURN(query.kinds, KindsMask(request.kinds()));
  bool possible = true;
  if (!request.stream().empty()) {
    ASSIGN_OR_RETURN(query.stream, log.FindStream(request.stream()));
    possible = query.stream.has_value();
  }
  if (!request.participant_id().empty()) {
    ASSIGN_OR_RETURN(query.participant, log.FindParticipant(request.participant_id()));
    possible = possible && query.participant.has_value();
  }
  std::unique_ptr<EventCursor> cursor = possible ? log.Read(query) : nullptr;
  return std::make_unique<EventPages>(std::move(open), std::move(cursor),
                                      request.limit() == 0 ? kNoLimit : request.limit());
}

}  // namespace payfold
