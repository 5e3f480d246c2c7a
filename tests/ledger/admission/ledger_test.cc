#include "ledger/admission/ledger.h"

#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "google/protobuf/stubs/logging.h"
#include "gtest/gtest.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/aead.h"
#include "rocksdb/env.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/ledger/admission/reason_tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/gated_logs.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Booking;
using ::payfold_testing::Close;
using ::payfold_testing::Erasure;
using ::payfold_testing::EventsOfEveryKind;
using ::payfold_testing::Fact;
using ::payfold_testing::FakeClock;
using ::payfold_testing::GatedLogs;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::kReasonsOfBatches;
using ::payfold_testing::Lines;
using ::payfold_testing::Person;
using ::payfold_testing::RuleRow;
using ::payfold_testing::RuleRows;
using ::payfold_testing::StateRow;
using ::payfold_testing::StateRows;
using ::payfold_testing::StatusIs;
using ::payfold_testing::SyncGate;
using ::payfold_testing::Voiding;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    EXPECT_TRUE(env_->CreateDirIfMissing("/data").ok());
    Restart();
  }

  // A new, empty ledger the first time, the same one later.
  void Restart() {
    ledger_.reset();
    const LedgerOptions options = {.env = env_.get(), .clock = &clock_};
    absl::StatusOr<std::unique_ptr<Ledger>> ledger =
        created_ ? Ledger::Open("/data/main", options) : Ledger::Create("/data/main", options);
    ASSERT_THAT(ledger, IsOk());
    ledger_ = *std::move(ledger);
    created_ = true;
  }

  absl::StatusOr<AppendResult> Append(const std::vector<v1::Event>& events) {
    return ledger_->Append(events, {.actor = "tester", .writer = Writer::kLedger});
  }

  // The event at a position as people read it.
  v1::Event Read(uint64_t position) {
    EventStorage storage;
    const absl::StatusOr<EventView> view = ledger_->log().Get(position, &storage);
    EXPECT_THAT(view, IsOk());
    absl::StatusOr<v1::Event> event = ledger_->Decode(*view);
    EXPECT_THAT(event, IsOk());
    EXPECT_THAT(ledger_->Unseal(&*event), IsOk());
    return *event;
  }
  std::string NameAt(uint64_t position) {
    return Read(position).participant_changed().display_name();
  }

  std::unique_ptr<rocksdb::Env> env_;
  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_;
  bool created_ = false;
};

TEST_F(LedgerTest, AnEventIsStoredWithItsEnvelope) {
  const absl::StatusOr<AppendResult> done = Append({Booking("e1"), Person("e2", "ana", "Ana")});
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->events[1].position, 2u);
  EXPECT_EQ(EventToJson(Read(2)),
            R"({"position":"2","recorded_at":"2025-01-01T00:00:00Z","stream_version":"1",)"
            R"("event_id":"e2","source":"crm","actor":"tester","stream":"participants/ana",)"
            R"("participant_changed":{"participant_id":"ana","effective_from":"2025-01-01",)"
            R"("status":"ACTIVE","display_name":"Ana","email":"someone@example.com"}})");
}

TEST_F(LedgerTest, EveryKindIsAppendedAndReadBackAfterARestart) {
  const std::vector<v1::Event> events = EventsOfEveryKind();
  // A close ends what may come before it.
  for (const v1::Event& event : events) {
    if (event.has_period_closed()) continue;
    ASSERT_THAT(Append({event}), IsOk()) << KindName(event);
  }
  Restart();
  uint64_t position = 0;
  for (const v1::Event& event : events) {
    if (event.has_period_closed()) continue;
    EXPECT_EQ(KindName(Read(++position)), KindName(event));
  }
}

TEST_F(LedgerTest, ARetryIsFreeAndGivesTheFirstPosition) {
  const std::vector<v1::Event> batch = {Booking("e1"), Person("e2", "ana", "Ana"), Booking("e1")};
  ASSERT_THAT(Append(batch), IsOk());
  EXPECT_EQ(ledger_->log().head(), 2u);
  for (int i = 0; i < 2; ++i) {
    const absl::StatusOr<AppendResult> again = Append(batch);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->events[0].position, 1u);
    EXPECT_EQ(again->events[1].position, 2u);
    EXPECT_EQ(again->events[2].position, 1u);
    EXPECT_TRUE(again->events[1].duplicate);
    EXPECT_EQ(ledger_->log().head(), 2u);
    Restart();
  }
}

TEST_F(LedgerTest, EachRuleAgainstTheStateIsNamedWithItsField) {
  for (const StateRow& row : StateRows()) {
    created_ = false;
    ledger_.reset();
    env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    ASSERT_TRUE(env_->CreateDirIfMissing("/data").ok());
    Restart();
    for (const v1::Event& event : row.before) ASSERT_THAT(Append({event}), IsOk());
    const uint64_t head = ledger_->log().head();

    const std::string want = absl::StrCat(row.field, " ", ReasonName(row.reason));
    absl::StatusOr<std::vector<Violation>> checked = ledger_->Check(row.batch);
    ASSERT_THAT(checked, IsOk());
    EXPECT_EQ(Lines(*checked), want);

    std::vector<Violation> violations;
    const absl::StatusOr<AppendResult> result =
        ledger_->Append(row.batch, {.actor = "tester"}, &violations);
    EXPECT_EQ(Lines(violations), want);
    EXPECT_EQ(result.status().code(), ReasonCode(row.reason)) << result.status();
    EXPECT_EQ(ledger_->log().head(), head);

    Restart();  // The state is the same when it is read again.
    checked = ledger_->Check(row.batch);
    ASSERT_THAT(checked, IsOk());
    EXPECT_EQ(Lines(*checked), want);
  }
}

// A close of 2025-03 at the fold of position 1, after that fact was appended at 2.
TEST_F(LedgerTest, ACloseThatWouldLeaveAFactOutForGoodIsRefused) {
  const std::string amount = R"("amount": {"currency": "USD", "minor_units": "5"}})";
  const auto adjustment = [&](const std::string& period) {
    return Fact("e2", absl::StrCat(R"("adjustment_posted": {"adjustment_id": "A", "reason": "r",
        "participant_id": "ana", "period": ")",
                                   period, "\", ", amount));
  };
  const struct {
    v1::Event fact;
    bool is_left_out;
  } kCases[] = {
      {adjustment("2025-03"), true},
      {adjustment("2025-02"), true},
      {adjustment("2025-04"), false},
      {Fact("e2", absl::StrCat(R"("opening_balance": {"participant_id": "ana", "kind": "DRAW",
            "as_of": "2025-01-31", )",
                               amount)),
       true},
      {Fact("e2", absl::StrCat(R"("deal_booked": {"deal_id": "D-2", "booked_on": "2025-03-01", )",
                               R"("owner_id": "ana", )", amount)),
       false},
  };
  for (const auto& c : kCases) {
    created_ = false;
    ledger_.reset();
    env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    ASSERT_TRUE(env_->CreateDirIfMissing("/data").ok());
    Restart();
    ASSERT_THAT(Append({Booking("e1")}), IsOk());
    ASSERT_THAT(Append({c.fact}), IsOk());
    const v1::Event close =
        Fact("c", R"("period_closed": {"period": "2025-03", "folded_position": "1"})");
    if (c.is_left_out) {
      EXPECT_THAT(Append({close}), StatusIs(absl::StatusCode::kAborted, HasSubstr("position 2")));
      EXPECT_EQ(ledger_->log().head(), 2u);
    } else {
      EXPECT_THAT(Append({close}), IsOk()) << c.fact.DebugString();
    }
  }
}

TEST_F(LedgerTest, EveryReasonHasARowInATable) {
  std::set<Reason> tried(std::begin(kReasonsOfBatches), std::end(kReasonsOfBatches));
  for (const RuleRow& row : RuleRows()) tried.insert(row.reason);
  for (const StateRow& row : StateRows()) tried.insert(row.reason);
  for (int i = 0; i < kReasonCount; ++i) {
    EXPECT_EQ(tried.count(static_cast<Reason>(i)), 1u) << ReasonName(static_cast<Reason>(i));
  }
}

TEST_F(LedgerTest, ValidateOnlyGivesTheSameAnswerWithoutEffect) {
  ASSERT_THAT(Append({Booking("e1")}), IsOk());
  const AppendOptions validate = {.actor = "tester", .validate_only = true};
  const absl::StatusOr<AppendResult> result =
      ledger_->Append({Booking("e1"), Person("e2", "ana", "Ana")}, validate);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->events[0].position, 1u);
  EXPECT_TRUE(result->events[0].duplicate);
  EXPECT_EQ(result->events[1].position, 0u);
  EXPECT_EQ(result->head, 1u);
  EXPECT_EQ(ledger_->log().head(), 1u);
}

TEST_F(LedgerTest, AnErasureMakesOnePersonUnreadableAndNobodyElse) {
  ASSERT_THAT(Append({Person("e1", "ana", "Ana"), Person("e2", "bob", "Bob")}), IsOk());
  ASSERT_THAT(Append({Erasure("x", "ana")}), IsOk());
  EXPECT_EQ(NameAt(1), "");
  EXPECT_EQ(Read(1).participant_changed().effective_from(), "2025-01-01");
  EXPECT_EQ(NameAt(2), "Bob");

  // Retries stay free, and the person may come back under a new key.
  ASSERT_THAT(Append({Person("e1", "ana", "Ana")}), IsOk());
  EXPECT_EQ(ledger_->log().head(), 3u);
  ASSERT_THAT(Append({Person("e3", "ana", "Ana again")}), IsOk());
  ASSERT_THAT(Append({Erasure("x", "ana")}), IsOk());  // A retry erases nothing new.
  Restart();
  EXPECT_EQ(NameAt(1), "");
  EXPECT_EQ(NameAt(4), "Ana again");
}

TEST_F(LedgerTest, AnErasureThatIsRefusedErasesNothing) {
  ASSERT_THAT(Append({Person("e1", "ana", "Ana")}), IsOk());
  v1::Event erasure = Erasure("x", "ana");
  erasure.set_expected_stream_version(7);
  EXPECT_THAT(Append({erasure}), StatusIs(absl::StatusCode::kAborted));
  Restart();
  EXPECT_EQ(NameAt(1), "Ana");
}

TEST_F(LedgerTest, AnErasureThatFailedIsFinishedIfItsEventIsThereAfterAll) {
  SyncGate gate;
  const std::unique_ptr<rocksdb::Env> disk = rocksdb::NewCompositeEnv(
      std::make_shared<GatedLogs>(env_->GetFileSystem(), "/data/other/log/", &gate));
  const LedgerOptions options = {.env = disk.get(), .clock = &clock_};
  ledger_ = *Ledger::Create("/data/other", options);
  ASSERT_THAT(Append({Person("e1", "ana", "Ana")}), IsOk());
  gate.fails = true;
  EXPECT_THAT(Append({Erasure("x", "ana")}), StatusIs(absl::StatusCode::kUnavailable));
  gate.fails = false;
  EXPECT_THAT(Append({Erasure("y", "bob")}), StatusIs(absl::StatusCode::kUnavailable));
  ledger_.reset();
  ledger_ = *Ledger::Open("/data/other", options);
  ASSERT_EQ(ledger_->log().head(), 2u);
  EXPECT_EQ(NameAt(1), "");
  ledger_.reset();
}

// A crash between the append of an erasure and the end of the key.
TEST_F(LedgerTest, OpeningFinishesAnErasureWhoseEventIsInTheLog) {
  ASSERT_THAT(Append({Erasure("x", "ana"), Person("e1", "bob", "Bob")}), IsOk());
  ASSERT_THAT(Append({Person("e2", "ana", "Ana")}), IsOk());
  ledger_.reset();
  {
    const auto keys = KeyRing::Open("/data/main/keys", env_.get(), RandomBytes);
    ASSERT_THAT(keys, IsOk());
    ASSERT_THAT((*keys)->AddPending({{.subject = "ana", .event_id = "x"},
                                     {.subject = "bob", .event_id = "never appended"}}),
                IsOk());
  }
  for (int opened = 0; opened < 2; ++opened) {
    Restart();
    EXPECT_EQ(NameAt(2), "Bob");
    EXPECT_EQ(NameAt(3), "");
  }
}

TEST_F(LedgerTest, AVoidFollowsItsFactIntoItsStream) {
  ASSERT_THAT(Append({Booking("e1"), Voiding("v1", "e1"), Voiding("v2", "later")}), IsOk());
  ASSERT_THAT(Append({Voiding("v3", "e1")}), IsOk());
  EXPECT_EQ(Read(2).stream(), "deals/D-1");
  EXPECT_EQ(Read(3).stream(), "voids/later");
  EXPECT_EQ(Read(4).stream(), "deals/D-1");
  EXPECT_EQ(Read(4).stream_version(), 3u);
  for (uint64_t position = 2; position <= 4; ++position) {
    EXPECT_EQ(Read(position).fact_voided().reason(), "entered twice");
  }
}

TEST_F(LedgerTest, TheActorIsRequired) {
  EXPECT_THAT(ledger_->Append({Booking("e1")}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("actor")));
  EXPECT_THAT(ledger_->Append({Booking("e1")}, {.actor = "\xFF"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("actor")));
}

TEST_F(LedgerTest, WritersRaceForOneDealAndOneWins) {
  constexpr size_t kWriters = 8;
  std::vector<absl::StatusOr<AppendResult>> results(kWriters, AppendResult());
  std::vector<std::thread> writers;
  for (size_t i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] { results[i] = Append({Booking(absl::StrCat("e", i))}); });
  }
  for (std::thread& writer : writers) writer.join();
  int won = 0;
  for (const auto& result : results) {
    if (result.ok()) {
      ++won;
    } else {
      EXPECT_THAT(result, StatusIs(absl::StatusCode::kFailedPrecondition));
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(ledger_->log().head(), 1u);
}

// Random changes of the bytes of valid events: whatever arrives is admitted
// whole or refused whole, and what was admitted can be read.
TEST_F(LedgerTest, RandomMutationsNeverCrashAndNeverHalfWrite) {
  const google::protobuf::LogSilencer quiet;  // Of what does not parse.
  std::mt19937_64 random(20250101);
  const std::vector<v1::Event> examples = EventsOfEveryKind();
  int admitted = 0;
  for (int trial = 0; trial < 3'000; ++trial) {
    std::vector<v1::Event> batch = {Booking(absl::StrCat("b", trial), absl::StrCat("B-", trial))};
    std::string bytes = examples[random() % examples.size()].SerializeAsString();
    for (size_t changes = 1 + random() % 3; changes > 0; --changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    v1::Event mutated;
    if (!mutated.ParseFromString(bytes)) continue;
    mutated.set_event_id(absl::StrCat("m", trial));
    batch.push_back(mutated);
    const uint64_t head = ledger_->log().head();
    std::vector<Violation> violations;
    const absl::StatusOr<AppendResult> result =
        ledger_->Append(batch, {.actor = "tester"}, &violations);
    EXPECT_EQ(result.ok(), violations.empty()) << result.status();
    ASSERT_EQ(ledger_->log().head(), head + (result.ok() ? 2 : 0));
    if (!result.ok()) continue;
    ++admitted;
    const v1::Event stored = Read(head + 2);
    EXPECT_EQ(DigestContent(stored, "k"), DigestContent(mutated, "k")) << EventToJson(mutated);
  }
  EXPECT_GT(admitted, 100);
}

}  // namespace
}  // namespace payfold
