// What no client of ours sends: the call ends with a code that says so, nothing is
// written, and the server serves on.

#include <signal.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
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
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kAppend[] = "/payfold.v1.LedgerService/Append";
constexpr char kAppendStream[] = "/payfold.v1.LedgerService/AppendStream";
constexpr char kSubscribe[] = "/payfold.v1.LedgerService/Subscribe";

class Malformed : public testing::Test {
 protected:
  Malformed() : server_({.data = dir_.Path("data"), .arguments = {"--drain", "1"}}) {
    MakeLedger(server_.address());
    channel_ = Dial(server_.address());
    ledgers_ = v1::LedgerService::NewStub(channel_);
  }
  // Whatever came before: nothing of it was written, and the server is well.
  ~Malformed() override {
    EXPECT_EQ(LastPosition(*ledgers_), 1u);
    EXPECT_TRUE(Append(*ledgers_, {Deal("after")}).ok());
    server_.Signal(SIGTERM);
    EXPECT_EQ(server_.Wait(), 0) << server_.Err();
    EXPECT_EQ(server_.Err(), "");
  }

  // Sends the frames after a greeting; how the call ends.
  std::string EndOf(const std::string& frames) {
    const RawConnection connection(server_.port());
    connection.Send(Greeting() + frames);
    return connection.AwaitEnd();
  }

  TempDir dir_;
  ServerProcess server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::LedgerService::Stub> ledgers_;
};

std::string OfBatch(size_t events, size_t padding) {
  v1::AppendRequest request;
  for (size_t i = 0; i < events; ++i) {
    *request.add_events() = Deal(absl::StrCat("large-", i), padding);
  }
  return request.SerializeAsString();
}

// gRPC C++ answers so itself when it cannot read a request. An append stream ends
// there, and nothing is acknowledged.
TEST_F(Malformed, BytesThatAreNoMessageAreRefusedByEveryMethod) {
  // Field 1 with a wire type that does not exist; a text that is no UTF-8; one longer
  // than the message.
  for (const std::string garbage : {"\x0f\x01\x02",
                                    "\x0a\x7f"
                                    "abc"}) {
    for (const auto* method : AllMethods()) {
      SCOPED_TRACE(PathOf(*method));
      const RawAnswer answer = RawCall(channel_, PathOf(*method), garbage);
      EXPECT_THAT(answer.messages, IsEmpty());
      EXPECT_EQ(answer.status.error_code(), PathOf(*method) == kAppendStream
                                                ? grpc::StatusCode::OK
                                                : grpc::StatusCode::UNIMPLEMENTED);
    }
  }
}

TEST_F(Malformed, RandomBytesNeverEndTheServer) {
  std::mt19937 random(20251125);
  const auto methods = AllMethods();
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const auto* method = methods[random() % methods.size()];
    // A subscription that happens to be a good one stays.
    if (method->server_streaming()) continue;
    RawCall(channel_, PathOf(*method), bytes);
  }
}

TEST_F(Malformed, AnEmptyMessageIsARequestWithNothingSet) {
  const RawAnswer answer = RawCall(channel_, kAppend, "");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(answer.status), "BATCH_EMPTY");
}

TEST_F(Malformed, ABatchAboveTheLimitIsRefusedWithAReason) {
  const std::string batch = OfBatch(600, 9'000);
  ASSERT_GT(batch.size(), size_t{4} << 20);
  const RawAnswer answer = RawCall(channel_, kAppend, batch);
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(answer.status), "BATCH_TOO_LARGE");
}

TEST_F(Malformed, AMessageAboveTheLimitIsRefusedByEveryMethod) {
  const std::string huge((size_t{16} << 20) + 1, 'x');
  for (const auto* method : AllMethods()) {
    const RawAnswer answer = RawCall(channel_, PathOf(*method), huge);
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << PathOf(*method);
    EXPECT_THAT(answer.messages, IsEmpty());
  }
}

TEST_F(Malformed, MethodsThatAreNotThereAreUnimplemented) {
  for (const char* path :
       {"/payfold.v1.LedgerService/Truncate", "/payfold.v2.LedgerService/Append", "/Append", "/"}) {
    EXPECT_EQ(RawCall(channel_, path, "").status.error_code(), grpc::StatusCode::UNIMPLEMENTED)
        << path;
  }
}

TEST_F(Malformed, CallsWhoseFramesAreBrokenEnd) {
  const std::string good = OfBatch(1, 0);
  const auto size = static_cast<uint32_t>(good.size());
  const struct {
    const char* name;
    std::string data;
  } kBodies[] = {
      {"no body", ""},
      {"half a prefix", std::string(3, '\0')},
      {"a prefix and nothing", Prefixed("", 0, size)},
      {"half a message", Prefixed(good.substr(0, size / 2), 0, size)},
      {"a length of 4 GiB", Prefixed(good, 0, 0xffffffffU)},
      {"a length short of the message", Prefixed(good, 0, size - 5)},
  };
  for (const std::string path : {kAppend, kAppendStream, kSubscribe}) {
    for (const auto& body : kBodies) {
      const std::string frames = Frame(kHeaders, kEndHeaders, 1, CallHeaders(path)) +
                                 Frame(kData, kEndStream, 1, body.data);
      EXPECT_EQ(EndOf(frames), path == kAppendStream ? "grpc-status 0" : "grpc-status 12")
          << path << ", " << body.name;
    }
  }
}

TEST_F(Malformed, WhatIsNoHttp2IsSentAway) {
  for (const std::string bytes : {"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                  "\x16\x03\x01\x02nonsense of TLS", "\n\n\n\n"}) {
    const RawConnection connection(server_.port());
    EXPECT_TRUE(connection.Send(bytes));
    EXPECT_EQ(connection.AwaitEnd(), "closed");
  }
}

}  // namespace
}  // namespace payfold
