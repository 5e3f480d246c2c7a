// A command's connection to the ledgers: a server elsewhere (--server), or the
// same services inside the process, called through gRPC as a remote one is.
//
//   ASSIGN_OR_RETURN(auto session, Session::Open(global));
//   v1::ListBalancesRequest request;
//   ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
//   ASSIGN_OR_RETURN(v1::ListBalancesResponse response,
//                    session->Call(session->payouts(), &v1::PayoutService::Stub::ListBalances,
//                                  request));

#ifndef TOOLS_SESSION_H_
#define TOOLS_SESSION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/admin_service.grpc.pb.h"
#include "payfold/v1/insight_service.grpc.pb.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "payfold/v1/period_service.grpc.pb.h"
#include "payfold/v1/plan_service.grpc.pb.h"
#include "payfold/v1/proof_service.grpc.pb.h"
#include "payfold/v1/replay_service.grpc.pb.h"
#include "services/status_mapping.h"
#include "tools/options.h"

namespace payfold {

class Server;
class Workspace;

// Belongs to one thread.
class Session {
 public:
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // `create`: the data directory is made if it is not there. A server elsewhere is
  // not called yet.
  // Errors: UsageError() for a name that is none; those of Server::Start().
  static absl::StatusOr<std::unique_ptr<Session>> Open(const GlobalOptions& options,
                                                       bool create = false);

  const GlobalOptions& options() const { return options_; }
  v1::LedgerService::Stub* ledgers() { return ledgers_.get(); }
  v1::ProofService::Stub* proofs() { return proofs_.get(); }
  v1::PlanService::Stub* plans() { return plans_.get(); }
  v1::PayoutService::Stub* payouts() { return payouts_.get(); }
  v1::PeriodService::Stub* periods() { return periods_.get(); }
  v1::ReplayService::Stub* replays() { return replays_.get(); }
  v1::InsightService::Stub* insights() { return insights_.get(); }
  v1::AdminService::Stub* admin() { return admin_.get(); }

  // What queries carry: the ledger, --as-of and --plans-as-of; without --as-of
  // all that is in the log now.
  // Errors: UsageError() for a moment that is none; those of ReadEvents.
  absl::StatusOr<v1::QueryContext> Context();

  // Calls a unary method.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub* stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    Introduce(&context);
    Response response;
    const grpc::Status status = (stub->*method)(&context, request, &response);
    if (!status.ok()) return Error(status);
    return response;
  }

  // Calls a method that lists, page by page; gives one response with all items and
  // no token. `field` is the list in it.
  template <typename Stub, typename Request, typename Response, typename Item>
  absl::StatusOr<Response> ListAll(
      Stub* stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
      Request request, google::protobuf::RepeatedPtrField<Item>* (Response::*field)()) {
    Response all;
    while (true) {
      ASSIGN_OR_RETURN(Response page, Call(stub, method, request));
      *all.mutable_at() = page.at();
      (all.*field)()->MergeFrom(*(page.*field)());
      if (page.next_page_token().empty()) return all;
      request.set_page_token(page.next_page_token());
    }
  }

  // The error of a call of this session; says which server cannot be reached.
  absl::Status Error(const absl::Status& error) const;
  absl::Status Error(const grpc::Status& status) const { return Error(FromGrpc(status)); }

  // Every event that the request asks for, in order, to `visit`, until that fails.
  absl::Status ReadEvents(const v1::ReadEventsRequest& request,
                          const std::function<absl::Status(const v1::StoredEvent&)>& visit);

  // Tells the server who calls, and for how long.
  void Introduce(grpc::ClientContext* context) const;

 private:
  explicit Session(const GlobalOptions& options);
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(bool create);
  absl::StatusOr<uint64_t> LastPosition();

  GlobalOptions options_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::LedgerService::Stub> ledgers_;
  std::unique_ptr<v1::ProofService::Stub> proofs_;
  std::unique_ptr<v1::PlanService::Stub> plans_;
  std::unique_ptr<v1::PayoutService::Stub> payouts_;
  std::unique_ptr<v1::PeriodService::Stub> periods_;
  std::unique_ptr<v1::ReplayService::Stub> replays_;
  std::unique_ptr<v1::InsightService::Stub> insights_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace payfold

#endif  // TOOLS_SESSION_H_
