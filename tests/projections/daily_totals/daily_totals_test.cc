#include "projections/daily_totals/daily_totals.h"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/runtime/digest.h"
#include "tests/projections/daily_totals/totals_text.h"
#include "tests/projections/runtime/more_facts.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AllOf;
using ::payfold_testing::Interleave;
using ::payfold_testing::IsOk;
using ::payfold_testing::PlainTotals;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::SmallCompany;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestLedger;
using ::payfold_testing::ToText;
using ::payfold_testing::WithMoreFacts;
using ::testing::HasSubstr;

constexpr uint64_t kSeeds = 6;

absl::Time Never() { return absl::InfiniteFuture(); }

std::unique_ptr<DailyTotals> OpenTotals(TestLedger& ledger,
                                        WorkerOptions options = {.follow = false}) {
  return *DailyTotals::Open(&ledger.log(), options);
}

v1::Event Fact(const std::string& id) {
  v1::Event event;
  event.set_event_id(id);
  event.set_source("crm");
  return event;
}

void SetAmount(int64_t minor_units, const std::string& currency, v1::Money* amount) {
  amount->set_minor_units(minor_units);
  amount->set_currency(currency);
}

v1::Event Booked(const std::string& deal, const std::string& day, int64_t amount,
                 const std::string& currency = "USD") {
  v1::Event event = Fact("book-" + deal + "-" + currency);
  v1::DealBooked* fact = event.mutable_deal_booked();
  fact->set_deal_id(deal);
  fact->set_owner_id("ana");
  fact->set_booked_on(day);
  SetAmount(amount, currency, fact->mutable_amount());
  return event;
}

v1::Event Amended(const std::string& deal, v1::DealAmended::Mode mode, const std::string& day,
                  int64_t amount) {
  v1::Event event = Fact(absl::StrCat("amend-", deal, "-", amount));
  v1::DealAmended* fact = event.mutable_deal_amended();
  fact->set_deal_id(deal);
  fact->set_mode(mode);
  fact->set_amended_on(day);
  SetAmount(amount, "USD", fact->mutable_amount());
  return event;
}

v1::Event Cancelled(const std::string& deal, const std::string& day, int64_t amount) {
  v1::Event event = Fact("cancel-" + deal);
  v1::DealCancelled* fact = event.mutable_deal_cancelled();
  fact->set_deal_id(deal);
  fact->set_cancelled_on(day);
  SetAmount(amount, "USD", fact->mutable_amount());
  return event;
}

template <typename Payload>
v1::Event Cash(const std::string& id, Payload* (v1::Event::*payload)(), const std::string& deal,
               const std::string& day, int64_t amount, const std::string& currency = "USD") {
  v1::Event event = Fact(id);
  Payload* fact = (event.*payload)();
  fact->set_deal_id(deal);
  fact->set_date(day);
  SetAmount(amount, currency, fact->mutable_amount());
  return event;
}

v1::Event Invoiced(const std::string& deal, const std::string& day, int64_t amount) {
  return Cash("invoice-" + deal, &v1::Event::mutable_deal_invoiced, deal, day, amount);
}

v1::Event Collected(const std::string& deal, const std::string& day, int64_t amount,
                    const std::string& currency = "USD") {
  return Cash("pay-" + deal + currency, &v1::Event::mutable_payment_collected, deal, day, amount,
              currency);
}

v1::Event VoidOfDeal(const std::string& id) {
  v1::Event event = Fact("void-" + id);
  event.mutable_fact_voided()->set_event_id(id);
  return event;
}

std::string TotalsOf(const std::vector<v1::Event>& events) {
  TestLedger ledger;
  EXPECT_THAT(ledger.Append(events), IsOk());
  const auto totals = OpenTotals(ledger);
  EXPECT_THAT(totals->worker().CatchUp(Never()), IsOk());
  return AllOf(*totals->View());
}

std::string Line(const std::string& day, const std::string& numbers) {
  return absl::StrCat(day, " ", numbers, "\n");
}

TEST(DailyTotalsTest, SumByDayAndCurrency) {
  EXPECT_EQ(TotalsOf({Booked("a", "2025-01-31", 500), Booked("b", "2025-01-31", 70),
                      Booked("c", "2025-01-31", 9, "EUR"), Booked("d", "2025-02-01", 0)}),
            Line("2025-01-31",
                 "EUR facts 1 deals 1 booked 9 amended 0 cancelled 0 invoiced 0 collected 0") +
                Line("2025-01-31",
                     "USD facts 2 deals 2 booked 570 amended 0 cancelled 0 invoiced 0 "
                     "collected 0") +
                Line("2025-02-01",
                     "USD facts 1 deals 1 booked 0 amended 0 cancelled 0 invoiced 0 collected 0"));
}

TEST(DailyTotalsTest, SayWhatBecameOfADeal) {
  EXPECT_EQ(
      TotalsOf({Collected("a", "2025-04-01", 300), Booked("a", "2025-01-31", 500),
                Amended("a", v1::DealAmended::ADJUST, "2025-02-10", 450),
                Cancelled("a", "2025-02-10", 100), Invoiced("a", "2025-03-01", 350)}),
      Line("2025-01-31",
           "USD facts 1 deals 1 booked 500 amended 0 cancelled 0 invoiced 0 collected 0") +
          Line("2025-02-10",
               "USD facts 2 deals 0 booked 0 amended -50 cancelled 100 invoiced 0 collected 0") +
          Line("2025-03-01",
               "USD facts 1 deals 0 booked 0 amended 0 cancelled 0 invoiced 350 collected 0") +
          Line("2025-04-01",
               "USD facts 1 deals 0 booked 0 amended 0 cancelled 0 invoiced 0 collected 300"));
}

TEST(DailyTotalsTest, ARestatementChangesTheBookingItself) {
  EXPECT_EQ(TotalsOf({Booked("a", "2025-01-31", 500),
                      Amended("a", v1::DealAmended::RESTATE, "2025-02-10", 450)}),
            Line("2025-01-31",
                 "USD facts 1 deals 1 booked 450 amended 0 cancelled 0 invoiced 0 collected 0") +
                Line("2025-02-10",
                     "USD facts 1 deals 0 booked 0 amended 0 cancelled 0 invoiced 0 collected 0"));
}

TEST(DailyTotalsTest, WhatHasNoEffectOnADealCountsForNothing) {
  const std::string only_booked = Line(
      "2025-01-31", "USD facts 1 deals 1 booked 500 amended 0 cancelled 0 invoiced 0 collected 0");
  EXPECT_EQ(TotalsOf({Booked("a", "2025-01-31", 500), Collected("a", "2025-02-01", 5, "EUR")}),
            only_booked);
  EXPECT_EQ(TotalsOf({Booked("a", "2025-01-31", 500), Invoiced("b", "2025-02-01", 5)}),
            only_booked);
}

TEST(DailyTotalsTest, AVoidedFactNeverHappenedWheneverItIsVoided) {
  const std::string only_a = Line(
      "2025-01-31", "USD facts 1 deals 1 booked 500 amended 0 cancelled 0 invoiced 0 collected 0");
  const v1::Event a = Booked("a", "2025-01-31", 500);
  const v1::Event b = Booked("b", "2025-01-31", 70);
  EXPECT_EQ(TotalsOf({a, b, VoidOfDeal(b.event_id())}), only_a);
  EXPECT_EQ(TotalsOf({VoidOfDeal(b.event_id()), a, b}), only_a);
  EXPECT_EQ(TotalsOf({a, VoidOfDeal(a.event_id())}), "");
}

TEST(DailyTotalsTest, AreExactBeyondSixtyFourBits) {
  constexpr int64_t kMost = 1'000'000'000'000'000;
  constexpr int kDeals = 10'000;  // 10^19 in all.
  std::vector<v1::Event> events;
  for (int i = 0; i < kDeals; ++i) {
    events.push_back(Booked(absl::StrCat("d", i), "2025-01-31", kMost));
  }
  EXPECT_THAT(TotalsOf(events), HasSubstr("deals 10000 booked 10000000000000000000 "));
}

TEST(DailyTotalsTest, AfterEveryEventAreTheSumsOverAllDeals) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, SmallCompany()));
    TestLedger ledger;
    const auto totals = OpenTotals(ledger);
    const auto payouts = ledger.OpenProjection();
    for (size_t i = 0; i < events.size(); ++i) {
      ASSERT_THAT(ledger.Append(absl::MakeConstSpan(&events[i], 1)), IsOk());
      ASSERT_THAT(totals->worker().CatchUp(Never()), IsOk());
      ASSERT_THAT(payouts->CatchUp(Never()), IsOk());
      ASSERT_EQ(AllOf(*totals->View()), PlainTotals(*payouts->View(), *ledger.log().stream_count()))
          << "event " << i + 1;
    }
  }
}

TEST(DailyTotalsTest, OfThePastAreThoseOfALedgerThatStoppedThere) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, SmallCompany()));
    TestLedger ledger, stopped;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto totals = OpenTotals(ledger);
    const auto then = OpenTotals(stopped);
    for (size_t i = 0; i < events.size(); ++i) {
      ASSERT_THAT(stopped.Append(absl::MakeConstSpan(&events[i], 1)), IsOk());
      ASSERT_THAT(then->worker().CatchUp(Never()), IsOk());
      const auto past = totals->ViewAsOf(i + 1);
      ASSERT_THAT(past, IsOk());
      ASSERT_EQ(AllOf(**past), AllOf(*then->View())) << "as of " << i + 1;
    }
    EXPECT_THAT(totals->ViewAsOf(events.size() + 1),
                StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("beyond the end of the log")));
  }
}

TEST(DailyTotalsTest, AreTheSameInAnyOrderOfArrival) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = RandomCompany(seed, {});
    EXPECT_EQ(TotalsOf(Interleave(seed, events)), TotalsOf(events));
  }
}

TEST(DailyTotalsTest, LiveAndRebuiltAreTheSameWithAnyNumberOfWorkersAndBatches) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, {}));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto totals = OpenTotals(ledger);
    std::mt19937_64 random(seed);
    for (uint64_t at = 0; at < events.size();) {
      at = std::min<uint64_t>(events.size(), at + 1 + random() % 40);
      ASSERT_THAT(totals->worker().WaitFor(at, Never()), IsOk());
    }
    for (int workers : {1, 2, 8}) {
      const auto outcome = totals->worker().Rebuild(workers, nullptr);
      ASSERT_THAT(outcome, IsOk());
      EXPECT_EQ(outcome->position, events.size());
      EXPECT_EQ(outcome->rebuilt_digest, outcome->live_digest) << workers << " workers";
      EXPECT_EQ(*totals->worker().Digest(), outcome->live_digest);
    }
  }
}

TEST(DailyTotalsTest, GoOnAfterARebuildAndAfterBeingOpenedAgain) {
  const std::vector<v1::Event> events = WithMoreFacts(4, RandomCompany(4, {}));
  const auto all = absl::MakeConstSpan(events);
  TestLedger ledger;
  for (size_t at = 0; at < events.size(); at += 25) {
    auto totals = OpenTotals(ledger);
    ASSERT_EQ(totals->View()->position(), at);
    ASSERT_THAT(ledger.Append(all.subspan(at, 25)), IsOk());
    if (at % 2 == 0) {
      ASSERT_THAT(totals->worker().Rebuild(2, nullptr), IsOk());
    }
    ASSERT_THAT(totals->worker().CatchUp(Never()), IsOk());
    totals = nullptr;
    ledger.Reopen();
  }
  const auto outcome = OpenTotals(ledger)->worker().Compare(2, nullptr);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->rebuilt_digest, outcome->live_digest);
}

TEST(DailyTotalsTest, AreReadByDaysAndCurrency) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(std::vector<v1::Event>{
                  Booked("a", "2025-01-31", 500), Booked("b", "2025-02-01", 70),
                  Booked("c", "2025-02-01", 9, "EUR"), Booked("d", "2025-02-02", 1)}),
              IsOk());
  const auto totals = OpenTotals(ledger);
  const Date day = Date::Of(2025, 2, 1);
  const std::string want = Line(
      "2025-02-01", "USD facts 1 deals 1 booked 70 amended 0 cancelled 0 invoiced 0 collected 0");
  EXPECT_EQ(ToText(*(*totals->ViewAsOf(4))->Read(day, day, "USD")), want);
  ASSERT_THAT(totals->worker().CatchUp(Never()), IsOk());
  EXPECT_EQ(ToText(*totals->View()->Read(day, day, "USD")), want);
  EXPECT_EQ(totals->View()->Read(day, Date::Max(), "")->size(), 3U);
}

}  // namespace
}  // namespace payfold
