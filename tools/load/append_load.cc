#include "tools/load/append_load.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "services/call.h"
#include "services/status_mapping.h"
#include "tools/load/pace.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

constexpr int64_t kReferenceBatch = 1'000;
constexpr int kReferenceInFlight = 8;

// The events that are still to be appended, given out in batches.
class Supply {
 public:
  Supply(const StandardCompany* company, int64_t begin, int64_t end, int64_t batch)
      : company_(company), end_(end), batch_(batch), next_(begin) {}

  // False when there are none left.
  bool Next(v1::AppendStreamRequest* request) {
    const int64_t begin = next_.fetch_add(batch_);
    if (begin >= end_) return false;
    request->clear_events();
    for (int64_t i = begin; i < std::min(end_, begin + batch_); ++i) {
      *request->add_events() = company_->EventAt(i);
    }
    return true;
  }

 private:
  const StandardCompany* company_;
  const int64_t end_;
  const int64_t batch_;
  std::atomic<int64_t> next_;
};

// One stream: a thread that writes, a thread that reads acknowledgements.
class LoadStream {
 public:
  LoadStream(v1::LedgerService::Stub* stub, const AppendLoadOptions& options, Supply* supply,
             Pace pace, absl::Time end)
      : options_(options), supply_(supply), pace_(pace), end_(end) {
    context_.AddMetadata(kActorMetadata, options.actor);
    stream_ = stub->AppendStream(&context_);
    writer_ = std::thread([this] { Write(); });
    reader_ = std::thread([this] { Read(); });
  }

  // Waits for the end. Errors: how the stream broke.
  absl::StatusOr<LoadResult> Finish() {
    writer_.join();
    reader_.join();
    const absl::Status status = FromGrpc(stream_->Finish());
    if (!status.ok()) return status;
    return std::move(result_);
  }

 private:
  void Write() {
    v1::AppendStreamRequest request;
    request.set_ledger(options_.ledger);
    while (true) {
      const absl::Time due = pace_.Next(absl::Now());
      if (due >= end_) break;
      absl::SleepFor(due - absl::Now());
      if (!supply_->Next(&request)) break;
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(
          lock, [this] { return over_ || due_.size() < static_cast<size_t>(options_.in_flight); });
      if (over_) break;
      // In the closed loop it is due now that there is room for it.
      due_.push_back(options_.batches_per_second == 0 ? absl::Now() : due);
      lock.unlock();
      if (!stream_->Write(request)) break;
    }
    stream_->WritesDone();
  }

  void Read() {
    v1::AppendStreamResponse response;
    while (stream_->Read(&response)) {
      const absl::Time now = absl::Now();
      const std::lock_guard<std::mutex> lock(mutex_);
      if (response.has_error()) {
        ++result_.errors;
        if (result_.first_error.ok()) result_.first_error = FromRpcStatus(response.error());
      } else {
        result_.latency.Add(now - due_.front());
        result_.events += static_cast<uint64_t>(response.appended().results_size());
      }
      due_.pop_front();
      changed_.notify_one();
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    over_ = true;
    changed_.notify_one();
  }

  const AppendLoadOptions& options_;
  Supply* supply_;
  Pace pace_;
  const absl::Time end_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::AppendStreamRequest, v1::AppendStreamResponse>>
      stream_;
  std::mutex mutex_;  // Guards all below but the threads.
  std::condition_variable changed_;
  std::deque<absl::Time> due_;  // Of the batches in flight.
  bool over_ = false;
  LoadResult result_;
  std::thread writer_;
  std::thread reader_;
};

absl::StatusOr<LoadResult> RunStreams(v1::LedgerService::Stub* stub,
                                      const AppendLoadOptions& options, Supply* supply) {
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<LoadStream>> streams;
  for (int i = 0; i < options.streams; ++i) {
    streams.push_back(std::make_unique<LoadStream>(
        stub, options, supply, Pace(start, options.batches_per_second, i, options.streams),
        start + options.duration));
  }
  LoadResult all;
  absl::Status broken;
  for (const std::unique_ptr<LoadStream>& stream : streams) {
    const absl::StatusOr<LoadResult> result = stream->Finish();
    if (result.ok()) {
      all.Add(*result);
    } else if (broken.ok()) {
      broken = result.status();
    }
  }
  RETURN_IF_ERROR(broken);
  all.elapsed = absl::Now() - start;
  return all;
}

}  // namespace

absl::StatusOr<LoadResult> RunAppendLoad(v1::LedgerService::Stub* stub,
                                         const AppendLoadOptions& options) {
  const StandardCompany company({.deals = options.deals});
  AppendLoadOptions before = options;
  before.streams = 1;
  before.in_flight = kReferenceInFlight;
  before.batches_per_second = 0;
  before.duration = absl::InfiniteDuration();
  Supply reference(&company, 0, company.reference_event_count(), kReferenceBatch);
  ASSIGN_OR_RETURN(const LoadResult first, RunStreams(stub, before, &reference));
  if (first.errors > 0) return first.first_error;
  Supply deals(&company, company.reference_event_count(), company.event_count(), options.batch);
  return RunStreams(stub, options, &deals);
}

}  // namespace payfold
