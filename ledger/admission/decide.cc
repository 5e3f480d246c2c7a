#include "ledger/admission/decide.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/difference.h"
#include "ledger/admission/field_path.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/calendar/period.h"
#include "ledger/log/event.h"
#include "ledger/log/log_state.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr uint32_t kDealBooked = v1::Event::kDealBooked;
constexpr uint32_t kFactVoided = v1::Event::kFactVoided;
constexpr size_t kWorthLookingUpAtOnce = 8;

// A fact that a void names.
struct VoidedFact {
  v1::Event event;
  std::string stream;
};

class BatchDecider {
 public:
  BatchDecider(const LogState& state, absl::Span<PreparedEvent> batch, const DecideContext& context)
      : state_(state), batch_(batch), context_(context), next_position_(state.Head() + 1) {
    counts_streams_ = std::any_of(batch.begin(), batch.end(), [](const PreparedEvent& e) {
      return e.event->has_expected_stream_version();
    });
    has_voids_ = std::any_of(batch.begin(), batch.end(),
                             [](const PreparedEvent& e) { return e.event->has_fact_voided(); });
  }

  absl::StatusOr<Decided> Run() {
    positions_.reserve(batch_.size());
    bookings_.reserve(
        static_cast<size_t>(std::count_if(batch_.begin(), batch_.end(), [](const PreparedEvent& e) {
          return e.encoded.kind == kDealBooked;
        })));
    decided_.decisions.reserve(batch_.size());
    if (batch_.size() >= kWorthLookingUpAtOnce) RETURN_IF_ERROR(ExpectAll());
    for (size_t i = 0; i < batch_.size(); ++i) {
      ASSIGN_OR_RETURN(Decision decision, DecideEvent(i));
      decided_.decisions.push_back(std::move(decision));
    }
    if (!decided_.violations.empty()) decided_.decisions.clear();
    return std::move(decided_);
  }

 private:
  absl::Status ExpectAll() const;
  absl::StatusOr<Decision> DecideEvent(size_t i);
  absl::StatusOr<Decision> DecideNew(size_t i);
  absl::Status CheckKnown(size_t i, const KnownEvent& known);
  void CheckRepeat(size_t i);
  void CheckCloses(size_t i);
  absl::Status CheckBooking(size_t i);
  absl::Status CheckVoid(size_t i, NewEvent* encoded);
  absl::Status CheckNotVoidedBeforehand(size_t i);
  absl::Status CheckStreamVersion(size_t i, const std::string& stream);

  absl::StatusOr<std::optional<VoidedFact>> FindFact(const std::string& event_id);
  void CheckVoidable(size_t i, const v1::Event& fact);
  // The bookings of the stream that are not void, as ids.
  absl::StatusOr<std::vector<std::string>> LiveBookings(const std::string& stream);
  absl::StatusOr<bool> IsVoided(const std::string& event_id) const;

  const v1::Event& event(size_t i) const { return *batch_[i].event; }

  // The field of the event's payload, or of its envelope.
  void Add(size_t i, absl::string_view field, bool of_payload, Reason reason, std::string message) {
    const FieldPath path = FieldPath::Item("events", i);
    const FieldPath payload = path / KindName(event(i));
    const FieldPath& parent = of_payload ? payload : path;
    decided_.violations.push_back(
        {.field = field.empty() ? parent.ToString() : (parent / field).ToString(),
         .reason = reason,
         .message = std::move(message)});
  }

  const LogState& state_;
  const absl::Span<PreparedEvent> batch_;  // Of those decided as new, only the digest is left.
  const DecideContext& context_;
  Decided decided_;
  uint64_t next_position_;
  std::vector<uint64_t> positions_;  // Of the events decided so far.
  // What the events of the batch so far add to the state.
  bool counts_streams_;
  bool has_voids_;
  absl::flat_hash_map<std::string, uint64_t> added_to_stream_;
  absl::flat_hash_map<std::string, std::vector<std::string>> bookings_;          // By stream.
  absl::flat_hash_map<std::string, std::pair<size_t, std::string>> new_events_;  // Index, stream.
  absl::flat_hash_set<std::string> voided_;
};

absl::Status BatchDecider::ExpectAll() const {
  std::vector<absl::string_view> ids;
  std::vector<absl::string_view> streams;
  ids.reserve(batch_.size());
  streams.reserve(batch_.size());
  for (const PreparedEvent& e : batch_) {
    ids.push_back(e.encoded.event_id);
    streams.push_back(e.encoded.stream);
  }
  return state_.Expect(ids, streams);
}

absl::StatusOr<Decision> BatchDecider::DecideEvent(size_t i) {
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, state_.FindEventId(event(i).event_id()));
  if (known.has_value()) {
    RETURN_IF_ERROR(CheckKnown(i, *known));
    positions_.push_back(known->position);
    return Decision(DuplicateOf{known->position});
  }
  if (batch_[i].first != i) {
    CheckRepeat(i);
    positions_.push_back(positions_[batch_[i].first]);
    return Decision(DuplicateOf{positions_.back()});
  }
  positions_.push_back(next_position_++);
  return DecideNew(i);
}

absl::StatusOr<Decision> BatchDecider::DecideNew(size_t i) {
  NewEvent& encoded = batch_[i].encoded;
  CheckCloses(i);
  if (encoded.kind == kDealBooked) RETURN_IF_ERROR(CheckBooking(i));
  if (!IsVoidable(encoded.kind)) RETURN_IF_ERROR(CheckNotVoidedBeforehand(i));
  if (encoded.kind == kFactVoided) RETURN_IF_ERROR(CheckVoid(i, &encoded));
  if (event(i).has_expected_stream_version()) {
    RETURN_IF_ERROR(CheckStreamVersion(i, encoded.stream));
  }
  if (counts_streams_) ++added_to_stream_[encoded.stream];
  if (has_voids_) new_events_.try_emplace(encoded.event_id, i, encoded.stream);
  return Decision(std::move(encoded));
}

absl::Status BatchDecider::CheckKnown(size_t i, const KnownEvent& known) {
  if (known.content_digest == batch_[i].encoded.content_digest) return absl::OkStatus();
  ASSIGN_OR_RETURN(const EventView view, state_.Get(known.position));
  ASSIGN_OR_RETURN(v1::Event was, DecodeEvent(view.bytes));
  if (context_.keys != nullptr) RETURN_IF_ERROR(UnsealEvent(*context_.keys, &was));
  Add(i, "event_id", false, Reason::kEventIdTaken,
      absl::StrCat(Quote(event(i).event_id()), " is the id of the event at position ",
                   known.position, ", which says something else: ",
                   DescribeDifference(was, event(i)), "; give what is new an id of its own"));
  return absl::OkStatus();
}

void BatchDecider::CheckRepeat(size_t i) {
  const size_t first = batch_[i].first;
  if (batch_[first].encoded.content_digest == batch_[i].encoded.content_digest) return;
  Add(i, "event_id", false, Reason::kEventIdTaken,
      absl::StrCat(Quote(event(i).event_id()), " is the id of events[", first,
                   "] too, which says something else: ", DescribeDifference(event(first), event(i)),
                   "; give each an id of its own"));
}

void BatchDecider::CheckCloses(size_t i) {
  const v1::Event& e = event(i);
  if (!context_.closes.any()) return;
  const std::string closed = absl::StrCat("payout periods are closed through ",
                                          context_.closes.closed_through->ToString());
  if (e.has_ledger_configured()) {
    Add(i, "", true, Reason::kAfterFirstClose,
        absl::StrCat(closed, ": the ledger's calendar cannot change any more"));
  } else if (e.has_opening_balance()) {
    Add(i, "", true, Reason::kAfterFirstClose,
        absl::StrCat(closed, ": post an adjustment into an open period instead"));
  } else if (e.has_adjustment_posted() &&
             context_.closes.IsClosed(e.adjustment_posted().period())) {
    Add(i, "period", true, Reason::kPeriodClosed,
        absl::StrCat(Quote(e.adjustment_posted().period()), " is closed (", closed,
                     "): post into an open period"));
  }
}

absl::Status BatchDecider::CheckBooking(size_t i) {
  const std::string& stream = batch_[i].encoded.stream;
  const std::string& id = event(i).event_id();
  std::vector<std::string>& in_batch = bookings_[stream];
  in_batch.push_back(id);
  ASSIGN_OR_RETURN(const uint64_t version, state_.StreamVersion(stream));
  if (version == 0 && in_batch.size() == 1) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> live, LiveBookings(stream));
  // The new one is among them, unless it was voided before it came.
  if (live.size() < 2 || live.back() != id) return absl::OkStatus();
  Add(i, "deal_id", true, Reason::kDealAlreadyBooked,
      absl::StrCat("deal ", Quote(event(i).deal_booked().deal_id()), " is booked by event ",
                   Quote(live.front()),
                   " already: amend the deal with deal_amended, or void that event first"));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> BatchDecider::LiveBookings(const std::string& stream) {
  std::vector<std::string> bookings;
  absl::flat_hash_set<std::string> voided_here;
  RETURN_IF_ERROR(state_.ReadStream(stream, [&](const EventView& view) -> absl::Status {
    if (view.kind != kDealBooked && view.kind != kFactVoided) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::Event e, DecodeEvent(view.bytes));
    if (e.has_deal_booked()) bookings.push_back(e.event_id());
    if (e.has_fact_voided()) voided_here.insert(e.fact_voided().event_id());
    return absl::OkStatus();
  }));
  const std::vector<std::string>& in_batch = bookings_[stream];
  bookings.insert(bookings.end(), in_batch.begin(), in_batch.end());
  std::vector<std::string> live;
  for (std::string& id : bookings) {
    if (voided_here.contains(id)) continue;
    ASSIGN_OR_RETURN(const bool voided, IsVoided(id));
    if (!voided) live.push_back(std::move(id));
  }
  return live;
}

absl::StatusOr<bool> BatchDecider::IsVoided(const std::string& event_id) const {
  if (voided_.contains(event_id)) return true;
  ASSIGN_OR_RETURN(const uint64_t version, state_.StreamVersion(VoidStream(event_id)));
  return version > 0;
}

absl::Status BatchDecider::CheckNotVoidedBeforehand(size_t i) {
  ASSIGN_OR_RETURN(const bool voided, IsVoided(event(i).event_id()));
  if (!voided) return absl::OkStatus();
  Add(i, "event_id", false, Reason::kVoidedBeforehand,
      absl::StrCat(Quote(event(i).event_id()), " was voided before it came, and a ",
                   KindName(event(i)), " cannot be void: give it another id"));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<VoidedFact>> BatchDecider::FindFact(const std::string& event_id) {
  const auto in_batch = new_events_.find(event_id);
  if (in_batch != new_events_.end()) {
    return std::optional<VoidedFact>(
        {.event = event(in_batch->second.first), .stream = in_batch->second.second});
  }
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, state_.FindEventId(event_id));
  if (!known.has_value()) return std::optional<VoidedFact>();
  ASSIGN_OR_RETURN(const EventView view, state_.Get(known->position));
  ASSIGN_OR_RETURN(v1::Event fact, DecodeEvent(view.bytes));
  std::string stream = fact.stream();
  return std::optional<VoidedFact>({.event = std::move(fact), .stream = std::move(stream)});
}

absl::Status BatchDecider::CheckVoid(size_t i, NewEvent* encoded) {
  const std::string& target = event(i).fact_voided().event_id();
  ASSIGN_OR_RETURN(const std::optional<VoidedFact> fact, FindFact(target));
  if (fact.has_value()) CheckVoidable(i, fact->event);
  voided_.insert(target);
  std::string stream = fact.has_value() ? fact->stream : VoidStream(target);
  if (stream == encoded->stream) return absl::OkStatus();
  ASSIGN_OR_RETURN(encoded->body, context_.encode(event(i), stream));
  encoded->stream = std::move(stream);
  return absl::OkStatus();
}

void BatchDecider::CheckVoidable(size_t i, const v1::Event& fact) {
  const std::string what =
      absl::StrCat(Quote(event(i).fact_voided().event_id()), " is a ", KindName(fact));
  if (!IsVoidable(KindOf(fact))) {
    Add(i, "event_id", true, Reason::kFactNotVoidable,
        absl::StrCat(what, ", which cannot be voided: state what holds now as a new fact"));
  } else if (fact.has_adjustment_posted() &&
             context_.closes.IsClosed(fact.adjustment_posted().period())) {
    Add(i, "event_id", true, Reason::kPeriodClosed,
        absl::StrCat(what, " of the closed period ", Quote(fact.adjustment_posted().period()),
                     ": post an adjustment into an open period instead"));
  } else if (fact.has_opening_balance() && context_.closes.any()) {
    Add(i, "event_id", true, Reason::kAfterFirstClose,
        absl::StrCat(what,
                     ", and a payout period has been closed since: post an adjustment "
                     "into an open period instead"));
  }
}

absl::Status BatchDecider::CheckStreamVersion(size_t i, const std::string& stream) {
  ASSIGN_OR_RETURN(uint64_t actual, state_.StreamVersion(stream));
  const auto added = added_to_stream_.find(stream);
  if (added != added_to_stream_.end()) actual += added->second;
  if (actual == event(i).expected_stream_version()) return absl::OkStatus();
  Add(i, "expected_stream_version", false, Reason::kStreamVersionMismatch,
      absl::StrCat("is ", event(i).expected_stream_version(), ", but stream ", Quote(stream),
                   " has version ", actual, ": read the stream again and decide anew"));
  return absl::OkStatus();
}

}  // namespace

bool CloseState::IsClosed(absl::string_view period) const {
  if (!any()) return false;
  const absl::StatusOr<Period> parsed = Calendar().Parse(period);
  return parsed.ok() && parsed->last() <= *closed_through;
}

void CloseState::Add(absl::string_view period) {
  const absl::StatusOr<Period> parsed = Calendar().Parse(period);
  if (!parsed.ok()) return;
  if (!any() || *closed_through < parsed->last()) closed_through = parsed->last();
}

absl::StatusOr<Decided> DecideBatch(const LogState& state, absl::Span<PreparedEvent> batch,
                                    const DecideContext& context) {
  return BatchDecider(state, batch, context).Run();
}

bool IsVoidable(uint32_t kind) {
  switch (kind) {
    case v1::Event::kLedgerConfigured:
    case v1::Event::kPlanPublished:
    case v1::Event::kPlanRetired:
    case v1::Event::kStatementPosted:
    case v1::Event::kPeriodClosed:
    case v1::Event::kPeriodApproved:
    case v1::Event::kPaymentRecorded:
    case v1::Event::kFactVoided:
    case v1::Event::kReplayApproved:
    case v1::Event::kReplayCommitted:
    case v1::Event::kParticipantErased:
      return false;
    default:
      return !KindName(kind).empty();
  }
}

}  // namespace payfold
