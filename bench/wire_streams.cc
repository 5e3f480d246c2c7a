#include "bench/wire_streams.h"

#include <string>
#include <utility>

#include "ledger/base/status_macros.h"
#include "payfold/v1/ledger_service.pb.h"
#include "services/call.h"
#include "services/server.h"
#include "services/status_mapping.h"

namespace payfold {
namespace {

constexpr char kMethod[] = "/payfold.v1.LedgerService/AppendStream";

absl::Status CheckAnswer(grpc::ByteBuffer* bytes) {
  v1::AppendStreamResponse response;
  const grpc::Status parsed =
      grpc::SerializationTraits<v1::AppendStreamResponse>::Deserialize(bytes, &response);
  if (!parsed.ok()) return FromGrpc(parsed);
  return response.has_error() ? FromRpcStatus(response.error()) : absl::OkStatus();
}

}  // namespace

grpc::ByteBuffer ToRequest(const std::string& ledger, absl::Span<const v1::Event> events) {
  v1::AppendStreamRequest request;
  request.set_ledger(ledger);
  request.mutable_events()->Assign(events.begin(), events.end());
  const grpc::Slice bytes(request.SerializeAsString());
  return grpc::ByteBuffer(&bytes, 1);
}

absl::StatusOr<std::unique_ptr<WireStreams>> WireStreams::Open(const std::string& server,
                                                               int count) {
  auto opened = std::unique_ptr<WireStreams>(new WireStreams);
  grpc::ChannelArguments arguments = ChannelArguments();
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // No other's connection.
  grpc::GenericStub stub(
      grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments));
  for (int i = 0; i < count; ++i) {
    auto stream = std::make_unique<Stream>();
    stream->index = opened->streams_.size();
    stream->context.AddMetadata(kActorMetadata, "bench");
    stream->call = stub.PrepareCall(&stream->context, kMethod, &opened->queue_);
    stream->call->StartCall(stream.get());
    stream->pending = 1;
    opened->streams_.push_back(std::move(stream));
  }
  for (int i = 0; i < count; ++i) RETURN_IF_ERROR(opened->Await().status());
  return opened;
}

WireStreams::~WireStreams() {
  for (const std::unique_ptr<Stream>& stream : streams_) stream->context.TryCancel();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) continue;
}

void WireStreams::Send(size_t stream, const grpc::ByteBuffer& request) {
  Stream* const s = streams_[stream].get();
  s->pending = 2;
  s->call->Write(request, s);
  s->call->Read(&s->response, s);
}

absl::StatusOr<size_t> WireStreams::Receive() {
  ASSIGN_OR_RETURN(Stream* const stream, Await());
  RETURN_IF_ERROR(CheckAnswer(&stream->response));
  return stream->index;
}

absl::Status WireStreams::Close() {
  for (const std::unique_ptr<Stream>& stream : streams_) {
    stream->pending = 2;
    stream->call->WritesDone(stream.get());
    stream->call->Finish(&stream->status, stream.get());
  }
  for (size_t i = 0; i < streams_.size(); ++i) {
    ASSIGN_OR_RETURN(const Stream* const stream, Await());
    if (!stream->status.ok()) return FromGrpc(stream->status);
  }
  return absl::OkStatus();
}

absl::StatusOr<WireStreams::Stream*> WireStreams::Await() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    Stream* const stream = static_cast<Stream*>(tag);
    if (!ok) return absl::UnavailableError("the server broke off a stream");
    if (--stream->pending == 0) return stream;
  }
  return absl::InternalError("the queue of the streams has ended");
}

}  // namespace payfold
