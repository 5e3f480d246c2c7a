#include "services/client/appender.h"

#include <algorithm>
#include <atomic>
#include <future>
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

using ::payfold_testing::CuttingProxy;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::RemoteServer;
using ::payfold_testing::ScriptedServer;
using ::payfold_testing::StatusIs;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::SizeIs;

using Answers = std::vector<absl::StatusOr<v1::AppendResponse>>;

// Keeps answers in the order in which they come.
Appender::Done Into(Answers* answers) {
  return
      [answers](const absl::StatusOr<v1::AppendResponse>& answer) { answers->push_back(answer); };
}

std::string IdOf(int i) { return absl::StrCat("D-", i); }

// The ids of the events of deals 0 to `count`.
std::vector<std::string> EventIdsOf(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(DealOfAna(IdOf(i)).event_id());
  return ids;
}

// Every batch has one event and was appended: answers in order of position.
void ExpectPositionsFromTwo(const Answers& answers) {
  uint64_t position = 1;
  for (const auto& answer : answers) {
    ASSERT_THAT(answer, IsOk());
    ASSERT_EQ(answer->results(0).position(), ++position);
  }
}

TEST(Appender, AnswersComeInOrder) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  Answers answers;
  Appender appender(client.get(), {});
  for (int i = 0; i < 500; ++i) {
    ASSERT_THAT(appender.Append({DealOfAna(IdOf(i))}, Into(&answers)), IsOk());
  }
  ASSERT_THAT(appender.Flush(), IsOk());
  ASSERT_THAT(answers, SizeIs(500));
  ExpectPositionsFromTwo(answers);
  EXPECT_THAT(server.EventIds(), ElementsAreArray(EventIdsOf(500)));
}

TEST(Appender, ARefusedBatchSaysWhyAndLeavesTheOthersAlone) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  v1::Event wrong = DealOfAna("two");
  wrong.mutable_deal_booked()->set_booked_on("2025-02-30");
  Answers answers;
  Appender appender(client.get(), {});
  ASSERT_THAT(appender.Append({DealOfAna("one")}, Into(&answers)), IsOk());
  ASSERT_THAT(appender.Append({wrong, wrong}, Into(&answers)), IsOk());
  ASSERT_THAT(appender.Append({DealOfAna("three")}, Into(&answers)), IsOk());
  ASSERT_THAT(appender.Flush(), IsOk());
  EXPECT_THAT(answers, ElementsAre(IsOk(), StatusIs(absl::StatusCode::kInvalidArgument), IsOk()));
  EXPECT_EQ(FieldViolationsOf(answers[1].status())[0].field, "events[0].deal_booked.booked_on");
  EXPECT_THAT(server.EventIds(), ElementsAre("crm-one", "crm-three"));
}

TEST(Appender, AFullWindowHoldsTheCallerBack) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  std::promise<void> go_on;
  std::atomic<int> queued = 0;
  Appender appender(client.get(), {.ledger = "", .window = 2});
  std::thread caller([&] {
    for (int i = 0; i < 4; ++i) {
      const Appender::Done hold = [&](const absl::StatusOr<v1::AppendResponse>&) {
        go_on.get_future().wait();
      };
      EXPECT_THAT(appender.Append({DealOfAna(IdOf(i))}, i == 0 ? hold : nullptr), IsOk());
      ++queued;
    }
  });
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_LE(queued, 2);
  go_on.set_value();
  caller.join();
  EXPECT_THAT(appender.Flush(), IsOk());
  EXPECT_THAT(server.EventIds(), ElementsAreArray(EventIdsOf(4)));
}

TEST(Appender, WhatABrokenStreamLeftWithoutAnswerIsSentAgain) {
  ScriptedServer server;
  std::vector<std::string> seen;
  const auto take = [&seen](ScriptedServer::AppendStreamOf* stream) {
    v1::AppendStreamRequest request;
    ASSERT_TRUE(stream->Read(&request));
    seen.push_back(request.events(0).event_id());
  };
  const auto answer = [](ScriptedServer::AppendStreamOf* stream, uint64_t batch) {
    v1::AppendStreamResponse response;
    response.set_batch(batch);
    response.mutable_appended()->add_results()->set_duplicate(batch == 1);
    stream->Write(response);
  };
  server.OnAppendStream([&](ScriptedServer::AppendStreamOf* stream) {
    for (int i = 0; i < 3; ++i) take(stream);
    answer(stream, 1);
    return absl::UnavailableError("going away");
  });
  server.OnAppendStream([&](ScriptedServer::AppendStreamOf* stream) {
    for (uint64_t batch = 1; batch <= 2; ++batch) {
      take(stream);
      answer(stream, batch);
    }
    return absl::OkStatus();
  });
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(server.address());
  Answers answers;
  Appender appender(client.get(), {});
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(appender.Append({DealOfAna(id)}, Into(&answers)), IsOk());
  }
  EXPECT_THAT(appender.Flush(), IsOk());
  EXPECT_THAT(seen, ElementsAre("crm-a", "crm-b", "crm-c", "crm-b", "crm-c"));
  EXPECT_THAT(answers, SizeIs(3));
}

TEST(Appender, AnswersToWhatWasNotAskedEndIt) {
  ScriptedServer server;
  server.OnAppendStream([](ScriptedServer::AppendStreamOf* stream) {
    v1::AppendStreamResponse response;
    response.set_batch(2);
    stream->Write(response);
    return absl::OkStatus();
  });
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(server.address());
  Answers answers;
  Appender appender(client.get(), {});
  ASSERT_THAT(appender.Append({DealOfAna("one")}, Into(&answers)), IsOk());
  EXPECT_THAT(appender.Flush(), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(answers, ElementsAre(StatusIs(absl::StatusCode::kInternal)));
}

TEST(Appender, GoesOnWhenTheServerIsBack) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  constexpr int kBatches = 300;
  Answers answers;
  Appender appender(client.get(), {});
  for (int i = 0; i < kBatches; ++i) {
    if (i % 100 == 50) {
      server.Stop();
      server.Start();
    }
    ASSERT_THAT(appender.Append({DealOfAna(IdOf(i))}, Into(&answers)), IsOk());
  }
  ASSERT_THAT(appender.Flush(), IsOk());
  // Nothing to send meanwhile.
  server.Stop();
  server.Start();
  ASSERT_THAT(appender.Append({DealOfAna(IdOf(kBatches))}, Into(&answers)), IsOk());
  ASSERT_THAT(appender.Flush(), IsOk());
  ExpectPositionsFromTwo(answers);
  EXPECT_THAT(server.EventIds(), ElementsAreArray(EventIdsOf(kBatches + 1)));
}

TEST(Appender, CutAtRandomNothingIsLostOrDoubled) {
  RemoteServer server;
  CuttingProxy proxy(server.port(), 20251125, 10'000);
  const std::unique_ptr<Client> client = RemoteServer::ConnectTo(proxy.address());
  constexpr int kBatches = 2'000;
  Answers answers;
  Appender appender(client.get(), {});
  for (int i = 0; i < kBatches; ++i) {
    ASSERT_THAT(appender.Append({DealOfAna(IdOf(i))}, Into(&answers)), IsOk());
  }
  ASSERT_THAT(appender.Flush(), IsOk());
  ASSERT_THAT(answers, SizeIs(kBatches));
  ExpectPositionsFromTwo(answers);
  EXPECT_GT(proxy.cuts(), 10);
  EXPECT_TRUE(std::any_of(answers.begin(), answers.end(), [](const auto& answer) {
    return answer->results(0).duplicate();
  })) << "nothing was in the ledger already when it was sent again";
  EXPECT_THAT(server.EventIds(), ElementsAreArray(EventIdsOf(kBatches)));
}

TEST(Appender, AnUnknownLedgerEndsItForGood) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  Answers answers;
  Appender appender(client.get(), {.ledger = "apac"});
  ASSERT_THAT(appender.Append({DealOfAna("one")}, Into(&answers)), IsOk());
  EXPECT_THAT(appender.Flush(), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(answers, ElementsAre(StatusIs(absl::StatusCode::kNotFound)));
  EXPECT_THAT(appender.Append({DealOfAna("two")}, Into(&answers)),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(answers, SizeIs(1));
}

TEST(Appender, GivesUpOnAServerThatStaysAway) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect(absl::Milliseconds(300));
  server.Stop();
  Answers answers;
  Appender appender(client.get(), {});
  ASSERT_THAT(appender.Append({DealOfAna("one")}, Into(&answers)), IsOk());
  EXPECT_THAT(appender.Flush(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(answers, ElementsAre(StatusIs(absl::StatusCode::kUnavailable)));
}

TEST(Appender, WhatHasNoAnswerWhenItGoesIsCancelled) {
  RemoteServer server;
  const std::unique_ptr<Client> client = server.Connect();
  server.Stop();
  Answers answers;
  {
    Appender appender(client.get(), {});
    for (int i = 0; i < 3; ++i) {
      ASSERT_THAT(appender.Append({DealOfAna(IdOf(i))}, Into(&answers)), IsOk());
    }
  }
  EXPECT_THAT(answers, SizeIs(3));
  EXPECT_THAT(answers, Each(StatusIs(absl::StatusCode::kCancelled)));
}

}  // namespace
}  // namespace payfold
