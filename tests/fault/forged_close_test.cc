// Somebody who holds the ledger's keys writes its log anew with one change, in hashes,
// indexes and tree heads that all agree. The events say what the closes should have
// posted: the check of closed periods finds the change and names its position.

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/aead.h"
#include "projections/statements/periods.h"
#include "services/closed_period_check.h"
#include "tests/ledger/log/test_log.h"
#include "tests/services/finance_harness.h"
#include "tests/support/random_source.h"

namespace payfold_testing {
namespace {

namespace fs = std::filesystem;
namespace v1 = payfold::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The event as it was given to the log.
v1::Event Unwritten(v1::Event event) {
  event.clear_position();
  event.clear_recorded_at();
  event.clear_stream_version();
  return event;
}

class ForgedClose : public FinanceTest {
 protected:
  // January is closed and paid; February with a prior-period adjustment, over an exception.
  ForgedClose() {
    CloseAndApprove("2025-01");
    EXPECT_THAT(Pay("2025-01", {PaymentOf("ana", 10'000, "R-1")}), IsOk());
    harness_.MustAppend({Deal("ana", "2025-01-20"), EventOf(R"(event_id: 'eur' source: 'crm'
        deal_booked { deal_id: 'E' owner_id: 'ben' booked_on: '2025-02-15'
                      amount { currency: 'EUR' minor_units: 500 } })")});
    EXPECT_THAT(Close("2025-02", "carla", /*over_exceptions=*/true), IsOk());
    const payfold::EventLog& log = (*harness_.workspace.Get("main"))->ledger->log();
    const auto cursor = log.Read({});
    while (cursor->Next()) events_.push_back(*payfold::DecodeEvent(cursor->event().bytes));
  }

  // The position of the nth statement or close; 0 if there are not so many.
  uint64_t PositionOf(v1::Event::PayloadCase kind, int nth) const {
    for (const v1::Event& event : events_) {
      if (event.payload_case() == kind && nth-- == 0) return event.position();
    }
    return 0;
  }

  // Puts a log of these events in the place of the ledger's, signed with its key.
  void Forge(const std::vector<v1::Event>& events) {
    ASSERT_THAT(harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CloseLedger, {}),
                IsOk());
    const std::string directory = harness_.dir.Path("data/ledgers/main");
    const auto keys =
        payfold::KeyRing::Open(directory + "/keys", rocksdb::Env::Default(), payfold::RandomBytes);
    ASSERT_THAT(keys, IsOk());
    fs::remove_all(directory + "/log");
    payfold::LogOptions options;
    options.directory = directory + "/log";
    options.clock = &harness_.clock;
    options.origin = (*keys)->origin();
    options.signing_seed = (*keys)->signing_seed();
    const auto log = payfold::EventLog::Create(options);
    ASSERT_THAT(log, IsOk());
    std::vector<payfold::NewEvent> batch;
    for (const v1::Event& event : events) {
      batch.push_back({.event_id = event.event_id(),
                       .stream = event.stream(),
                       .kind = payfold::KindOf(event),
                       .participants = payfold::ParticipantsOf(event),
                       .body = Unwritten(event).SerializeAsString()});
    }
    ASSERT_THAT(AppendNew(**log, batch), IsOk());
    ASSERT_THAT((*log)->SignTreeHead(), IsOk());
  }

  // "closed periods: position 17".
  std::vector<std::string> Findings() {
    grpc::ClientContext context;
    const auto reader = harness_.proofs->Verify(&context, {});
    v1::VerifyResponse last;
    while (reader->Read(&last)) continue;
    EXPECT_TRUE(reader->Finish().ok());
    EXPECT_EQ(last.verdict().checks_size(), 8);
    std::vector<std::string> findings;
    for (const v1::Check& check : last.verdict().checks()) {
      if (check.outcome() == v1::Check::HOLDS) continue;
      findings.push_back(absl::StrCat(check.name(), ": ", check.subject()));
      detail_ = check.detail();
    }
    return findings;
  }

  // Forges with the change, and expects the finding at that position of the new log.
  void ExpectFound(const std::function<void(std::vector<v1::Event>*)>& change, uint64_t position) {
    std::vector<v1::Event> events = events_;
    change(&events);
    Forge(events);
    EXPECT_THAT(Findings(), ElementsAre(absl::StrCat("closed periods: position ", position)))
        << detail_;
  }

  std::vector<v1::Event> events_;
  std::string detail_;
};

// What the close says of its statements, made to agree with them.
void Agree(std::vector<v1::Event>* events, const std::string& period) {
  std::vector<v1::Statement> statements;
  for (v1::Event& event : *events) {
    if (event.has_statement_posted() && event.statement_posted().statement().period() == period) {
      statements.push_back(event.statement_posted().statement());
    }
    if (!event.has_period_closed() || event.period_closed().period() != period) continue;
    v1::PeriodClosed& closed = *event.mutable_period_closed();
    int64_t total = 0;
    for (const v1::Statement& statement : statements) total += statement.payable_minor_units();
    closed.mutable_totals(0)->set_minor_units(total);
    closed.set_statements_digest(payfold::DigestOfStatements(statements));
  }
}

TEST_F(ForgedClose, AnUnchangedLogThatIsWrittenAnewHolds) {
  Forge(events_);
  EXPECT_THAT(Findings(), IsEmpty()) << detail_;
}

TEST_F(ForgedClose, AnEditedStatementIsFoundThoughItsCloseAgrees) {
  for (int nth = 0; PositionOf(v1::Event::kStatementPosted, nth) != 0; ++nth) {
    const uint64_t position = PositionOf(v1::Event::kStatementPosted, nth);
    ExpectFound(
        [&](std::vector<v1::Event>* events) {
          v1::Statement& statement =
              *(*events)[position - 1].mutable_statement_posted()->mutable_statement();
          statement.set_payable_minor_units(statement.payable_minor_units() + 1);
          Agree(events, statement.period());
        },
        position);
    EXPECT_THAT(detail_, testing::HasSubstr("payable_minor_units"));
  }
}

TEST_F(ForgedClose, AStatementThatWasTakenOutOrPutInIsFound) {
  const uint64_t bens = PositionOf(v1::Event::kStatementPosted, 1);
  ExpectFound(
      [&](std::vector<v1::Event>* events) {
        events->erase(events->begin() + static_cast<long>(bens) - 1);
        Agree(events, "2025-01");
      },
      bens);  // Where the close stands now.
  ExpectFound(
      [&](std::vector<v1::Event>* events) {
        v1::Event another = (*events)[bens - 1];
        another.set_event_id("statement:2025-01:carla:USD");
        another.mutable_statement_posted()->mutable_statement()->set_participant_id("carla");
        events->insert(events->begin() + static_cast<long>(bens), another);
        Agree(events, "2025-01");
      },
      bens + 1);
}

TEST_F(ForgedClose, AnEditedCloseIsFound) {
  const std::vector<std::function<void(v1::PeriodClosed*)>> kEdits = {
      [](v1::PeriodClosed* closed) { closed->mutable_totals(0)->set_minor_units(1); },
      [](v1::PeriodClosed* closed) { closed->set_statements_digest("x"); },
      [](v1::PeriodClosed* closed) { closed->add_exceptions("none"); },
      [](v1::PeriodClosed* closed) { closed->clear_exceptions(); },
      [](v1::PeriodClosed* closed) { closed->mutable_plan_versions(0)->set_version(9); },
      [](v1::PeriodClosed* closed) { closed->set_folded_position(1'000'000); }};
  const uint64_t february = PositionOf(v1::Event::kPeriodClosed, 1);
  for (const auto& edit : kEdits) {
    ExpectFound(
        [&](std::vector<v1::Event>* events) {
          edit((*events)[february - 1].mutable_period_closed());
        },
        february);
  }
}

TEST_F(ForgedClose, AnEditedDealIsFoundByTheFirstStatementThatItShouldHaveChanged) {
  ExpectFound(
      [](std::vector<v1::Event>* events) {
        for (v1::Event& event : *events) {
          if (event.event_id() != "b-D-2") continue;  // ben's in January.
          event.mutable_deal_booked()->mutable_amount()->set_minor_units(900'000);
        }
      },
      PositionOf(v1::Event::kStatementPosted, 1));
}

TEST_F(ForgedClose, AStatementWithoutACloseIsFound) {
  const uint64_t february = PositionOf(v1::Event::kPeriodClosed, 1);
  ExpectFound(
      [&](std::vector<v1::Event>* events) {
        events->erase(events->begin() + static_cast<long>(february) - 1);
      },
      PositionOf(v1::Event::kStatementPosted, 2));
}

TEST_F(ForgedClose, ACheckThatNobodyWaitsForEnds) {
  const std::shared_ptr<payfold::OpenLedger> open = *harness_.workspace.Get("main");
  payfold::Verdict verdict;
  verdict.Begin(payfold::kClosedPeriodsCheck);
  for (int questions = 0; questions < 4; ++questions) {
    std::atomic<int> left = questions;
    const absl::Status stopped = payfold::CheckClosedPeriods(
        *open, /*workers=*/2,
        [&](uint64_t done, uint64_t all) {
          EXPECT_LE(done, all);
          return left.fetch_sub(1) > 0;
        },
        &verdict);
    EXPECT_THAT(stopped, StatusIs(absl::StatusCode::kCancelled)) << questions;
  }
}

// Every number of a statement, one at a time, chosen at random.
TEST_F(ForgedClose, AnyEditedNumberOfAnyStatementIsFound) {
  constexpr uint64_t kSeed = 20251128;
  for (uint64_t trial = 0; trial < 40; ++trial) {
    RandomSource random(kSeed + trial);
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " trial ", trial));
    const uint64_t position =
        PositionOf(v1::Event::kStatementPosted, static_cast<int>(random.Between(0, 3)));
    ExpectFound(
        [&](std::vector<v1::Event>* events) {
          v1::Statement& statement =
              *(*events)[position - 1].mutable_statement_posted()->mutable_statement();
          std::vector<const google::protobuf::FieldDescriptor*> numbers;
          for (int i = 0; i < statement.GetDescriptor()->field_count(); ++i) {
            const auto* field = statement.GetDescriptor()->field(i);
            if (absl::EndsWith(field->name(), "_minor_units")) numbers.push_back(field);
          }
          const auto* field = random.Pick(numbers);
          const google::protobuf::Reflection& fields = *statement.GetReflection();
          fields.SetInt64(&statement, field,
                          fields.GetInt64(statement, field) + random.Between(1, 1'000));
          Agree(events, statement.period());
        },
        position);
  }
}

}  // namespace
}  // namespace payfold_testing
