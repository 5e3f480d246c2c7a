// Many connections, calls that come too late, and ledgers that are not there: the
// server answers those who ask for what it has.

#include <signal.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "payfold/v1/payout_service.pb.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/raw_call.h"
#include "tests/end_to_end/raw_http2.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::AllMethods;
using ::payfold_testing::Append;
using ::payfold_testing::CallHeaders;
using ::payfold_testing::Deal;
using ::payfold_testing::Dial;
using ::payfold_testing::Eventually;
using ::payfold_testing::Frame;
using ::payfold_testing::Greeting;
using ::payfold_testing::kData;
using ::payfold_testing::kEndHeaders;
using ::payfold_testing::kEndStream;
using ::payfold_testing::kHeaders;
using ::payfold_testing::LastPosition;
using ::payfold_testing::MakeLedger;
using ::payfold_testing::PathOf;
using ::payfold_testing::Prefixed;
using ::payfold_testing::RawAnswer;
using ::payfold_testing::RawCall;
using ::payfold_testing::RawConnection;
using ::payfold_testing::ReasonOf;
using ::payfold_testing::RequestNaming;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;
using ::testing::AnyOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr size_t kConnections = 1'000;

// The frames of a call with one message, written by hand.
std::string CallOf(const std::string& path,
                   const std::vector<std::pair<std::string, std::string>>& headers = {},
                   const std::string& message = "") {
  const auto size = static_cast<uint32_t>(message.size());
  return Frame(kHeaders, kEndHeaders, 1, CallHeaders(path, headers)) +
         Frame(kData, kEndStream, 1, Prefixed(message, 0, size));
}

class Connections : public testing::Test {
 protected:
  Connections() : server_({.data = dir_.Path("data"), .arguments = {"--drain", "1"}}) {
    MakeLedger(server_.address());
    channel_ = Dial(server_.address());
    ledgers_ = v1::LedgerService::NewStub(channel_);
    EXPECT_EQ(LastPosition(*ledgers_), 1u);
  }
  ~Connections() override {
    EXPECT_TRUE(Append(*ledgers_, {Deal("after")}).ok());
    server_.Signal(SIGTERM);
    EXPECT_EQ(server_.Wait(), 0) << server_.Err();
  }

  // Opens as many, sends that on each, and leaves them.
  void OpenAndLeave(const std::string& bytes) {
    const size_t sockets = server_.OpenSockets();
    {
      std::vector<std::unique_ptr<RawConnection>> connections;
      for (size_t i = 0; i < kConnections; ++i) {
        connections.push_back(std::make_unique<RawConnection>(server_.port()));
        ASSERT_TRUE(connections.back()->Send(bytes));
      }
      EXPECT_TRUE(Eventually([&] { return server_.OpenSockets() >= sockets + kConnections; }));
      EXPECT_TRUE(Append(*ledgers_, {Deal("meanwhile")}).ok());
    }
    EXPECT_TRUE(Eventually([&] { return server_.OpenSockets() <= sockets; }))
        << server_.OpenSockets() << " sockets, " << sockets << " before";
  }

  TempDir dir_;
  ServerProcess server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::LedgerService::Stub> ledgers_;
};

TEST_F(Connections, AThousandThatSayNothingAreTakenAndTakenBack) { OpenAndLeave(""); }

TEST_F(Connections, AThousandThatAreGreetedAreTakenAndTakenBack) { OpenAndLeave(Greeting()); }

TEST_F(Connections, AThousandWithASubscriptionEachAreTakenAndTakenBack) {
  OpenAndLeave(Greeting() + CallOf("/payfold.v1.LedgerService/Subscribe"));
}

TEST_F(Connections, AServerOnAPortThatIsTakenSaysSoAndEnds) {
  ServerProcess second({.data = dir_.Path("other"), .listen = server_.address()});
  EXPECT_EQ(second.address(), "");
  EXPECT_EQ(second.Wait(), 3);
  EXPECT_EQ(second.Err(), absl::StrCat("payfold: cannot listen on \"", server_.address(),
                                       "\"; is the port taken?\n"));
}

TEST_F(Connections, ADeadlineInThePastIsExceededForEveryMethod) {
  for (const auto* method : AllMethods()) {
    const RawAnswer answer = RawCall(channel_, PathOf(*method), "", std::chrono::hours(-1));
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << PathOf(*method);
    EXPECT_THAT(answer.messages, IsEmpty());
  }
}

// A client would not send such a call at all. Most are over when the server looks
// at them, some are answered.
TEST_F(Connections, ADeadlineThatIsOverWhenTheServerGetsItEndsTheCall) {
  for (const auto* method : AllMethods()) {
    const RawConnection connection(server_.port());
    EXPECT_TRUE(connection.Send(Greeting() + CallOf(PathOf(*method), {{"grpc-timeout", "1n"}})));
    EXPECT_THAT(connection.AwaitEnd(), AnyOf(StartsWith("grpc-status"), StartsWith("reset")))
        << PathOf(*method);
  }
  // One of them closed the ledger, which takes a moment.
  EXPECT_TRUE(Eventually([&] { return Append(*ledgers_, {Deal("later")}).ok(); }));
}

TEST_F(Connections, TheServerEndsCallsThatStayWhenTheirDeadlineComes) {
  v1::ListBalancesRequest never;
  never.mutable_context()->set_min_position(1'000'000);
  const struct {
    const char* path;
    std::string request;
  } kCalls[] = {{"/payfold.v1.LedgerService/Subscribe", ""},
                {"/payfold.v1.PayoutService/ListBalances", never.SerializeAsString()}};
  for (const auto& call : kCalls) {
    const RawConnection connection(server_.port());
    EXPECT_TRUE(
        connection.Send(Greeting() + CallOf(call.path, {{"grpc-timeout", "50m"}}, call.request)));
    EXPECT_EQ(connection.AwaitEnd(), "grpc-status 4") << call.path;
  }
}

TEST_F(Connections, AnUnknownLedgerIsSaidByEveryMethodThatNamesOne) {
  int named = 0;
  for (const auto* method : AllMethods()) {
    SCOPED_TRACE(PathOf(*method));
    bool names_one = false;
    const std::string request = RequestNaming(*method, "other", &names_one);
    if (!names_one || method->name() == "CreateLedger") continue;
    ++named;
    const RawAnswer unknown = RawCall(channel_, PathOf(*method), request);
    EXPECT_EQ(unknown.status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(ReasonOf(unknown.status), "LEDGER_NOT_FOUND");
    EXPECT_THAT(unknown.status.error_message(), HasSubstr("there is no ledger \"other\""));
    EXPECT_THAT(unknown.messages, IsEmpty());
    for (const char* no_name : {"../main", "no ledger", "/etc/passwd"}) {
      const RawAnswer refused =
          RawCall(channel_, PathOf(*method), RequestNaming(*method, no_name, &names_one));
      EXPECT_THAT(refused.status.error_code(),
                  AnyOf(grpc::StatusCode::INVALID_ARGUMENT, grpc::StatusCode::NOT_FOUND));
      EXPECT_THAT(refused.status.error_message(), HasSubstr(no_name));
      EXPECT_THAT(refused.messages, IsEmpty());
    }
  }
  EXPECT_THAT(named, Ge(25));
}

}  // namespace
}  // namespace payfold
