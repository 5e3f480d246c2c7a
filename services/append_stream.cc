#include "services/append_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/admission/codec.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "services/event_batches.h"

namespace payfold {
namespace {

// So few events are queued sooner than another thread is woken for them.
constexpr int kFewEvents = 8;

// Whether the batch is queued without a look at the log or at keys, and without
// being alone.
bool IsQuick(const v1::AppendStreamRequest& request) {
  return request.events_size() <= kFewEvents &&
         std::none_of(request.events().begin(), request.events().end(), [](const v1::Event& e) {
           return e.has_fact_voided() || e.has_participant_erased() || e.has_period_closed() ||
                  HasPersonalFields(e);
         });
}

}  // namespace

AppendStream::AppendStream(Workspace* workspace, Executor* executor,
                           grpc::CallbackServerContext* context)
    : workspace_(workspace), executor_(executor) {
  const absl::StatusOr<Call> call = CallOf(*context);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (call.ok()) actor_ = call->actor;
  ending_ = call.status();
  Continue();
}

void AppendStream::OnReadDone(bool ok) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    reading_ = false;
    if (!ok) no_more_ = true;
    if (!ok || !ending_.ok()) {
      Continue();
      return;
    }
    taking_ = true;
  }
  if (open_ != nullptr && IsQuick(request_)) {
    Take();
  } else {
    executor_->Continue([this] { Take(); });
  }
}

absl::Status AppendStream::Open() {
  if (open_ == nullptr) {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request_.ledger()));
    RETURN_IF_ERROR(open->streams.Join(this));
    open_ = open;
    ledger_ = request_.ledger();
  }
  if (request_.ledger().empty() || request_.ledger() == ledger_) return absl::OkStatus();
  return FieldError("ledger", kReasonFieldInvalid,
                    absl::StrCat("the stream is for ", Quote(ledger_), ", this message for ",
                                 Quote(request_.ledger()), ": open another stream for it"));
}

void AppendStream::Take() {
  const absl::Status opened = Open();
  uint64_t number = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ending_.ok()) ending_ = opened;
    if (!ending_.ok()) {
      taking_ = false;
      Continue();
      return;
    }
    number = first_ + batches_.size();
    batches_.push_back({.bytes = request_.ByteSizeLong(), .answer = std::nullopt});
    bytes_ += batches_.back().bytes;
  }
  std::vector<v1::Event> events(std::make_move_iterator(request_.mutable_events()->begin()),
                                std::make_move_iterator(request_.mutable_events()->end()));
  const bool validate_only = request_.validate_only();
  // Without the lock: a refused batch is answered before this returns.
  open_->ledger->AppendAsync(std::move(events), {.actor = actor_, .validate_only = validate_only},
                             [this, number](const absl::StatusOr<AppendResult>& result,
                                            const std::vector<Violation>& violations) {
                               OnAnswer(number, StreamAnswer(number, result, violations));
                             });
  const std::lock_guard<std::mutex> lock(mutex_);
  taking_ = false;
  Continue();
}

void AppendStream::OnAnswer(uint64_t number, v1::AppendStreamResponse answer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  batches_[number - first_].answer = std::move(answer);
  Continue();
}

void AppendStream::OnWriteDone(bool ok) {
  const std::lock_guard<std::mutex> lock(mutex_);
  writing_ = false;
  if (!ok) {
    gone_ = true;
    if (ending_.ok()) ending_ = absl::CancelledError("the client is gone");
  }
  Continue();
}

void AppendStream::OnCancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  gone_ = true;
  if (ending_.ok()) ending_ = absl::CancelledError("the client cancelled the call");
  Continue();
}

void AppendStream::End(const absl::Status& status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ending_.ok()) ending_ = status;
  Continue();
}

void AppendStream::OnDone() {
  if (open_ != nullptr) open_->streams.Leave(this);
  // Who finished the call may not have let go of it yet.
  { const std::lock_guard<std::mutex> lock(mutex_); }
  delete this;
}

bool AppendStream::MayRead() const {
  return !reading_ && !taking_ && !no_more_ && ending_.ok() &&
         batches_.size() < kMaxBatchesInFlight && bytes_ < kMaxBytesInFlight;
}

bool AppendStream::Idle() const { return batches_.empty() && !taking_ && !writing_; }

void AppendStream::Continue() {
  if (finished_) return;
  while (!writing_ && !batches_.empty() && batches_.front().answer.has_value()) {
    if (!acknowledging_ && !gone_) {
      acknowledging_ = writing_ = true;
      StartWrite(&*batches_.front().answer);
      break;
    }
    acknowledging_ = false;
    bytes_ -= batches_.front().bytes;
    batches_.pop_front();
    ++first_;
  }
  if (MayRead()) {
    reading_ = true;
    StartRead(&request_);
  } else if (Idle() && (no_more_ || !ending_.ok())) {
    finished_ = true;
    Finish(ToGrpc(ending_));
  }
}

}  // namespace payfold
