// One append stream: batches in, acknowledgements out, in order, with many in
// flight.

#ifndef SERVICES_APPEND_STREAM_H_
#define SERVICES_APPEND_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/call.h"
#include "services/long_streams.h"
#include "services/workspace.h"

namespace payfold {

// While so much of one stream waits for its acknowledgement nothing more is read.
inline constexpr size_t kMaxBatchesInFlight = 64;
inline constexpr size_t kMaxBytesInFlight = size_t{16} << 20;

// Lives until its call is over, then deletes itself. At most one batch of the
// stream is being prepared, which keeps them in order; what is acknowledged may
// be many batches behind.
class AppendStream final
    : public grpc::ServerBidiReactor<v1::AppendStreamRequest, v1::AppendStreamResponse>,
      public LongStream {
 public:
  // All must outlive the call.
  AppendStream(Workspace* workspace, Executor* executor, grpc::CallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  void End(const absl::Status& status) override;

 private:
  struct Batch {
    size_t bytes = 0;
    std::optional<v1::AppendStreamResponse> answer;  // Once it is known.
  };

  // Hands the batch that was read to the ledger: on the executor, unless that takes
  // neither long nor a disk.
  void Take();
  // Opens the ledger that the first message names; the others name it too.
  absl::Status Open();
  void OnAnswer(uint64_t number, v1::AppendStreamResponse answer);

  // Holding mutex_.
  void Continue();  // Reads, writes or finishes, whatever can be done now.
  bool MayRead() const;
  bool Idle() const;

  Workspace* const workspace_;
  Executor* const executor_;
  std::string actor_;

  v1::AppendStreamRequest request_;  // Being read, or taken.
  std::shared_ptr<OpenLedger> open_;
  std::string ledger_;

  std::mutex mutex_;  // Guards all below.
  bool reading_ = false;
  bool taking_ = false;
  bool writing_ = false;
  bool finished_ = false;
  bool no_more_ = false;        // The client has sent all it will.
  absl::Status ending_;         // What to finish with once all is acknowledged.
  bool gone_ = false;           // Nobody takes acknowledgements any more.
  bool acknowledging_ = false;  // The front's answer is on its way, or has gone.
  uint64_t first_ = 1;          // Number of the batch at the front.
  size_t bytes_ = 0;            // Of all in batches_.
  std::deque<Batch> batches_;   // Not acknowledged yet; the front may be on its way.
};

}  // namespace payfold

#endif  // SERVICES_APPEND_STREAM_H_
