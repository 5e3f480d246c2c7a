// A ledger in memory that tests of the projection append to and open again.

#ifndef TESTS_PROJECTIONS_RUNTIME_TEST_LEDGER_H_
#define TESTS_PROJECTIONS_RUNTIME_TEST_LEDGER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "ledger/admission/ledger.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/fold.h"
#include "projections/facts/memory_tables.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/payout_projection.h"
#include "rocksdb/env.h"
#include "tests/support/fake_clock.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {

class TestLedger {
 public:
  TestLedger() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    EXPECT_TRUE(env_->CreateDirIfMissing("/data").ok());
    ledger_ = *payfold::Ledger::Create("/data/main", Options());
  }

  payfold::EventLog& log() { return ledger_->log(); }

  absl::Status Append(absl::Span<const payfold::v1::Event> events) {
    return ledger_->Append(AsSent({events.begin(), events.end()}), {.actor = "test"}).status();
  }

  // The projection must be closed.
  void Reopen() {
    ledger_ = nullptr;
    ledger_ = *payfold::Ledger::Open("/data/main", Options());
  }

  std::unique_ptr<payfold::PayoutProjection> OpenProjection(bool follow = false) {
    return *payfold::PayoutProjection::Open(&log(), {.follow = follow});
  }

 private:
  payfold::LedgerOptions Options() { return {.env = env_.get(), .clock = &clock_}; }

  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<payfold::Ledger> ledger_;
};

// Everything a reference says, as text; or all but its last days.
std::string ToText(const payfold::Reference& reference);
std::string TextBesideDays(const payfold::Reference& reference);

// The fold at its plainest: one event after the other, in memory.
class PlainFold {
 public:
  explicit PlainFold(const payfold::EventLog& log)
      : log_(log), fold_(&tables_, payfold::Reference(), payfold::FindPositionIn(&log)) {}

  // Folds the events up to `last` as one batch. Gives the digest of the content.
  std::string DigestAt(uint64_t last) {
    const auto events = log_.Read({.first = position_ + 1, .last = last});
    while (events->Next()) EXPECT_THAT(fold_.Add(events->event()), IsOk());
    EXPECT_THAT(events->status(), IsOk());
    EXPECT_THAT(fold_.Derive(), IsOk());
    position_ = last;
    return *payfold::DigestOf(tables_);
  }

 private:
  const payfold::EventLog& log_;
  payfold::MemoryTables tables_;
  payfold::Fold fold_;
  uint64_t position_ = 0;
};

// What a projection of the whole log must hold.
inline std::string FullDigest(const payfold::EventLog& log) {
  return PlainFold(log).DigestAt(log.head());
}

// Small enough to compare after every event.
inline RandomCompanyOptions SmallCompany() {
  RandomCompanyOptions options;
  options.participants = 5;
  options.deals = 8;
  options.plans = 2;
  return options;
}

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_RUNTIME_TEST_LEDGER_H_
