#include "services/client/client.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/client/cutting_proxy.h"
#include "tests/services/client/remote_server.h"
#include "tests/services/client/scripted_server.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::BatchOf;
using ::payfold_testing::CuttingProxy;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::RemoteServer;
using ::payfold_testing::ScriptedServer;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::SizeIs;

constexpr auto kAppend = &v1::LedgerService::Stub::Append;

TEST(Client, AppendsAndReadsWhatItWrote) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  const auto appended = client->Call(kAppend, BatchOf({Ana(), DealOfAna("one")}));
  ASSERT_THAT(appended, IsOk());
  v1::ListBalancesRequest query;
  query.mutable_context()->set_min_position(appended->position());
  const auto balances = client->Call(&v1::PayoutService::Stub::ListBalances, query);
  ASSERT_THAT(balances, IsOk());
  EXPECT_EQ(balances->at().position(), 3U);
}

TEST(Client, AsksEveryService) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  EXPECT_THAT(client->Call(&v1::LedgerService::Stub::ListLedgers, v1::ListLedgersRequest()),
              IsOk());
  EXPECT_THAT(client->Call(&v1::ProofService::Stub::GetTreeHead, v1::GetTreeHeadRequest()), IsOk());
  EXPECT_THAT(client->Call(&v1::PlanService::Stub::ListPlans, v1::ListPlansRequest()), IsOk());
  EXPECT_THAT(client->Call(&v1::PeriodService::Stub::ListPeriods, v1::ListPeriodsRequest()),
              IsOk());
  EXPECT_THAT(client->Call(&v1::ReplayService::Stub::ListReplays, v1::ListReplaysRequest()),
              IsOk());
  EXPECT_THAT(client->Call(&v1::InsightService::Stub::GetDailyTotals, v1::GetDailyTotalsRequest()),
              IsOk());
  EXPECT_THAT(client->Call(&v1::AdminService::Stub::ListBackups, v1::ListBackupsRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Client, TheLogKnowsWhoAppended) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  ASSERT_THAT(client->Call(kAppend, BatchOf({Ana()})), IsOk());
  v1::GetEventRequest request;
  request.set_event_id(Ana().event_id());
  const auto event = client->Call(&v1::LedgerService::Stub::GetEvent, request);
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->event().event().actor(), "petra");
}

TEST(Client, ANameThatNoLogCanHoldIsRefused) {
  EXPECT_THAT(Client::Connect("127.0.0.1:1", {.actor = ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Client::Connect("127.0.0.1:1", {.actor = "a\nb"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Client::Connect("127.0.0.1:1", {.actor = std::string(129, 'a')}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Client, ErrorsKeepTheirDetails) {
  RemoteServer server;
  v1::Event wrong = DealOfAna("one");
  wrong.mutable_deal_booked()->set_booked_on("2025-02-30");
  const auto refused = server.Connect()->Call(kAppend, BatchOf({Ana(), wrong}));
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(refused.status()), "DATE_MALFORMED");
  ASSERT_THAT(FieldViolationsOf(refused.status()), SizeIs(1));
  EXPECT_EQ(FieldViolationsOf(refused.status())[0].field, "events[1].deal_booked.booked_on");
}

TEST(Client, ItIsTheLedgerThatRefusesALargeBatch) {
  RemoteServer server;
  std::vector<v1::Event> events;
  for (int i = 0; i < 3'000; ++i) {
    events.push_back(DealOfAna(absl::StrCat("D-", i)));
    auto& attributes = *events.back().mutable_deal_booked()->mutable_attributes();
    for (int j = 0; j < 10; ++j) attributes[absl::StrCat("a", j)] = std::string(190, 'x');
  }
  const auto refused = server.Connect()->Call(kAppend, BatchOf(events));
  EXPECT_EQ(ReasonOf(refused.status()), "BATCH_TOO_LARGE") << refused.status();
}

TEST(Client, TriesAgainUntilTheServerIsBack) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  ASSERT_THAT(client->Call(kAppend, BatchOf({Ana()})), IsOk());
  server.Stop();
  std::thread later([&server] {
    absl::SleepFor(absl::Milliseconds(300));
    server.Start();
  });
  EXPECT_THAT(client->Call(kAppend, BatchOf({DealOfAna("one")})), IsOk());
  later.join();
  EXPECT_THAT(server.EventIds(), ElementsAre("hr-ana", "crm-one"));
}

TEST(Client, GivesUpWhenItsTimeIsOver) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect(absl::Milliseconds(300));
  server.Stop();
  EXPECT_THAT(client->Call(kAppend, BatchOf({Ana()})), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(Client, TriesAgainWhatIsBusyAndNotWhatIsRefused) {
  ScriptedServer server;
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(server.address());
  server.OnAppend(absl::UnavailableError("away"));
  server.OnAppend(TryAgainError("busy", absl::Milliseconds(100)));
  server.OnAppend(absl::OkStatus());
  const absl::Time start = absl::Now();
  EXPECT_THAT(client->Call(kAppend, {}), IsOk());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(100));
  EXPECT_EQ(server.calls(), 3);
  server.OnAppend(absl::AbortedError("another version"));
  EXPECT_THAT(client->Call(kAppend, {}), StatusIs(absl::StatusCode::kAborted, "another version"));
  server.OnAppend(absl::ResourceExhaustedError("too large"));
  EXPECT_THAT(client->Call(kAppend, {}), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(server.calls(), 5);
}

TEST(Client, ARetriedAppendNeverDoubles) {
  RemoteServer server;
  CuttingProxy proxy(server.port(), 20251125, 4'000);
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(proxy.address());
  std::vector<std::string> sent;
  for (int i = 0; i < 200; ++i) {
    const v1::Event deal = DealOfAna(absl::StrCat("D-", i));
    sent.push_back(deal.event_id());
    const auto appended = client->Call(kAppend, BatchOf({deal}));
    ASSERT_THAT(appended, IsOk());
    EXPECT_EQ(appended->results(0).position(), static_cast<uint64_t>(i) + 2);
  }
  EXPECT_GT(proxy.cuts(), 10);
  EXPECT_THAT(server.EventIds(), ElementsAreArray(sent));
}

}  // namespace
}  // namespace payfold
