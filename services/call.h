// How a method of a service runs: on the executor, knowing who calls and until
// when, its absl::Status turned into the answer's.
//
// A unary method is one line:
//
//   return RunUnary(executor_, context, [=, this](const Call& call) {
//     return Append(call, *request, response);
//   });
//
// A server stream is a Producer, asked for one message after the other while the
// one before is on its way: never more than one is in memory.

#ifndef SERVICES_CALL_H_
#define SERVICES_CALL_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "services/errors.h"
#include "services/executor.h"
#include "services/status_mapping.h"

namespace payfold {

// How often a method tries a write again that others overtook.
inline constexpr int kWriteAttempts = 10;
// How often a wait looks whether anybody still waits for its end.
inline constexpr absl::Duration kWaitSlice = absl::Milliseconds(100);

// The metadata key under which a client claims its name.
inline constexpr char kActorMetadata[] = "payfold-as";
inline constexpr char kLocalActor[] = "local";

// Errors: kInvalidArgument unless the name is 1 to 128 printable ASCII characters.
absl::Status CheckActor(absl::string_view name);

// What a method knows of its call.
struct Call {
  std::string actor;
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = [] { return false; };

  // kCancelled or kDeadlineExceeded when there is nobody to answer any more.
  absl::Status CheckAlive() const;
};

// Errors: those of CheckActor() for the claimed name.
absl::StatusOr<Call> CallOf(const grpc::CallbackServerContext& context);

// Runs `method` on the executor and finishes the call with what it gives;
// RESOURCE_EXHAUSTED if the queue is full.
grpc::ServerUnaryReactor* RunUnary(Executor* executor, grpc::CallbackServerContext* context,
                                   std::function<absl::Status(const Call&)> method);

// The same for a method that is answered later: it calls `answer`, once, from any
// thread, when what it put in the response is complete.
using Answer = std::function<void(const absl::Status&)>;
grpc::ServerUnaryReactor* RunUnaryLater(Executor* executor, grpc::CallbackServerContext* context,
                                        std::function<void(const Call&, const Answer&)> method);

// What a call gets that the executor cannot take.
absl::Status ServerBusy();

// Makes the messages of a server stream.
template <typename Response>
class Producer {
 public:
  virtual ~Producer() = default;
  // Fills the next message; false at the end. Runs on the executor, one call
  // after the other. `call.cancelled` turns true when the client is gone.
  virtual absl::StatusOr<bool> Next(const Call& call, Response* response) = 0;
};

// Lives until its call is over, then deletes itself.
template <typename Response>
class StreamReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  // Makes the producer, on the executor; its error is the call's.
  using Open = std::function<absl::StatusOr<std::unique_ptr<Producer<Response>>>(const Call&)>;

  StreamReactor(Executor* executor, grpc::CallbackServerContext* context, Open open)
      : executor_(executor), open_(std::move(open)) {
    absl::StatusOr<Call> call = CallOf(*context);
    if (!call.ok()) {
      this->Finish(ToGrpc(call.status()));
      return;
    }
    call_ = *std::move(call);
    call_.cancelled = [this] { return cancelled_.load(std::memory_order_relaxed); };
    if (!executor_->Submit([this] { Start(); })) {
      this->Finish(ToGrpc(ServerBusy()));
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      this->Finish(ToGrpc(absl::CancelledError("the client is gone")));
      return;
    }
    executor_->Continue([this] { Step(); });
  }
  void OnCancel() override { cancelled_.store(true, std::memory_order_relaxed); }
  void OnDone() override { delete this; }

 private:
  void Start() {
    absl::StatusOr<std::unique_ptr<Producer<Response>>> producer = open_(call_);
    if (!producer.ok()) {
      this->Finish(ToGrpc(producer.status()));
      return;
    }
    producer_ = *std::move(producer);
    Step();
  }

  void Step() {
    absl::Status alive = call_.CheckAlive();
    if (!alive.ok()) {
      this->Finish(ToGrpc(alive));
      return;
    }
    response_.Clear();
    const absl::StatusOr<bool> more = producer_->Next(call_, &response_);
    if (!more.ok()) {
      this->Finish(ToGrpc(more.status()));
    } else if (*more) {
      this->StartWrite(&response_);
    } else {
      this->Finish(grpc::Status::OK);
    }
  }

  Executor* executor_;
  Open open_;
  Call call_;
  std::atomic<bool> cancelled_ = false;
  std::unique_ptr<Producer<Response>> producer_;
  Response response_;
};

}  // namespace payfold

#endif  // SERVICES_CALL_H_
