#include "services/client/appender.h"

#include <cstdint>
#include <utility>

#include "absl/time/clock.h"
#include "ledger/base/check.h"
#include "services/status_mapping.h"

namespace payfold {

Appender::Appender(Client* client, AppenderOptions options)
    : client_(client), options_(std::move(options)), thread_([this] { Run(); }) {
  CHECK(options_.window > 0);
}

Appender::~Appender() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_.ok()) ended_ = absl::CancelledError("the appender is gone");
    if (context_ != nullptr) context_->TryCancel();
  }
  changed_.notify_all();
  thread_.join();
}

absl::Status Appender::Append(std::vector<v1::Event> events, Done done) {
  auto request = std::make_shared<v1::AppendStreamRequest>();
  request->set_ledger(options_.ledger);
  for (v1::Event& event : events) *request->add_events() = std::move(event);
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return batches_.size() < options_.window || !ended_.ok(); });
  if (!ended_.ok()) return ended_;
  batches_.push_back({.request = std::move(request), .done = std::move(done)});
  changed_.notify_all();
  return absl::OkStatus();
}

absl::Status Appender::Flush() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return batches_.empty(); });
  return ended_;
}

void Appender::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (ended_.ok()) {
    if (batches_.empty()) outage_.reset();
    changed_.wait(lock, [this] { return !batches_.empty() || !ended_.ok(); });
    if (!ended_.ok()) break;
    lock.unlock();
    const absl::Status broken = RunStream();
    lock.lock();
    if (!outage_.has_value()) outage_.emplace(absl::Now() + client_->options().timeout);
    const std::optional<absl::Duration> wait = outage_->Next(broken);
    if (ended_.ok() && !wait.has_value()) ended_ = broken;
    if (ended_.ok()) {
      changed_.wait_for(lock, absl::ToChronoNanoseconds(*wait), [this] { return !ended_.ok(); });
    }
  }
  const absl::Status ended = ended_;
  while (!batches_.empty()) {
    lock.unlock();
    Answer(ended);
    lock.lock();
  }
}

absl::Status Appender::RunStream() {
  grpc::ClientContext context;
  client_->Introduce(&context);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!ended_.ok()) return ended_;
    context_ = &context;
    sent_ = 0;
    broken_ = false;
  }
  const std::unique_ptr<Stream> stream =
      client_->stub<v1::LedgerService::Stub>()->AppendStream(&context);
  std::thread writer([this, &stream] { Write(stream.get()); });
  v1::AppendStreamResponse response;
  uint64_t answers = 0;
  bool in_order = true;
  while (stream->Read(&response)) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      in_order = in_order && sent_ > 0 && response.batch() == ++answers;
    }
    if (!in_order) {
      context.TryCancel();
    } else if (response.has_error()) {
      Answer(FromRpcStatus(response.error()));
    } else {
      Answer(response.appended());
    }
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    context_ = nullptr;
    broken_ = true;
  }
  changed_.notify_all();
  writer.join();
  const absl::Status status = FromGrpc(stream->Finish());
  if (!in_order) return absl::InternalError("the server answered batches out of order");
  return status.ok() ? absl::UnavailableError("the server ended the stream") : status;
}

void Appender::Write(Stream* stream) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return broken_ || sent_ < batches_.size(); });
    if (broken_) return;
    const std::shared_ptr<const v1::AppendStreamRequest> request = batches_[sent_++].request;
    lock.unlock();
    // If it fails, reading finds out as well.
    stream->Write(*request);
    lock.lock();
  }
}

void Appender::Answer(const absl::StatusOr<v1::AppendResponse>& answer) {
  std::unique_lock<std::mutex> lock(mutex_);
  const Done done = std::move(batches_.front().done);
  lock.unlock();
  if (done) done(answer);
  outage_.reset();
  lock.lock();
  batches_.pop_front();
  if (sent_ > 0) --sent_;
  changed_.notify_all();
}

}  // namespace payfold
