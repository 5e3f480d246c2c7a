#include "services/client/follower.h"

#include <utility>

#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "services/status_mapping.h"

namespace payfold {
namespace {

absl::Status Stopped() { return absl::CancelledError("the follower was stopped"); }

}  // namespace

Follower::Follower(Client* client, v1::SubscribeRequest request)
    : client_(client), request_(std::move(request)) {}

Follower::~Follower() {
  Stop();
  if (reader_ != nullptr) Close().IgnoreError();
}

absl::StatusOr<v1::SubscribeResponse> Follower::Next() {
  v1::SubscribeResponse message;
  while (true) {
    if (reader_ == nullptr) RETURN_IF_ERROR(Open());
    if (reader_->Read(&message)) break;
    RETURN_IF_ERROR(WaitAfter(Close()));
  }
  outage_.reset();
  request_.set_after_position(message.position());
  if (message.mark() == v1::SubscribeResponse::CAUGHT_UP) caught_up_ = true;
  if (message.mark() == v1::SubscribeResponse::FELL_BEHIND) caught_up_ = false;
  return message;
}

void Follower::Stop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stopped_ = true;
  if (context_ != nullptr) context_->TryCancel();
  stopping_.notify_all();
}

absl::Status Follower::Open() {
  auto context = std::make_unique<grpc::ClientContext>();
  client_->Introduce(context.get());
  grpc::ClientContext* const opening = context.get();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return Stopped();
    context_ = std::move(context);
  }
  // Without the lock: it waits for the connection.
  reader_ = client_->stub<v1::LedgerService::Stub>()->Subscribe(opening, request_);
  return absl::OkStatus();
}

absl::Status Follower::Close() {
  caught_up_ = false;
  v1::SubscribeResponse message;
  while (reader_->Read(&message)) continue;
  const absl::Status status = FromGrpc(reader_->Finish());
  reader_ = nullptr;
  const std::lock_guard<std::mutex> lock(mutex_);
  context_ = nullptr;
  return status.ok() ? absl::UnavailableError("the server ended the stream") : status;
}

absl::Status Follower::WaitAfter(const absl::Status& broken) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (stopped_) return Stopped();
  if (ReasonOf(broken) == kReasonSubscriberTooSlow) return absl::OkStatus();
  if (!outage_.has_value()) outage_.emplace(absl::Now() + client_->options().timeout);
  const std::optional<absl::Duration> wait = outage_->Next(broken);
  if (!wait.has_value()) {
    outage_.reset();
    return broken;
  }
  stopping_.wait_for(lock, absl::ToChronoNanoseconds(*wait), [this] { return stopped_; });
  return stopped_ ? Stopped() : absl::OkStatus();
}

}  // namespace payfold
