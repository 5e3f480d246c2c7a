// One subscriber: history from the log, then live from the feed, one message on
// its way at a time.

#ifndef SERVICES_SUBSCRIPTION_STREAM_H_
#define SERVICES_SUBSCRIPTION_STREAM_H_

#include <cstdint>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/call.h"
#include "services/event_feed.h"
#include "services/long_streams.h"
#include "services/subscription_filter.h"
#include "services/workspace.h"

namespace payfold {

struct SubscriptionLimits {
  // A client that has not taken a message for so long is dropped.
  absl::Duration slow = absl::Seconds(30);
};

// Lives until its call is over, then deletes itself.
class SubscriptionStream final : public grpc::ServerWriteReactor<v1::SubscribeResponse>,
                                 public FeedFollower,
                                 public LongStream {
 public:
  // All must outlive the call.
  SubscriptionStream(Workspace* workspace, Executor* executor, const SubscriptionLimits& limits,
                     grpc::CallbackServerContext* context, const v1::SubscribeRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  void OnJoined() override;
  bool Offer(FreshBatch* batch) override;
  void OnLost(const absl::Status& status) override;
  void Tick(absl::Time now) override;

  void End(const absl::Status& status) override;

 private:
  enum class State {
    kHistory,   // A step reads the log, or the message that it made is on its way.
    kLive,      // The feed gives; no step.
    kFinished,  // Nothing more is sent.
  };

  // On the executor, one after the other.
  void Begin();
  void Step();
  absl::Status Open();
  // Collects more of the log; true at its end.
  absl::StatusOr<bool> ReadHistory();
  void Add(const v1::StoredEvent& event);
  bool Full() const;

  // Holding mutex_.
  absl::Status Take(FreshBatch* batch);
  void Send(v1::SubscribeResponse::Mark mark);
  void FinishWith(const absl::Status& status);

  Workspace* const workspace_;
  Executor* const executor_;
  const SubscriptionLimits limits_;
  grpc::CallbackServerContext* const context_;
  const v1::SubscribeRequest request_;

  // Set by Begin().
  std::shared_ptr<OpenLedger> open_;
  absl::Duration heartbeat_;

  // Used by steps while there is history, and by the feed while live.
  SubscriptionFilter filter_;
  std::unique_ptr<EventCursor> cursor_;
  uint64_t cursor_end_ = 0;  // The cursor gives all that is wanted up to here.
  uint64_t position_ = 0;    // All that is wanted up to here is sent or in next_.
  v1::SubscribeResponse next_;
  size_t next_bytes_ = 0;

  std::mutex mutex_;  // Guards all below, and the above once live. Taken after the feed's.
  State state_ = State::kHistory;
  bool stepping_ = true;  // A step runs or is queued.
  bool writing_ = false;  // sending_ is on its way.
  v1::SubscribeResponse sending_;
  absl::Time written_;   // When a write began or ended last.
  absl::Status ending_;  // What to finish with as soon as may be.
};

}  // namespace payfold

#endif  // SERVICES_SUBSCRIPTION_STREAM_H_
