// What is appended to a ledger, read once and offered to all who follow it live.
//
// A follower reads history from the log by itself and joins where it has caught
// up; from then on the feed's thread offers it every batch of new events. The
// thread never waits for a follower: one that cannot take a batch leaves, reads
// the log again, and joins anew. Without followers nothing is read.

#ifndef SERVICES_EVENT_FEED_H_
#define SERVICES_EVENT_FEED_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/ledger_service.pb.h"

namespace payfold {

// An event that was just appended. Decoded when somebody wants it first.
class FreshEvent {
 public:
  FreshEvent(const Ledger* ledger, const EventView& view);

  uint64_t position() const { return position_; }
  uint32_t kind() const { return kind_; }
  bool Names(uint32_t participant) const;

  // Errors: kDataLoss if the bytes are no event.
  absl::StatusOr<const v1::StoredEvent*> Stored();

 private:
  const Ledger* ledger_;
  uint64_t position_;
  uint32_t kind_;
  absl::InlinedVector<uint32_t, 4> participants_;
  std::string bytes_;
  std::optional<v1::StoredEvent> stored_;
};

// Consecutive events.
struct FreshBatch {
  uint64_t last = 0;   // Position of the last one.
  uint64_t kinds = 0;  // KindBit() of those there are.
  std::vector<FreshEvent> events;
};

// Called by the feed, one call after the other, and holding its lock: must be
// quick, and must not call the feed.
class FeedFollower {
 public:
  virtual ~FeedFollower() = default;
  // It has joined: Offer() follows from the position it gave on.
  virtual void OnJoined() = 0;
  // False if it cannot take more: it has left, and takes up with the log itself.
  virtual bool Offer(FreshBatch* batch) = 0;
  // The log cannot be read on; it has left.
  virtual void OnLost(const absl::Status& status) = 0;
  // Some time has passed. Called for those who follow live and those who do not.
  virtual void Tick(absl::Time now) = 0;
};

// Thread-safe.
class EventFeed {
 public:
  // How often followers get a Tick().
  static constexpr std::chrono::milliseconds kTick{100};

  // `*ledger` must outlive the feed.
  explicit EventFeed(const Ledger* ledger);
  // REQUIRES: nobody follows any more.
  ~EventFeed();
  EventFeed(const EventFeed&) = delete;
  EventFeed& operator=(const EventFeed&) = delete;

  // From now on the follower gets ticks, until Leave().
  void Enter(FeedFollower* follower);

  // Follows live from the position on, if that is where the feed is or beyond
  // it; else gives the position that the follower must reach first.
  std::optional<uint64_t> Join(FeedFollower* follower, uint64_t position);

  // The follower gets no call once this has returned.
  void Leave(FeedFollower* follower);

 private:
  void Run();
  // The next events, as many as there are up to a limit; none if a tick is due.
  absl::StatusOr<FreshBatch> Read();
  void OfferToAll(absl::StatusOr<FreshBatch> batch);  // Holding mutex_.
  void TickAll();                                     // Holding mutex_.

  const Ledger* ledger_;
  // The thread's alone.
  std::unique_ptr<Subscription> events_;
  std::chrono::steady_clock::time_point next_tick_;

  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  absl::flat_hash_map<FeedFollower*, bool> followers_;  // Whether it follows live.
  size_t live_ = 0;
  // The thread reads, or is about to: everything up to position_ was offered.
  bool reading_ = false;
  uint64_t position_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace payfold

#endif  // SERVICES_EVENT_FEED_H_
