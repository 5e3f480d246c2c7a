// Which events a subscriber wants.

#ifndef SERVICES_SUBSCRIPTION_FILTER_H_
#define SERVICES_SUBSCRIPTION_FILTER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "services/event_feed.h"

namespace payfold {

// Belongs to one thread at a time.
class SubscriptionFilter {
 public:
  // Errors: kInvalidArgument for a kind that does not exist.
  static absl::StatusOr<SubscriptionFilter> Make(const v1::SubscribeRequest& request);

  // Looks the participant's number up if it has none yet. What comes before the
  // head that the log had when this was called cannot name one without.
  absl::Status Resolve(const EventLog& log);

  // What to read of the log: a superset of what is wanted; none if nothing can be.
  std::optional<EventQuery> Query(uint64_t first, uint64_t last) const;

  // Whether what Query() gives is wanted.
  bool Wants(const v1::Event& event) const;

  // The event if it is wanted, else null. Errors: those of FreshEvent::Stored().
  absl::StatusOr<const v1::StoredEvent*> Select(FreshEvent* event) const;

  uint64_t kinds() const { return kinds_; }

 private:
  uint64_t kinds_ = 0;
  std::string stream_prefix_;
  std::string participant_id_;
  std::optional<uint32_t> participant_;
};

}  // namespace payfold

#endif  // SERVICES_SUBSCRIPTION_FILTER_H_
