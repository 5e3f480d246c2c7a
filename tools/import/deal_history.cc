#include "tools/import/deal_history.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

using ::google::protobuf::util::MessageDifferencer;

// Who voided which event.
absl::flat_hash_map<std::string, std::string> Voids(absl::Span<const v1::Event> events) {
  absl::flat_hash_map<std::string, std::string> voids;
  for (const v1::Event& event : events) {
    if (event.has_fact_voided()) voids.emplace(event.fact_voided().event_id(), event.source());
  }
  return voids;
}

void Restate(const v1::DealAmended& change, v1::DealBooked* deal) {
  if (change.has_amount()) *deal->mutable_amount() = change.amount();
  if (change.has_booked_on()) deal->set_booked_on(change.booked_on());
  if (change.has_owner_id()) deal->set_owner_id(change.owner_id());
  if (change.has_product()) deal->set_product(change.product());
  if (change.has_segment()) deal->set_segment(change.segment());
  if (change.has_territory()) deal->set_territory(change.territory());
  if (change.has_channel()) deal->set_channel(change.channel());
  if (change.has_customer_id()) deal->set_customer_id(change.customer_id());
  if (change.has_term_months()) deal->set_term_months(change.term_months());
  for (const auto& attribute : change.attributes()) {
    if (attribute.second.empty()) {
      deal->mutable_attributes()->erase(attribute.first);
    } else {
      (*deal->mutable_attributes())[attribute.first] = attribute.second;
    }
  }
}

// Takes one standing fact of the source itself.
void Apply(const v1::Event& event, DealHistory* history) {
  switch (event.payload_case()) {
    case v1::Event::kPipelineUpdated:
      history->pipeline = event.pipeline_updated();
      if (history->state == DealHistory::State::kUnknown) {
        history->state = DealHistory::State::kPipeline;
      }
      break;
    case v1::Event::kDealBooked:
      history->booking = event.deal_booked();
      history->booking_events = {event.event_id()};
      history->state = DealHistory::State::kBooked;
      break;
    case v1::Event::kDealAmended:
      Restate(event.deal_amended(), &history->booking);
      history->booking_events.push_back(event.event_id());
      break;
    case v1::Event::kDealCancelled:
      history->cancelled_on = event.deal_cancelled().cancelled_on();
      history->cancellation_event = event.event_id();
      history->state = DealHistory::State::kCancelled;
      break;
    default:
      break;
  }
}

std::string ChangeDate(const v1::Event& event) {
  if (event.has_deal_amended()) return event.deal_amended().amended_on();
  if (event.has_deal_cancelled()) return event.deal_cancelled().cancelled_on();
  return "";
}

v1::Event Void(const std::string& event_id, absl::string_view reason) {
  v1::Event event;
  event.mutable_fact_voided()->set_event_id(event_id);
  event.mutable_fact_voided()->set_reason(std::string(reason));
  return event;
}

// The attributes to name so that `before` becomes `after`.
void DiffAttributes(const v1::DealBooked& before, const v1::DealBooked& after,
                    v1::DealAmended* change) {
  for (const auto& attribute : after.attributes()) {
    const auto old = before.attributes().find(attribute.first);
    if (old == before.attributes().end() || old->second != attribute.second) {
      (*change->mutable_attributes())[attribute.first] = attribute.second;
    }
  }
  for (const auto& attribute : before.attributes()) {
    if (!after.attributes().contains(attribute.first)) {
      (*change->mutable_attributes())[attribute.first] = "";
    }
  }
}

absl::StatusOr<v1::Event> Restatement(const DealHistory& history, const v1::DealBooked& after) {
  const v1::DealBooked& before = history.booking;
  if (before.amount().currency() != after.amount().currency()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the deal was booked in ", before.amount().currency(),
                     ", and a deal keeps its currency; void its booking by hand"));
  }
  if (before.has_term_months() && !after.has_term_months()) {
    return absl::FailedPreconditionError(
        "the deal had a term and has none now, which cannot be restated; void its booking by hand");
  }
  v1::Event event;
  v1::DealAmended* change = event.mutable_deal_amended();
  change->set_deal_id(after.deal_id());
  change->set_mode(v1::DealAmended::RESTATE);
  // Restatements apply in order of their dates: this one comes after all others.
  change->set_amended_on(std::max({before.booked_on(), after.booked_on(), history.last_change}));
  if (before.amount().minor_units() != after.amount().minor_units()) {
    *change->mutable_amount() = after.amount();
  }
  if (before.booked_on() != after.booked_on()) change->set_booked_on(after.booked_on());
  if (before.owner_id() != after.owner_id()) change->set_owner_id(after.owner_id());
  if (before.product() != after.product()) change->set_product(after.product());
  if (before.segment() != after.segment()) change->set_segment(after.segment());
  if (before.territory() != after.territory()) change->set_territory(after.territory());
  if (before.channel() != after.channel()) change->set_channel(after.channel());
  if (before.customer_id() != after.customer_id()) change->set_customer_id(after.customer_id());
  if (after.has_term_months() &&
      (!before.has_term_months() || before.term_months() != after.term_months())) {
    change->set_term_months(after.term_months());
  }
  DiffAttributes(before, after, change);
  return event;
}

v1::Event Pipeline(const v1::PipelineUpdated& pipeline) {
  v1::Event event;
  *event.mutable_pipeline_updated() = pipeline;
  return event;
}

absl::StatusOr<std::vector<v1::Event>> ToWon(const DealHistory& history, const DealRow& row) {
  std::vector<v1::Event> events;
  if (history.booking_events.empty()) {
    events.emplace_back();
    *events.back().mutable_deal_booked() = row.booking;
    return events;
  }
  if (history.state == DealHistory::State::kCancelled) {
    events.push_back(Void(history.cancellation_event, "The row is won again."));
  }
  if (!MessageDifferencer::Equals(history.booking, row.booking)) {
    ASSIGN_OR_RETURN(v1::Event restatement, Restatement(history, row.booking));
    events.push_back(std::move(restatement));
  }
  return events;
}

absl::StatusOr<std::vector<v1::Event>> ToLost(const DealHistory& history, const DealRow& row) {
  std::vector<v1::Event> events;
  if (history.state == DealHistory::State::kCancelled) {
    if (history.cancelled_on == row.lost_on) return events;
    events.push_back(Void(history.cancellation_event, "The row was lost on another day."));
  }
  if (row.lost_on.empty()) {
    return absl::FailedPreconditionError(
        "a deal that was won is lost now, and the day is not given; fill in the column of "
        "deals.lost_on");
  }
  events.emplace_back();
  events.back().mutable_deal_cancelled()->set_deal_id(row.pipeline.deal_id());
  events.back().mutable_deal_cancelled()->set_cancelled_on(row.lost_on);
  return events;
}

// Open (again), or lost without ever having been won.
std::vector<v1::Event> ToPipeline(const DealHistory& history, const DealRow& row) {
  std::vector<v1::Event> events;
  const absl::string_view reason = "The row is open again.";
  if (!history.cancellation_event.empty()) {
    events.push_back(Void(history.cancellation_event, reason));
  }
  for (auto id = history.booking_events.rbegin(); id != history.booking_events.rend(); ++id) {
    events.push_back(Void(*id, reason));
  }
  if (!events.empty() || history.state == DealHistory::State::kUnknown ||
      !MessageDifferencer::Equals(history.pipeline, row.pipeline)) {
    events.push_back(Pipeline(row.pipeline));
  }
  return events;
}

}  // namespace

DealHistory ReadDealHistory(absl::Span<const v1::Event> events, absl::string_view source) {
  const absl::flat_hash_map<std::string, std::string> voids = Voids(events);
  DealHistory history;
  for (const v1::Event& event : events) {
    const auto voided = voids.find(event.event_id());
    const bool own = event.source() == source;
    if (voided != voids.end()) {
      if (voided->second == source || !own) continue;
      // What somebody else took back is still what this source said last.
      history.voided_by = voided->second;
    }
    history.last_change = std::max(history.last_change, ChangeDate(event));
    if (own) {
      Apply(event, &history);
    } else if (event.has_deal_booked()) {
      history.booked_by = event.source();
    }
  }
  return history;
}

absl::StatusOr<std::vector<v1::Event>> DealChanges(const DealHistory& history, const DealRow& row) {
  if (!history.booked_by.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the deal was booked by source \"", history.booked_by,
                     "\"; an import changes only what it said itself"));
  }
  absl::StatusOr<std::vector<v1::Event>> events;
  if (row.stage == Stage::kWon) {
    events = ToWon(history, row);
  } else if (row.stage == Stage::kLost && !history.booking_events.empty()) {
    events = ToLost(history, row);
  } else {
    events = ToPipeline(history, row);
  }
  if (events.ok() && !events->empty() && !history.voided_by.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the row changed, but source \"", history.voided_by,
                     "\" voided what it said before; state the change by hand"));
  }
  return events;
}

}  // namespace payfold
