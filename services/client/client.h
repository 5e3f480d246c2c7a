// A connection to a server, for programs in C++.
//
//   ASSIGN_OR_RETURN(auto client, Client::Connect("127.0.0.1:7171", {.actor = "crm-sync"}));
//   v1::AppendRequest batch = …;
//   ASSIGN_OR_RETURN(v1::AppendResponse done,
//                    client->Call(&v1::LedgerService::Stub::Append, batch));
//   v1::GetBalanceRequest query;
//   query.mutable_context()->set_min_position(done.position());  // Reads what it wrote.
//   ASSIGN_OR_RETURN(v1::GetBalanceResponse balance,
//                    client->Call(&v1::PayoutService::Stub::GetBalance, query));
//
// Errors carry the details that the server gave: ReasonOf(), FieldViolationsOf()
// (services/errors.h). For many batches: Appender; to follow the log:
// Follower.

#ifndef SERVICES_CLIENT_CLIENT_H_
#define SERVICES_CLIENT_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <tuple>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "payfold/v1/admin_service.grpc.pb.h"
#include "payfold/v1/insight_service.grpc.pb.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "payfold/v1/period_service.grpc.pb.h"
#include "payfold/v1/plan_service.grpc.pb.h"
#include "payfold/v1/proof_service.grpc.pb.h"
#include "payfold/v1/replay_service.grpc.pb.h"

namespace payfold {

struct ClientOptions {
  // Who acts, for the log: 1 to 128 printable ASCII characters.
  std::string actor = "local";
  // How long a call may take, its retries included, and how long a stream tries to
  // reach a server that is away.
  absl::Duration timeout = absl::Seconds(30);
};

// Thread-safe. Its calls, appenders and followers share one connection.
class Client {
 public:
  // Does not wait for the server: a call finds out whether it is there.
  // Errors: kInvalidArgument for an actor that is none.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(const std::string& address,
                                                         const ClientOptions& options = {});

  // Calls a unary method, again and again until it answers with something else
  // than IsWorthRetrying() or the time is over. That is safe for queries and
  // checks, for appends because of the ids of their events, for payments because of
  // their references, for replays that are started with an id, and for what says that it
  // was done before (closes, approvals, commits); CreateLedger may tell a retry that the
  // ledger exists: the first try made it.
  // Errors: the method's, of the last try; kDeadlineExceeded.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    Response response;
    const absl::Status status = Retry([&](grpc::ClientContext* context) {
      response.Clear();
      return (stub<Stub>()->*method)(context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // For streams, and for calls that are not to be tried again.
  template <typename Stub>
  Stub* stub() const {
    return std::get<std::unique_ptr<Stub>>(stubs_).get();
  }
  // Tells the server who calls.
  void Introduce(grpc::ClientContext* context) const;

  const ClientOptions& options() const { return options_; }

 private:
  Client(const std::shared_ptr<grpc::Channel>& channel, ClientOptions options);
  absl::Status Retry(const std::function<grpc::Status(grpc::ClientContext*)>& attempt) const;

  const ClientOptions options_;
  const std::tuple<
      std::unique_ptr<v1::LedgerService::Stub>, std::unique_ptr<v1::ProofService::Stub>,
      std::unique_ptr<v1::PlanService::Stub>, std::unique_ptr<v1::PayoutService::Stub>,
      std::unique_ptr<v1::PeriodService::Stub>, std::unique_ptr<v1::ReplayService::Stub>,
      std::unique_ptr<v1::InsightService::Stub>, std::unique_ptr<v1::AdminService::Stub>>
      stubs_;
};

}  // namespace payfold

#endif  // SERVICES_CLIENT_CLIENT_H_
