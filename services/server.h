// The services as a gRPC server: in the process, on a port, or both.

#ifndef SERVICES_SERVER_H_
#define SERVICES_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "services/admin_service.h"
#include "services/executor.h"
#include "services/health.h"
#include "services/insight_service.h"
#include "services/ledger_service.h"
#include "services/payout_service.h"
#include "services/period_service.h"
#include "services/plan_service.h"
#include "services/proof_service.h"
#include "services/replay_service.h"
#include "services/subscription_stream.h"
#include "services/workspace.h"

namespace payfold {

// What a message may have, both ways: above the limit of a batch, so that it is
// admission that refuses one.
inline constexpr int kMaxMessageBytes = 16 << 20;

class Server {
 public:
  struct Options {
    // "127.0.0.1:0"; empty: no port, only InProcessChannel(). Anything but
    // loopback needs identities, which this release does not have.
    std::string listen;
    // How many calls run at once, and how many may wait for their turn.
    int threads = 16;
    size_t max_queued = 1'024;
    SubscriptionLimits subscriptions = {};
  };

  // `*workspace` must outlive the server.
  // Errors: kInvalidArgument if `listen` is not an address of the loopback;
  // kUnavailable if the port cannot be had.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Workspace* workspace,
                                                       const Options& options);

  // Cancels what runs, and waits for it.
  ~Server();

  // Takes no new calls, ends subscriptions and append streams (what these have
  // sent is acknowledged first), and gives other calls until `deadline` to end.
  void Drain(absl::Time deadline);

  // A channel that needs no network. It must not be used once the server is gone.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // The port that is listened on; 0 if none.
  int port() const { return port_; }

 private:
  Server(Workspace* workspace, const Options& options);

  Workspace* const workspace_;
  Executor executor_;
  LedgerServiceImpl ledger_service_;
  ProofServiceImpl proof_service_;
  PlanServiceImpl plan_service_;
  PayoutServiceImpl payout_service_;
  PeriodServiceImpl period_service_;
  ReplayServiceImpl replay_service_;
  InsightServiceImpl insight_service_;
  AdminServiceImpl admin_service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Health> health_;  // None without a port.
  int port_ = 0;
};

// Arguments for any channel to a server of ours.
grpc::ChannelArguments ChannelArguments();

}  // namespace payfold

#endif  // SERVICES_SERVER_H_
