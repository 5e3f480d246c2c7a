#include "services/server.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "services/errors.h"

namespace payfold {
namespace {

// What messages on their way in and out may take in all.
constexpr size_t kMaxBufferedBytes = size_t{2} << 30;

bool IsLoopback(absl::string_view listen) {
  return absl::StartsWith(listen, "127.0.0.1:") || absl::StartsWith(listen, "[::1]:") ||
         absl::StartsWith(listen, "localhost:") || absl::StartsWith(listen, "unix:");
}

// Finds out about clients that are gone, and lets theirs find out about us.
// Clients may ping as often as every 20 s, which is less than they should.
void KeepAlive(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

}  // namespace

grpc::ChannelArguments ChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  return arguments;
}

Server::Server(Workspace* workspace, const Options& options)
    : workspace_(workspace),
      executor_(options.threads, options.max_queued),
      ledger_service_(workspace, &executor_, options.subscriptions),
      proof_service_(workspace, &executor_),
      plan_service_(workspace, &executor_),
      payout_service_(workspace, &executor_),
      period_service_(workspace, &executor_),
      replay_service_(workspace, &executor_),
      insight_service_(workspace, &executor_),
      admin_service_(workspace, &executor_) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Workspace* workspace,
                                                      const Options& options) {
  if (!options.listen.empty() && !IsLoopback(options.listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on \"", options.listen,
                     "\": without identities only the loopback is served (127.0.0.1:PORT)"));
  }
  auto server = std::unique_ptr<Server>(new Server(workspace, options));
  const bool listens = !options.listen.empty();
  grpc::EnableDefaultHealthCheckService(listens);
  if (listens) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.SetMaxSendMessageSize(kMaxMessageBytes);
  builder.SetResourceQuota(grpc::ResourceQuota("payfold").Resize(kMaxBufferedBytes));
  KeepAlive(&builder);
  // Else a second server on the port would get a part of the first one's clients.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(&server->ledger_service_);
  builder.RegisterService(&server->proof_service_);
  builder.RegisterService(&server->plan_service_);
  builder.RegisterService(&server->payout_service_);
  builder.RegisterService(&server->period_service_);
  builder.RegisterService(&server->replay_service_);
  builder.RegisterService(&server->insight_service_);
  builder.RegisterService(&server->admin_service_);
  if (listens) {
    builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &server->port_);
  }
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || (listens && server->port_ == 0)) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on \"", options.listen, "\"; is the port taken?"));
  }
  if (listens) {
    server->health_ = std::make_unique<Health>(workspace, server->server_->GetHealthCheckService());
  }
  return server;
}

Server::~Server() {
  if (server_ != nullptr) Drain(absl::InfinitePast());
}

void Server::Drain(absl::Time deadline) {
  if (health_ != nullptr) health_->Stop();
  const absl::Status stopping =
      WithReason(absl::UnavailableError("the server is stopping: call again in a moment"),
                 kReasonServerStopping);
  for (const std::shared_ptr<OpenLedger>& open : workspace_->ListOpen()) {
    open->streams.EndAll(stopping);
  }
  server_->Shutdown(absl::ToChronoTime(std::max(deadline, absl::UnixEpoch())));
  server_->Wait();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  return server_->InProcessChannel(ChannelArguments());
}

}  // namespace payfold
