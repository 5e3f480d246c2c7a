// Append streams of a server as the bench drives them: requests made ready
// before, one of a stream on its way at a time, all from one thread.

#ifndef BENCH_WIRE_STREAMS_H_
#define BENCH_WIRE_STREAMS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// The bytes of an AppendStreamRequest.
grpc::ByteBuffer ToRequest(const std::string& ledger, absl::Span<const v1::Event> events);

// Belongs to one thread. Errors of all: the call's, or that of a refused batch.
class WireStreams {
 public:
  // Opens `count` streams on one connection of their own.
  static absl::StatusOr<std::unique_ptr<WireStreams>> Open(const std::string& server, int count);
  // Breaks off what is still open.
  ~WireStreams();
  WireStreams(const WireStreams&) = delete;
  WireStreams& operator=(const WireStreams&) = delete;

  // REQUIRES: nothing of that stream is on its way.
  void Send(size_t stream, const grpc::ByteBuffer& request);
  // Waits for an acknowledgement; gives its stream.
  absl::StatusOr<size_t> Receive();
  // Ends all. REQUIRES: nothing is on its way.
  absl::Status Close();

 private:
  struct Stream {
    size_t index = 0;
    int pending = 0;  // Operations that have not ended.
    grpc::ClientContext context;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
    grpc::ByteBuffer response;
    grpc::Status status;
  };

  WireStreams() = default;

  // Waits until all operations of some stream have ended.
  absl::StatusOr<Stream*> Await();

  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace payfold

#endif  // BENCH_WIRE_STREAMS_H_
