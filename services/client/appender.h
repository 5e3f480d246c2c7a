// Appends many batches without waiting for each, through broken connections.
//
//   Appender appender(client.get(), {.ledger = "main"});
//   for (…) {
//     RETURN_IF_ERROR(appender.Append(events, [](const absl::StatusOr<v1::AppendResponse>& answer)
//     {
//       if (!answer.ok()) Report(ReasonOf(answer.status()));
//     }));
//   }
//   RETURN_IF_ERROR(appender.Flush());
//
// When a connection breaks, what has no answer yet is sent again over the next
// one. What was appended already is told by the ids of its events: nothing
// doubles.

#ifndef SERVICES_CLIENT_APPENDER_H_
#define SERVICES_CLIENT_APPENDER_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/client/client.h"
#include "services/client/retry.h"

namespace payfold {

struct AppenderOptions {
  // Empty is "main".
  std::string ledger;
  // Batches without an answer at one time. The server reads on while fewer than 64
  // of a stream wait. REQUIRES: at least 1.
  size_t window = 16;
};

// Thread-safe; batches of one thread are appended in the order of its calls.
class Appender {
 public:
  // What became of a batch: its results when it is durable, or why nothing of it
  // was appended, with all violations. Called once for each batch, in order, on
  // the appender's thread, which it holds up; must not call the appender.
  using Done = std::function<void(const absl::StatusOr<v1::AppendResponse>&)>;

  // `*client` must outlive the appender.
  Appender(Client* client, AppenderOptions options);
  // What has no answer yet gets kCancelled: it may be in the ledger or not.
  ~Appender();
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  // Queues a batch; waits while the window is full.
  // Errors: what ended the appender, then and ever after: no such ledger, a batch
  // of more than 16 MiB, or the server was away for longer than the client's
  // timeout. Batches without an answer have got it too, and may be in the ledger
  // or not.
  absl::Status Append(std::vector<v1::Event> events, Done done);

  // Waits until every batch has its answer. Errors: those of Append().
  absl::Status Flush();

 private:
  struct Batch {
    std::shared_ptr<const v1::AppendStreamRequest> request;
    Done done;
  };
  using Stream = grpc::ClientReaderWriter<v1::AppendStreamRequest, v1::AppendStreamResponse>;

  void Run();  // On thread_.
  // One stream, until it breaks; why it did.
  absl::Status RunStream();
  void Write(Stream* stream);  // On a thread beside it.
  // Gives the front its answer.
  void Answer(const absl::StatusOr<v1::AppendResponse>& answer);

  Client* const client_;
  const AppenderOptions options_;
  std::optional<Retries> outage_;  // Since the last answer; of thread_.

  std::mutex mutex_;  // Guards all below but the thread.
  std::condition_variable changed_;
  std::deque<Batch> batches_;  // Without an answer.
  size_t sent_ = 0;            // Of these, over the present stream.
  bool broken_ = false;        // The present stream takes no more.
  grpc::ClientContext* context_ = nullptr;
  absl::Status ended_;
  std::thread thread_;
};

}  // namespace payfold

#endif  // SERVICES_CLIENT_APPENDER_H_
