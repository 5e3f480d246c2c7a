#include "services/server.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::BatchOf;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;

TEST(Server, ListensOnTheLoopbackOnly) {
  Workspace workspace({});
  EXPECT_THAT(Server::Start(&workspace, {.listen = "0.0.0.0:0"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0.0.0.0:0")));
}

TEST(Server, APortThatIsTakenIsUnavailable) {
  Workspace workspace({});
  const auto first = Server::Start(&workspace, {.listen = "127.0.0.1:0"});
  ASSERT_THAT(first, IsOk());
  EXPECT_GT((*first)->port(), 0);
  const std::string taken = absl::StrCat("127.0.0.1:", (*first)->port());
  EXPECT_THAT(Server::Start(&workspace, {.listen = taken}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(taken)));
  EXPECT_THAT(Server::Start(&workspace, {.listen = "unix:/no/such/directory/socket"}),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(Server, DetailsOfTheLargestErrorArriveOverTcp) {
  ServiceHarness harness({.listen = "127.0.0.1:0"});
  harness.MakeLedger();
  const auto stub = v1::LedgerService::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", harness.server->port()),
                                grpc::InsecureChannelCredentials(), ChannelArguments()));
  v1::AppendRequest request;
  for (int i = 0; i < 1'000; ++i) {
    *request.add_events() = DealOfAna(absl::StrCat("D-", i));
    request.mutable_events(i)->mutable_deal_booked()->set_booked_on("2025-02-30");
  }
  const auto refused = harness.Call(*stub, &v1::LedgerService::Stub::Append, request);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_GT(FieldViolationsOf(refused.status()).size(), 20U);
  EXPECT_EQ(MetadataOf(refused.status())["violations"], "1000");
}

TEST(Server, ABatchBeyondTheLimitIsRefusedByTheLedgerNotTheTransport) {
  ServiceHarness harness;
  harness.MakeLedger();
  v1::AppendRequest request;
  for (int i = 0; i < 3'000; ++i) {
    *request.add_events() = DealOfAna(absl::StrCat("D-", i));
    auto& attributes = *request.mutable_events(i)->mutable_deal_booked()->mutable_attributes();
    for (int j = 0; j < 10; ++j) attributes[absl::StrCat("a", j)] = std::string(190, 'x');
  }
  ASSERT_GT(request.ByteSizeLong(), size_t{5} << 20);
  const auto refused = harness.Append(request);
  EXPECT_EQ(ReasonOf(refused.status()), "BATCH_TOO_LARGE") << refused.status();
}

TEST(Server, WhatWasWrittenIsThereAfterARestart) {
  payfold_testing::TempDir dir;
  const Workspace::Options options{.directory = dir.Path("data"), .create = true, .ledger = {}};
  {
    Workspace workspace(options);
    v1::Event configured;
    configured.set_event_id("c");
    configured.set_source("test");
    configured.mutable_ledger_configured()->set_base_currency("USD");
    configured.mutable_ledger_configured()->set_payout_period(v1::LedgerConfigured::MONTH);
    ASSERT_THAT(workspace.CreateLedger("main", configured, {.actor = "a"}), IsOk());
  }
  Workspace workspace(options);
  const auto open = workspace.Get("");
  ASSERT_THAT(open, IsOk());
  EXPECT_EQ((*open)->ledger->log().head(), 1U);
}

}  // namespace
}  // namespace payfold
