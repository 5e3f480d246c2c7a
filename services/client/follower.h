// Follows the log through broken connections: every event once, in order.
//
//   v1::SubscribeRequest request;
//   request.set_after_position(LastPositionThatIHave());
//   Follower follower(client.get(), request);
//   while (true) {
//     ASSIGN_OR_RETURN(const v1::SubscribeResponse message, follower.Next());
//     for (const v1::StoredEvent& event : message.events()) Take(event);
//     Save(message.position());
//   }

#ifndef SERVICES_CLIENT_FOLLOWER_H_
#define SERVICES_CLIENT_FOLLOWER_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/client/client.h"
#include "services/client/retry.h"

namespace payfold {

// Belongs to one thread, but for Stop().
class Follower {
 public:
  // `*client` must outlive the follower.
  Follower(Client* client, v1::SubscribeRequest request);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Waits for what comes next: events, a mark (CAUGHT_UP, FELL_BEHIND, HEARTBEAT),
  // or both. Subscribes again after position() when the connection breaks and when
  // the server found this client too slow.
  // Errors: kUnavailable if the server was away for longer than the client's
  // timeout: call again to go on trying; kCancelled after Stop(); others of
  // Subscribe.
  absl::StatusOr<v1::SubscribeResponse> Next();

  // Ends Next(), soon and for ever. From any thread.
  void Stop();

  // Everything that is wanted up to here was given.
  uint64_t position() const { return request_.after_position(); }
  // What comes is live: the log's end was reached, and this client has kept up.
  bool caught_up() const { return caught_up_; }

 private:
  // Errors: kCancelled if it is stopped.
  absl::Status Open();
  // Forgets the stream; why it broke.
  absl::Status Close();
  // Waits before the next try. Errors: there is to be none.
  absl::Status WaitAfter(const absl::Status& broken);

  Client* const client_;
  v1::SubscribeRequest request_;
  std::unique_ptr<grpc::ClientReader<v1::SubscribeResponse>> reader_;
  bool caught_up_ = false;
  std::optional<Retries> outage_;  // Since the last message.

  std::mutex mutex_;  // Guards all below.
  std::condition_variable stopping_;
  bool stopped_ = false;
  std::unique_ptr<grpc::ClientContext> context_;
};

}  // namespace payfold

#endif  // SERVICES_CLIENT_FOLLOWER_H_
