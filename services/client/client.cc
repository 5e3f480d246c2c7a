#include "services/client/client.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "services/client/retry.h"
#include "services/status_mapping.h"

namespace payfold {
namespace {

// The metadata key under which a client says its name.
constexpr char kActorKey[] = "payfold-as";

// The server's own limit, both ways.
constexpr int kMessageBytes = 16 << 20;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytes);
  arguments.SetMaxSendMessageSize(kMessageBytes);
  // Finds out within 80 s that the other end is gone without a word.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // How often a call is tried again is for Retries; the channel only follows.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  return arguments;
}

}  // namespace

Client::Client(const std::shared_ptr<grpc::Channel>& channel, ClientOptions options)
    : options_(std::move(options)),
      stubs_(v1::LedgerService::NewStub(channel), v1::ProofService::NewStub(channel),
             v1::PlanService::NewStub(channel), v1::PayoutService::NewStub(channel),
             v1::PeriodService::NewStub(channel), v1::ReplayService::NewStub(channel),
             v1::InsightService::NewStub(channel), v1::AdminService::NewStub(channel)) {}

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(const std::string& address,
                                                        const ClientOptions& options) {
  // gRPC stops the program at metadata that HTTP does not allow.
  const bool printable = std::all_of(options.actor.begin(), options.actor.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  if (options.actor.empty() || options.actor.size() > 128 || !printable) {
    return absl::InvalidArgumentError(
        "ClientOptions.actor: a name of who acts has 1 to 128 printable ASCII characters");
  }
  return std::unique_ptr<Client>(new Client(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), Arguments()),
      options));
}

void Client::Introduce(grpc::ClientContext* context) const {
  context->AddMetadata(kActorKey, options_.actor);
}

absl::Status Client::Retry(const std::function<grpc::Status(grpc::ClientContext*)>& attempt) const {
  const absl::Time deadline = absl::Now() + options_.timeout;
  Retries retries(deadline);
  while (true) {
    grpc::ClientContext context;
    Introduce(&context);
    context.set_deadline(absl::ToChronoTime(deadline));
    absl::Status status = FromGrpc(attempt(&context));
    if (status.ok()) return status;
    const std::optional<absl::Duration> wait = retries.Next(status);
    if (!wait.has_value()) return status;
    absl::SleepFor(*wait);
  }
}

}  // namespace payfold
