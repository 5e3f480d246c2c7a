// A subscriber that never reads is dropped with its place; nobody waits for it.

#include <signal.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/client.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::Append;
using ::payfold_testing::Deal;
using ::payfold_testing::Dial;
using ::payfold_testing::Fill;
using ::payfold_testing::LastPosition;
using ::payfold_testing::MakeLedger;
using ::payfold_testing::ReasonOf;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;

// Longer than a subscriber may read nothing, and shorter than it takes until the
// connection of one that never comes back is cut.
constexpr std::chrono::seconds kSilence(35);

// 24 MB: more than flow control and sockets take.
constexpr size_t kDeals = 4'000;
constexpr size_t kPadding = 6'000;

class Subscriber {
 public:
  Subscriber(const std::string& address, uint64_t after)
      : stub_(v1::LedgerService::NewStub(Dial(address))), last_(after) {
    v1::SubscribeRequest request;
    request.set_after_position(after);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(3));
    reader_ = stub_->Subscribe(&context_, request);
  }
  ~Subscriber() { context_.TryCancel(); }

  // Reads up to that position, or until the server ends it; each event is the next.
  void ReadUpTo(uint64_t position) {
    v1::SubscribeResponse response;
    while (last_ < position && reader_->Read(&response)) {
      for (const v1::StoredEvent& event : response.events()) {
        ASSERT_EQ(event.event().position(), last_ + 1);
        last_ = event.event().position();
      }
    }
  }
  uint64_t last() const { return last_; }
  grpc::Status Finish() { return reader_->Finish(); }

 private:
  std::unique_ptr<v1::LedgerService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::SubscribeResponse>> reader_;
  uint64_t last_;
};

TEST(SlowSubscriber, IsDroppedWithItsPlaceAndSlowsNobody) {
  const TempDir dir;
  ServerProcess server({.data = dir.Path("data"), .arguments = {"--drain", "1"}});
  MakeLedger(server.address());
  Subscriber silent(server.address(), 0);
  Subscriber other(server.address(), 0);
  std::thread reading([&] { other.ReadUpTo(kDeals + 1); });
  Fill(server.address(), "deal", kDeals, kPadding);
  reading.join();
  EXPECT_EQ(other.last(), kDeals + 1);

  const auto ledgers = v1::LedgerService::NewStub(Dial(server.address()));
  const auto end = std::chrono::steady_clock::now() + kSilence;
  uint64_t head = other.last();
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(Append(*ledgers, {Deal(absl::StrCat("meanwhile-", ++head))}).ok());
    other.ReadUpTo(head);
    ASSERT_EQ(other.last(), head);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }

  silent.ReadUpTo(head);
  const grpc::Status dropped = silent.Finish();
  EXPECT_EQ(dropped.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << dropped.error_message();
  EXPECT_EQ(ReasonOf(dropped), "SUBSCRIBER_TOO_SLOW");
  EXPECT_THAT(dropped.error_message(), testing::HasSubstr(absl::StrCat(
                                           "subscribe again after position ", silent.last(), ",")));
  EXPECT_LT(silent.last(), head);
  Subscriber again(server.address(), silent.last());
  again.ReadUpTo(head);
  EXPECT_EQ(again.last(), head);

  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.Err();
}

}  // namespace
}  // namespace payfold
