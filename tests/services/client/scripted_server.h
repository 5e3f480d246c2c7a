// A server that does what a test tells it, to show a client what a real one does
// rarely.

#ifndef TESTS_SERVICES_CLIENT_SCRIPTED_SERVER_H_
#define TESTS_SERVICES_CLIENT_SCRIPTED_SERVER_H_

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/grpcpp.h"
#include "payfold/v1/ledger_service.grpc.pb.h"

namespace payfold_testing {

class ScriptedServer final : public payfold::v1::LedgerService::Service {
 public:
  using AppendStreamOf =
      grpc::ServerReaderWriter<payfold::v1::AppendStreamResponse, payfold::v1::AppendStreamRequest>;
  using SubscriptionOf = grpc::ServerWriter<payfold::v1::SubscribeResponse>;

  ScriptedServer();
  ~ScriptedServer() override;

  const std::string& address() const { return address_; }
  // How many calls came.
  int calls() const;

  // What the next calls of the method do, one after the other; a call beyond them
  // is kInternal.
  void OnAppend(const absl::Status& status);
  void OnAppendStream(std::function<absl::Status(AppendStreamOf*)> call);
  void OnSubscribe(
      std::function<absl::Status(const payfold::v1::SubscribeRequest&, SubscriptionOf*)> call);

 private:
  grpc::Status Append(grpc::ServerContext* context, const payfold::v1::AppendRequest* request,
                      payfold::v1::AppendResponse* response) override;
  grpc::Status AppendStream(grpc::ServerContext* context, AppendStreamOf* stream) override;
  grpc::Status Subscribe(grpc::ServerContext* context, const payfold::v1::SubscribeRequest* request,
                         SubscriptionOf* writer) override;
  // Takes the front; null if there is none.
  template <typename Call>
  Call Take(std::deque<Call>* calls);

  mutable std::mutex mutex_;  // Guards the next four.
  int calls_ = 0;
  std::deque<std::function<absl::Status()>> appends_;
  std::deque<std::function<absl::Status(AppendStreamOf*)>> streams_;
  std::deque<std::function<absl::Status(const payfold::v1::SubscribeRequest&, SubscriptionOf*)>>
      subscriptions_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace payfold_testing

#endif  // TESTS_SERVICES_CLIENT_SCRIPTED_SERVER_H_
