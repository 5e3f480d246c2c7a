#include "services/subscription_stream.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "services/event_pages.h"

namespace payfold {
namespace {

constexpr uint32_t kMinHeartbeatMillis = 100;
constexpr uint32_t kMaxHeartbeatMillis = 600'000;
constexpr uint32_t kDefaultHeartbeatMillis = 10'000;

// Events that a step looks at before it asks whether anybody still waits.
constexpr int kEventsInStep = 2'000;

absl::StatusOr<absl::Duration> HeartbeatOf(const v1::SubscribeRequest& request) {
  const uint32_t millis =
      request.heartbeat_millis() == 0 ? kDefaultHeartbeatMillis : request.heartbeat_millis();
  if (millis < kMinHeartbeatMillis || millis > kMaxHeartbeatMillis) {
    return FieldError(
        "heartbeat_millis", kReasonFieldInvalid,
        absl::StrCat(millis, " is not between ", kMinHeartbeatMillis, " and ", kMaxHeartbeatMillis,
                     "; leave it out for ", kDefaultHeartbeatMillis));
  }
  return absl::Milliseconds(millis);
}

absl::Status TooSlow(uint64_t position, absl::Duration slow) {
  return WithReason(
      absl::ResourceExhaustedError(absl::StrCat("nothing was read for ", absl::FormatDuration(slow),
                                                ": subscribe again after position ", position,
                                                ", and read without long pauses")),
      kReasonSubscriberTooSlow, {{"position", absl::StrCat(position)}});
}

}  // namespace

SubscriptionStream::SubscriptionStream(Workspace* workspace, Executor* executor,
                                       const SubscriptionLimits& limits,
                                       grpc::CallbackServerContext* context,
                                       const v1::SubscribeRequest& request)
    : workspace_(workspace),
      executor_(executor),
      limits_(limits),
      context_(context),
      request_(request),
      position_(request.after_position()),
      written_(absl::Now()) {
  absl::Status ready = CallOf(*context).status();
  if (ready.ok() && !executor_->Submit([this] { Begin(); })) ready = ServerBusy();
  if (ready.ok()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  FinishWith(ready);
}

absl::Status SubscriptionStream::Open() {
  ASSIGN_OR_RETURN(heartbeat_, HeartbeatOf(request_));
  ASSIGN_OR_RETURN(filter_, SubscriptionFilter::Make(request_));
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request_.ledger()));
  if (const uint64_t head = open->ledger->log().head(); position_ > head) {
    return WithReason(absl::OutOfRangeError(absl::StrCat("after_position: ", position_,
                                                         " is beyond the end of the log, ", head)),
                      kReasonAsOfBeyondEnd);
  }
  RETURN_IF_ERROR(open->streams.Join(this));
  open->feed.Enter(this);
  open_ = open;
  return absl::OkStatus();
}

void SubscriptionStream::Begin() {
  const absl::Status opened = Open();
  if (opened.ok()) {
    Step();
    return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  FinishWith(opened);
}

void SubscriptionStream::Step() {
  while (true) {
    const absl::StatusOr<bool> at_end = ReadHistory();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (ending_.ok()) ending_ = at_end.status();
      if (!ending_.ok()) {
        stepping_ = false;
        FinishWith(ending_);
        return;
      }
      if (!*at_end) {
        const bool silent = next_.events_size() == 0;
        if (silent && absl::Now() - written_ < heartbeat_) continue;
        stepping_ = false;
        Send(silent ? v1::SubscribeResponse::HEARTBEAT : v1::SubscribeResponse::MARK_UNSPECIFIED);
        return;
      }
    }
    // Once it has joined, the call may be over before this returns.
    if (!open_->feed.Join(this, position_).has_value()) return;
  }
}

absl::StatusOr<bool> SubscriptionStream::ReadHistory() {
  const Ledger& ledger = *open_->ledger;
  const EventLog& log = ledger.log();
  if (cursor_ == nullptr) {
    cursor_end_ = log.head();
    if (position_ >= cursor_end_) return true;
    RETURN_IF_ERROR(filter_.Resolve(log));
    const std::optional<EventQuery> query = filter_.Query(position_ + 1, cursor_end_);
    if (!query.has_value()) {
      position_ = cursor_end_;
      return false;
    }
    cursor_ = log.Read(*query);
  }
  for (int i = 0; i < kEventsInStep && !Full(); ++i) {
    if (!cursor_->Next()) {
      RETURN_IF_ERROR(cursor_->status());
      cursor_ = nullptr;
      position_ = cursor_end_;
      return position_ >= log.head();
    }
    ASSIGN_OR_RETURN(const v1::StoredEvent event, MakeStoredEvent(ledger, cursor_->event()));
    position_ = cursor_->event().position;
    if (filter_.Wants(event.event())) Add(event);
  }
  return false;
}

void SubscriptionStream::Add(const v1::StoredEvent& event) {
  *next_.add_events() = event;
  next_bytes_ += 2 * event.stored().size();
}

bool SubscriptionStream::Full() const {
  return next_.events_size() >= kMaxEventsInMessage || next_bytes_ >= kMaxBytesInMessage;
}

void SubscriptionStream::OnJoined() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stepping_ = false;
  state_ = State::kLive;
  if (ending_.ok()) {
    Send(v1::SubscribeResponse::CAUGHT_UP);
  } else {
    FinishWith(ending_);
  }
}

bool SubscriptionStream::Offer(FreshBatch* batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state_ != State::kLive) return false;
  const absl::Status taken = Take(batch);
  if (!taken.ok()) FinishWith(taken);
  if (state_ != State::kLive) return false;
  if (!writing_ && next_.events_size() > 0) Send(v1::SubscribeResponse::MARK_UNSPECIFIED);
  return true;
}

absl::Status SubscriptionStream::Take(FreshBatch* batch) {
  RETURN_IF_ERROR(filter_.Resolve(open_->ledger->log()));
  if ((batch->kinds & filter_.kinds()) != 0) {
    for (FreshEvent& event : batch->events) {
      if (event.position() <= position_) continue;
      ASSIGN_OR_RETURN(const v1::StoredEvent* wanted, filter_.Select(&event));
      if (wanted != nullptr && Full() && !writing_) Send(v1::SubscribeResponse::MARK_UNSPECIFIED);
      if (wanted != nullptr && Full()) {
        // Sent as soon as what is on its way has gone; then a step takes up here.
        state_ = State::kHistory;
        next_.set_mark(v1::SubscribeResponse::FELL_BEHIND);
        return absl::OkStatus();
      }
      if (wanted != nullptr) Add(*wanted);
      position_ = event.position();
    }
  }
  position_ = std::max(position_, batch->last);
  return absl::OkStatus();
}

void SubscriptionStream::OnLost(const absl::Status& status) { End(status); }

void SubscriptionStream::Tick(absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const absl::Duration silence = now - written_;
  if (writing_ && silence > limits_.slow) {
    // The status comes after what is on its way; a client that takes neither is cut off.
    if (silence > 2 * limits_.slow) context_->TryCancel();
    FinishWith(TooSlow(sending_.position(), limits_.slow));
  } else if (!writing_ && state_ == State::kLive && silence >= heartbeat_) {
    Send(v1::SubscribeResponse::HEARTBEAT);
  }
}

void SubscriptionStream::OnWriteDone(bool ok) {
  const std::lock_guard<std::mutex> lock(mutex_);
  writing_ = false;
  written_ = absl::Now();
  if (!ok) FinishWith(absl::CancelledError("the client is gone"));
  if (state_ == State::kFinished) return;
  if (next_.events_size() > 0 || next_.mark() != v1::SubscribeResponse::MARK_UNSPECIFIED) {
    Send(next_.mark());
  } else if (state_ == State::kHistory) {
    stepping_ = true;
    executor_->Continue([this] { Step(); });
  }
}

void SubscriptionStream::OnCancel() { End(absl::CancelledError("the client cancelled the call")); }

void SubscriptionStream::End(const absl::Status& status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ending_.ok()) ending_ = status;
  if (!stepping_) FinishWith(ending_);
}

void SubscriptionStream::OnDone() {
  if (open_ != nullptr) {
    open_->feed.Leave(this);
    open_->streams.Leave(this);
  }
  // The step that finished the call may not have let go of the lock yet.
  { const std::lock_guard<std::mutex> lock(mutex_); }
  delete this;
}

void SubscriptionStream::Send(v1::SubscribeResponse::Mark mark) {
  sending_.Clear();
  sending_.Swap(&next_);
  next_bytes_ = 0;
  sending_.set_mark(mark);
  sending_.set_position(position_);
  sending_.set_head(open_->ledger->log().head());
  writing_ = true;
  written_ = absl::Now();
  StartWrite(&sending_);
}

void SubscriptionStream::FinishWith(const absl::Status& status) {
  if (state_ == State::kFinished) return;
  state_ = State::kFinished;
  Finish(ToGrpc(status));
}

}  // namespace payfold
