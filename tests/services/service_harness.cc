#include "tests/services/service_harness.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "ledger/base/check.h"

namespace payfold_testing {

namespace v1 = payfold::v1;

const char kPlanDocument[] = R"(plan_id: ae
display_name: Account executives
currency: USD
effective: {start: 2025-01-01}
eligibility: {roles: [AE]}
components:
  - component_id: commission
    period: MONTH
    measure: {deals: {value: AMOUNT}}
    payout: {rate: 10%}
)";

ServiceHarness::ServiceHarness(payfold::Server::Options options)
    : workspace({.directory = dir.Path("data"), .create = true, .ledger = {.clock = &clock}}) {
  auto started = payfold::Server::Start(&workspace, options);
  CHECK(started.ok());
  server = *std::move(started);
  const std::shared_ptr<grpc::Channel> channel = server->InProcessChannel();
  ledgers = v1::LedgerService::NewStub(channel);
  proofs = v1::ProofService::NewStub(channel);
  plans = v1::PlanService::NewStub(channel);
  payouts = v1::PayoutService::NewStub(channel);
  periods = v1::PeriodService::NewStub(channel);
  replays = v1::ReplayService::NewStub(channel);
  insights = v1::InsightService::NewStub(channel);
  admin = v1::AdminService::NewStub(channel);
}

ServiceHarness::~ServiceHarness() = default;

void ServiceHarness::MakeLedger() {
  v1::CreateLedgerRequest request;
  request.mutable_configuration()->set_base_currency("USD");
  request.mutable_configuration()->set_payout_period(v1::LedgerConfigured::MONTH);
  CHECK(Call(*ledgers, &v1::LedgerService::Stub::CreateLedger, request).ok());
}

absl::StatusOr<v1::AppendResponse> ServiceHarness::Append(const v1::AppendRequest& request) {
  return Call(*ledgers, &v1::LedgerService::Stub::Append, request);
}

uint64_t ServiceHarness::MustAppend(const std::vector<v1::Event>& events) {
  const absl::StatusOr<v1::AppendResponse> response = Append(BatchOf(events));
  CHECK(response.ok());
  return response->position();
}

v1::Event EventOf(absl::string_view text) {
  v1::Event event;
  CHECK(google::protobuf::TextFormat::ParseFromString(std::string(text), &event));
  return event;
}

v1::Event Ana() {
  return EventOf(R"(event_id: "hr-ana" source: "hris"
                    participant_changed { participant_id: "ana" effective_from: "2025-01-01"
                                          status: ACTIVE display_name: "Ana Example" role: "AE" })");
}

v1::Event DealOfAna(absl::string_view id) {
  return EventOf(absl::StrCat("event_id: 'crm-", id, "' source: 'crm' deal_booked { deal_id: '", id,
                              "' booked_on: '2025-01-15' owner_id: 'ana' ",
                              "amount { currency: 'USD' minor_units: 100000 } }"));
}

v1::AppendRequest BatchOf(const std::vector<v1::Event>& events) {
  v1::AppendRequest request;
  request.mutable_events()->Assign(events.begin(), events.end());
  return request;
}

}  // namespace payfold_testing
