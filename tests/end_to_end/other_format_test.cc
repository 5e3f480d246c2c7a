// A server that finds a ledger whose projections another release wrote, in another
// format: it folds them anew by itself, serves when it has, says so until then, and
// begins again when it is killed meanwhile.

#include <signal.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/admission/ledgers.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "projections/daily_totals/day_totals.h"
#include "projections/runtime/generation.h"
#include "rocksdb/write_batch.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/raw_call.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

using ::payfold_testing::Dial;
using ::payfold_testing::Eventually;
using ::payfold_testing::RawCall;
using ::payfold_testing::ReasonOf;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::Soon;
using ::payfold_testing::TempDir;

// Enough that a server is met while it folds them.
constexpr int64_t kDeals = 200'000;
constexpr size_t kBatch = 10'000;
constexpr char kPeriod[] = "2024-06";

std::string Must(const std::vector<std::string>& words) {
  const auto done = RunPayfold(words);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return done.out;
}

void MakeCompany(const std::string& data) {
  Must({"init", "--currency", "USD", "--data", data});
  const auto ledgers = Ledgers::Open(data, {});
  ASSERT_TRUE(ledgers.ok());
  Ledger* const ledger = *(*ledgers)->Get("main");
  const StandardCompany company({.deals = kDeals});
  for (int64_t at = 0; at < company.event_count();) {
    std::vector<v1::Event> batch;
    for (; at < company.event_count() && batch.size() < kBatch; ++at) {
      batch.push_back(company.EventAt(at));
    }
    const auto appended = ledger->Append(batch, {.actor = "test"});
    ASSERT_TRUE(appended.ok()) << appended.status();
  }
}

// Makes the projections' contents ones of a format that this release does not know.
void WriteOtherFormat(const std::string& data) {
  const auto ledgers = Ledgers::Open(data, {});
  ASSERT_TRUE(ledgers.ok());
  EventLog& log = (*(*ledgers)->Get("main"))->log();
  for (const ProjectionFormat& format : {kPayoutFormat, kDailyTotalsFormat}) {
    const auto generation = Generation::OpenCurrent(&log, format);
    ASSERT_TRUE(generation.ok());
    const std::string checkpoint = EncodeCheckpoint(format.version + 1, log.head());
    rocksdb::WriteBatch batch;
    batch.Put((*generation)->family(), rocksdb::Slice(kCheckpointKey.data(), kCheckpointKey.size()),
              checkpoint);
    ASSERT_TRUE(log.WriteDerived(&batch, /*sync=*/true).ok());
  }
}

// "SERVING", "NOT_SERVING", or why there is no answer.
std::string Health(const ServerProcess& server, const std::string& name) {
  const auto answer =
      RawCall(Dial(server.address()), "/grpc.health.v1.Health/Check",
              absl::StrCat("\n", std::string(1, static_cast<char>(name.size())), name));
  if (!answer.status.ok()) return answer.status.error_message();
  return answer.messages.at(0) == "\x08\x01" ? "SERVING" : "NOT_SERVING";
}

class OtherFormat : public testing::Test {
 protected:
  OtherFormat() : data_(dir_.Path("data")) {
    MakeCompany(data_);
    seller_ = StandardCompany::SellerId(7);
    ServerProcess server({.data = data_});
    EXPECT_TRUE(AwaitServing(server));
    EXPECT_TRUE(Ask(server, &expected_).ok());
    EXPECT_GT(expected_.at().position(), static_cast<uint64_t>(2 * kDeals));
    totals_ = Totals(server);
  }

  static bool AwaitServing(const ServerProcess& server) {
    return Eventually([&] { return Health(server, "ledgers/main") == "SERVING"; });
  }

  // A statement of the present, without waiting for anything.
  grpc::Status Ask(const ServerProcess& server, v1::GetStatementResponse* response) const {
    v1::GetStatementRequest request;
    request.set_participant_id(seller_);
    request.set_period(kPeriod);
    const auto stub = v1::PayoutService::NewStub(Dial(server.address()));
    return stub->GetStatement(Soon().get(), request, response);
  }

  static std::string Totals(const ServerProcess& server) {
    return Must({"totals", "--from", "2024-06-01", "--to", "2024-06-30", "--csv", "--server",
                 server.address()});
  }

  // The right answer, or none and why. Says whether it was one.
  bool AnswersRightly(const ServerProcess& server) const {
    v1::GetStatementResponse response;
    const grpc::Status status = Ask(server, &response);
    if (status.ok()) {
      EXPECT_EQ(response.SerializeAsString(), expected_.SerializeAsString());
      return true;
    }
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
    EXPECT_EQ(ReasonOf(status), "FOLDING_ANEW") << status.error_message();
    return false;
  }

  TempDir dir_;
  const std::string data_;
  std::string seller_;
  v1::GetStatementResponse expected_;
  std::string totals_;
};

TEST_F(OtherFormat, IsFoldedAnewByTheServerItselfHoweverOftenItIsKilled) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  int unanswered = 0;
  for (int kill = 0; kill < 10; ++kill) {
    SCOPED_TRACE(absl::StrCat("kill ", kill));
    // Killed twice in a row, a server finds what the one before left half-folded.
    if (kill % 2 == 0) WriteOtherFormat(data_);
    ServerProcess server({.data = data_});
    ASSERT_NE(server.address(), "") << server.Err();
    if (!AnswersRightly(server)) ++unanswered;
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 200));
    server.Signal(SIGKILL);
    server.Wait();
  }
  EXPECT_GT(unanswered, 0);  // Some were found while they folded.
  WriteOtherFormat(data_);
  const ServerProcess server({.data = data_});
  while (Health(server, "ledgers/main") != "SERVING") AnswersRightly(server);
  EXPECT_TRUE(AnswersRightly(server));
  EXPECT_EQ(Totals(server), totals_);
  for (const char* projection : {"payouts", "daily-totals"}) {
    EXPECT_NE(Must({"rebuild", "--projection", projection, "--server", server.address()})
                  .find("the same"),
              std::string::npos);
  }
}

TEST_F(OtherFormat, ACommandThatWaitsIsAnsweredWhenTheFoldHasEnded) {
  WriteOtherFormat(data_);
  const ServerProcess server({.data = data_});
  EXPECT_EQ(Totals(server), totals_);
}

}  // namespace
}  // namespace payfold
