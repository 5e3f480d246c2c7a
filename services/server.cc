#include "services/server.h"

#include <chrono>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace payfold {
namespace {

bool IsLoopback(absl::string_view listen) {
  return absl::StartsWith(listen, "127.0.0.1:") || absl::StartsWith(listen, "[::1]:") ||
         absl::StartsWith(listen, "localhost:") || absl::StartsWith(listen, "unix:");
}

}  // namespace

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  return arguments;
}

Server::Server(Workspace* workspace, const Options& options)
    : executor_(options.threads, options.max_queued),
      ledger_service_(workspace, &executor_),
      proof_service_(workspace, &executor_),
      plan_service_(workspace, &executor_),
      payout_service_(workspace, &executor_) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Workspace* workspace,
                                                      const Options& options) {
  if (!options.listen.empty() && !IsLoopback(options.listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on \"", options.listen,
                     "\": without identities only the loopback is served (127.0.0.1:PORT)"));
  }
  auto server = std::unique_ptr<Server>(new Server(workspace, options));
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.RegisterService(&server->ledger_service_);
  builder.RegisterService(&server->proof_service_);
  builder.RegisterService(&server->plan_service_);
  builder.RegisterService(&server->payout_service_);
  if (!options.listen.empty()) {
    builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &server->port_);
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || (!options.listen.empty() && server->port_ == 0)) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on \"", options.listen, "\"; is the port taken?"));
  }
  return server;
}

Server::~Server() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(ChannelArguments());
}

}  // namespace payfold
