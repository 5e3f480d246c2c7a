#include "services/event_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/base/status_macros.h"
#include "services/event_pages.h"

namespace payfold {

FreshEvent::FreshEvent(const Ledger* ledger, const EventView& view)
    : ledger_(ledger),
      position_(view.position),
      kind_(view.kind),
      participants_(view.participants.begin(), view.participants.end()),
      bytes_(view.bytes.data(), view.bytes.size()) {}

bool FreshEvent::Names(uint32_t participant) const {
  return std::find(participants_.begin(), participants_.end(), participant) != participants_.end();
}

absl::StatusOr<const v1::StoredEvent*> FreshEvent::Stored() {
  if (!stored_.has_value()) {
    EventView view;
    view.position = position_;
    view.bytes = bytes_;
    ASSIGN_OR_RETURN(stored_, MakeStoredEvent(*ledger_, view));
  }
  return &*stored_;
}

EventFeed::EventFeed(const Ledger* ledger) : ledger_(ledger) {
  thread_ = std::thread([this] { Run(); });
}

EventFeed::~EventFeed() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void EventFeed::Enter(FeedFollower* follower) {
  const std::lock_guard<std::mutex> lock(mutex_);
  followers_.emplace(follower, false);
  changed_.notify_all();
}

std::optional<uint64_t> EventFeed::Join(FeedFollower* follower, uint64_t position) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!reading_) {
    position_ = position;
    reading_ = true;
  } else if (position < position_) {
    return position_;
  }
  followers_[follower] = true;
  ++live_;
  follower->OnJoined();
  changed_.notify_all();
  return std::nullopt;
}

void EventFeed::Leave(FeedFollower* follower) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = followers_.find(follower);
  if (found == followers_.end()) return;
  if (found->second) --live_;
  followers_.erase(found);
}

void EventFeed::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (live_ == 0) {
      // What is appended now is for nobody: reading begins where somebody joins.
      reading_ = false;
      events_ = nullptr;
      if (followers_.empty()) {
        changed_.wait(lock);
      } else {
        changed_.wait_for(lock, kTick);
      }
    } else {
      if (events_ == nullptr) events_ = ledger_->log().Subscribe(position_);
      lock.unlock();
      absl::StatusOr<FreshBatch> batch = Read();
      lock.lock();
      OfferToAll(std::move(batch));
    }
    TickAll();
  }
}

absl::StatusOr<FreshBatch> EventFeed::Read() {
  FreshBatch batch;
  RETURN_IF_ERROR(events_
                      ->Next(kMaxEventsInMessage, next_tick_,
                             [&](const EventView& view) {
                               batch.last = view.position;
                               batch.kinds |= KindBit(view.kind);
                               batch.events.emplace_back(ledger_, view);
                               return absl::OkStatus();
                             })
                      .status());
  return batch;
}

void EventFeed::OfferToAll(absl::StatusOr<FreshBatch> batch) {
  if (batch.ok() && batch->events.empty()) return;
  for (auto& [follower, live] : followers_) {
    if (!live) continue;
    if (!batch.ok()) {
      follower->OnLost(batch.status());
      live = false;
    } else {
      live = follower->Offer(&*batch);
    }
    if (!live) --live_;
  }
  if (batch.ok()) position_ = batch->last;
}

void EventFeed::TickAll() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_tick_) return;
  next_tick_ = now + kTick;
  for (const auto& [follower, live] : followers_) follower->Tick(absl::Now());
}

}  // namespace payfold
