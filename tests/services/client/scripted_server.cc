#include "tests/services/client/scripted_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "services/status_mapping.h"

namespace payfold_testing {

namespace v1 = payfold::v1;
using payfold::ToGrpc;

namespace {

grpc::Status NothingLeft() { return ToGrpc(absl::InternalError("not in the script")); }

}  // namespace

ScriptedServer::ScriptedServer() {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  CHECK(server_ != nullptr && port != 0);
  address_ = absl::StrCat("127.0.0.1:", port);
}

ScriptedServer::~ScriptedServer() { server_->Shutdown(absl::ToChronoTime(absl::UnixEpoch())); }

int ScriptedServer::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

void ScriptedServer::OnAppend(const absl::Status& status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  appends_.emplace_back([status] { return status; });
}

void ScriptedServer::OnAppendStream(std::function<absl::Status(AppendStreamOf*)> call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.push_back(std::move(call));
}

void ScriptedServer::OnSubscribe(
    std::function<absl::Status(const v1::SubscribeRequest&, SubscriptionOf*)> call) {
  const std::lock_guard<std::mutex> lock(mutex_);
  subscriptions_.push_back(std::move(call));
}

template <typename Call>
Call ScriptedServer::Take(std::deque<Call>* calls) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++calls_;
  if (calls->empty()) return nullptr;
  Call call = std::move(calls->front());
  calls->pop_front();
  return call;
}

grpc::Status ScriptedServer::Append(grpc::ServerContext* /*context*/,
                                    const v1::AppendRequest* /*request*/,
                                    v1::AppendResponse* /*response*/) {
  const auto call = Take(&appends_);
  return call == nullptr ? NothingLeft() : ToGrpc(call());
}

grpc::Status ScriptedServer::AppendStream(grpc::ServerContext* /*context*/,
                                          AppendStreamOf* stream) {
  const auto call = Take(&streams_);
  return call == nullptr ? NothingLeft() : ToGrpc(call(stream));
}

grpc::Status ScriptedServer::Subscribe(grpc::ServerContext* /*context*/,
                                       const v1::SubscribeRequest* request,
                                       SubscriptionOf* writer) {
  const auto call = Take(&subscriptions_);
  return call == nullptr ? NothingLeft() : ToGrpc(call(*request, writer));
}

}  // namespace payfold_testing
