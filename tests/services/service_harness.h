// A server in the process over a data directory of its own, as a client sees it.

#ifndef TESTS_SERVICES_SERVICE_HARNESS_H_
#define TESTS_SERVICES_SERVICE_HARNESS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/admin_service.grpc.pb.h"
#include "payfold/v1/insight_service.grpc.pb.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "payfold/v1/period_service.grpc.pb.h"
#include "payfold/v1/plan_service.grpc.pb.h"
#include "payfold/v1/proof_service.grpc.pb.h"
#include "payfold/v1/replay_service.grpc.pb.h"
#include "services/server.h"
#include "services/status_mapping.h"
#include "services/workspace.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace payfold_testing {

class ServiceHarness {
 public:
  explicit ServiceHarness(payfold::Server::Options options = {});
  ~ServiceHarness();

  // The ledger "main": USD, monthly payouts, the calendar year.
  void MakeLedger();
  // Appends; the log's last position. REQUIRES: the events are good.
  uint64_t MustAppend(const std::vector<payfold::v1::Event>& events);

  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request, const std::string& as = "") {
    grpc::ClientContext context;
    if (!as.empty()) context.AddMetadata("payfold-as", as);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return payfold::FromGrpc(status);
    return response;
  }
  absl::StatusOr<payfold::v1::AppendResponse> Append(const payfold::v1::AppendRequest& request);

  FakeClock clock;
  TempDir dir;
  payfold::Workspace workspace;
  std::unique_ptr<payfold::Server> server;
  std::unique_ptr<payfold::v1::LedgerService::Stub> ledgers;
  std::unique_ptr<payfold::v1::ProofService::Stub> proofs;
  std::unique_ptr<payfold::v1::PlanService::Stub> plans;
  std::unique_ptr<payfold::v1::PayoutService::Stub> payouts;
  std::unique_ptr<payfold::v1::PeriodService::Stub> periods;
  std::unique_ptr<payfold::v1::ReplayService::Stub> replays;
  std::unique_ptr<payfold::v1::InsightService::Stub> insights;
  std::unique_ptr<payfold::v1::AdminService::Stub> admin;
};

// Reads a text of protobuf into an event: `event_id: "e1" deal_booked { … }`.
payfold::v1::Event EventOf(absl::string_view text);

// ana, an active participant called "Ana Example".
payfold::v1::Event Ana();
// A deal of 1,000.00 USD of ana's, booked in January 2025.
payfold::v1::Event DealOfAna(absl::string_view id);
payfold::v1::AppendRequest BatchOf(const std::vector<payfold::v1::Event>& events);

// Pays participants with the role AE 10% of their credit, by the month.
extern const char kPlanDocument[];

}  // namespace payfold_testing

#endif  // TESTS_SERVICES_SERVICE_HARNESS_H_
