#include "tests/end_to_end/load.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "tests/end_to_end/client.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;

constexpr int kOfEach = 4;
constexpr uint64_t kInFlight = 16;

// How calls end when their server goes, and not otherwise.
bool IsGone(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

std::string TextOf(const grpc::Status& status) {
  return absl::StrCat(status.error_code(), " ", status.error_message());
}

}  // namespace

void Writer::Run(const std::string& address) {
  way_ == Way::kUnary ? RunUnary(address) : RunStream(address);
}

void Writer::RunUnary(const std::string& address) {
  const auto stub = v1::LedgerService::NewStub(Dial(address));
  while (true) {
    std::vector<v1::Event> batch;
    for (const std::string& id : IdsOf(acknowledged_ + 1)) batch.push_back(Deal(id));
    const grpc::Status status = Append(*stub, batch);
    if (status.ok()) {
      ++acknowledged_;
      continue;
    }
    if (!IsGone(status)) refused_ = TextOf(status);
    return;
  }
}

void Writer::RunStream(const std::string& address) {
  const auto stub = v1::LedgerService::NewStub(Dial(address));
  const auto context = Soon();
  const auto stream = stub->AppendStream(context.get());
  v1::AppendStreamResponse response;
  const auto read = [&] {
    if (!stream->Read(&response)) return false;
    if (response.has_error()) refused_ = response.error().message();
    ++acknowledged_;
    return true;
  };
  v1::AppendStreamRequest request;
  request.set_ledger("main");
  bool open = true;
  for (uint64_t next = acknowledged_ + 1; open; ++next) {
    request.clear_events();
    for (const std::string& id : IdsOf(next)) *request.add_events() = Deal(id);
    open = stream->Write(request) && (next - acknowledged_ < kInFlight || read());
  }
  while (read()) continue;
  const grpc::Status status = stream->Finish();
  if (!IsGone(status)) refused_ = TextOf(status);
}

std::vector<std::string> Writer::IdsOf(uint64_t batch) const {
  return {absl::StrCat(name_, "-", batch, "-a"), absl::StrCat(name_, "-", batch, "-b")};
}

std::vector<std::string> Writer::Acknowledged() const {
  std::vector<std::string> ids;
  for (uint64_t batch = 1; batch <= acknowledged_; ++batch) {
    for (std::string& id : IdsOf(batch)) ids.push_back(std::move(id));
  }
  return ids;
}

void Reader::Run(const std::string& address) {
  const auto stub = v1::LedgerService::NewStub(Dial(address));
  const auto context = Soon();
  v1::SubscribeRequest request;
  request.set_after_position(seen_.size());
  const auto reader = stub->Subscribe(context.get(), request);
  v1::SubscribeResponse response;
  while (reader->Read(&response)) {
    for (const v1::StoredEvent& event : response.events()) {
      CHECK(event.event().position() == seen_.size() + 1);
      seen_.push_back(event.event().event_id());
    }
  }
  CHECK(IsGone(reader->Finish()));
}

Load::Load() {
  for (int i = 0; i < kOfEach; ++i) {
    writers_.push_back(std::make_unique<Writer>(absl::StrCat("unary", i), Writer::Way::kUnary));
    writers_.push_back(std::make_unique<Writer>(absl::StrCat("stream", i), Writer::Way::kStream));
    readers_.push_back(std::make_unique<Reader>());
  }
}

Load::~Load() { CHECK(running_.empty()); }

void Load::Start(const std::string& address) {
  for (const auto& writer : writers_) running_.emplace_back(&Writer::Run, writer.get(), address);
  for (const auto& reader : readers_) running_.emplace_back(&Reader::Run, reader.get(), address);
}

void Load::AwaitEnd() {
  for (std::thread& thread : running_) thread.join();
  running_.clear();
}

uint64_t Load::count() const {
  uint64_t count = 0;
  for (const auto& writer : writers_) count += writer->count();
  return count;
}

void Load::ExpectKept(const std::vector<std::string>& log) const {
  const std::set<std::string> kept(log.begin(), log.end());
  EXPECT_EQ(kept.size(), log.size()) << "an event is there twice";
  for (const auto& writer : writers_) {
    EXPECT_EQ(writer->refused(), "");
    for (const std::string& id : writer->Acknowledged()) {
      ASSERT_TRUE(kept.count(id) > 0) << id << " was acknowledged and is lost";
    }
  }
  for (const std::string& id : kept) {
    const bool first = id.back() == 'a';
    if (!first && id.back() != 'b') continue;
    const std::string other = absl::StrCat(id.substr(0, id.size() - 1), first ? "b" : "a");
    ASSERT_TRUE(kept.count(other) > 0) << id << " is there without the rest of its batch";
  }
  for (const auto& reader : readers_) {
    const std::vector<std::string>& seen = reader->seen();
    ASSERT_LE(seen.size(), log.size()) << "events were read that are lost";
    EXPECT_TRUE(std::equal(seen.begin(), seen.end(), log.begin()));
  }
}

}  // namespace payfold_testing
