#include "services/subscription_filter.h"

#include "absl/strings/match.h"
#include "ledger/base/status_macros.h"
#include "services/event_pages.h"

namespace payfold {

absl::StatusOr<SubscriptionFilter> SubscriptionFilter::Make(const v1::SubscribeRequest& request) {
  SubscriptionFilter filter;
  ASSIGN_OR_RETURN(filter.kinds_, KindsMask(request.kinds()));
  filter.stream_prefix_ = request.stream_prefix();
  filter.participant_id_ = request.participant_id();
  return filter;
}

absl::Status SubscriptionFilter::Resolve(const EventLog& log) {
  if (participant_id_.empty() || participant_.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(participant_, log.FindParticipant(participant_id_));
  return absl::OkStatus();
}

std::optional<EventQuery> SubscriptionFilter::Query(uint64_t first, uint64_t last) const {
  if (!participant_id_.empty() && !participant_.has_value()) return std::nullopt;
  return EventQuery{.first = first, .last = last, .participant = participant_, .kinds = kinds_};
}

bool SubscriptionFilter::Wants(const v1::Event& event) const {
  return absl::StartsWith(event.stream(), stream_prefix_);
}

absl::StatusOr<const v1::StoredEvent*> SubscriptionFilter::Select(FreshEvent* event) const {
  const v1::StoredEvent* none = nullptr;
  if ((kinds_ & KindBit(event->kind())) == 0) return none;
  if (!participant_id_.empty() && (!participant_.has_value() || !event->Names(*participant_))) {
    return none;
  }
  ASSIGN_OR_RETURN(const v1::StoredEvent* stored, event->Stored());
  return Wants(stored->event()) ? stored : none;
}

}  // namespace payfold
