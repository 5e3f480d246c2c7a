#include "projections/runtime/payout_projection.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/generation.h"
#include "tests/ledger/log/test_log.h"
#include "tests/projections/runtime/close_facts.h"
#include "tests/projections/runtime/more_facts.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::CloseOf;
using ::payfold_testing::FullDigest;
using ::payfold_testing::IsOk;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::PlainFold;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::SmallCompany;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestLedger;
using ::payfold_testing::TextBesideDays;
using ::payfold_testing::WithMoreFacts;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint64_t kSeeds = 6;

absl::Time Never() { return absl::InfiniteFuture(); }

absl::Span<const v1::Event> One(const std::vector<v1::Event>& events, size_t i) {
  return absl::MakeConstSpan(&events[i], 1);
}

// In the log, but nothing that the fold can read.
NewEvent UnreadableBooking() {
  NewEvent event = MakeEvent("bad", "deals/bad", v1::Event::kDealBooked);
  event.body.push_back('\xff');
  return event;
}

// What a view says of every deal, of everybody's credits and metrics, and of open
// opportunities, encoded.
std::string DealsCreditsAndMetrics(const FactsView& view) {
  std::string text;
  for (int deal = 1; deal <= 20; ++deal) {
    const auto stream = *view.FindDeal(absl::StrCat("d", deal));
    if (stream.has_value()) absl::StrAppend(&text, *view.facts().GetDeal(*stream), "|");
  }
  const std::vector<uint32_t> open = *view.facts().Marked(FactReader::Mark::kPipeline);
  for (uint32_t stream : open) absl::StrAppend(&text, "open ", stream, "|");
  const Date days[] = {Date::Min(), Date::Of(2024, 12, 20), Date::Of(2025, 2, 1),
                       Date::Of(2025, 2, 28), Date::Max()};
  std::vector<uint32_t> people = {kEverybody};
  for (uint32_t person = 0; person < view.reference().org->size(); ++person) {
    people.push_back(person);
  }
  for (uint32_t person : people) {
    for (Date first : days) {
      for (Date last : days) {
        absl::StrAppend(&text, EncodeCredits(*view.GetCredits(person, first, last)), "|",
                        EncodeMetrics(*view.GetMetrics("calls", person, first, last)), "|",
                        EncodeMetrics(*view.GetMetrics("nps", person, first, last)), "|");
      }
    }
  }
  return text;
}

std::vector<std::string> Contents(TestLedger& ledger) {
  std::vector<std::string> names;
  for (const std::string& name : ledger.log().ListDerived()) {
    if (name != "derived.payouts") names.push_back(name);
  }
  return names;
}

TEST(PayoutProjectionTest, FoldsLikeAFullFoldAfterEveryEvent) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, SmallCompany()));
    TestLedger ledger;
    const auto projection = ledger.OpenProjection();
    PlainFold plain(ledger.log());
    for (size_t i = 0; i < events.size(); ++i) {
      ASSERT_THAT(ledger.Append(One(events, i)), IsOk()) << i;
      ASSERT_THAT(projection->CatchUp(Never()), IsOk());
      ASSERT_EQ(*projection->Digest(), plain.DigestAt(i + 1)) << "event " << i + 1;
    }
    EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
  }
}

TEST(PayoutProjectionTest, HoldsTheSameHoweverTheLogWasCutIntoBatches) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, {}));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto projection = ledger.OpenProjection();
    std::mt19937_64 random(seed);
    for (uint64_t at = 0; at < events.size();) {
      at = std::min<uint64_t>(events.size(), at + 1 + random() % 40);
      ASSERT_THAT(projection->WaitFor(at, Never()), IsOk());
      ASSERT_EQ(projection->View()->position(), at);
    }
    EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
  }
}

TEST(PayoutProjectionTest, KeepsWhatClosesPostedAndRebuildsIt) {
  const std::vector<v1::Event> events = RandomCompany(5, SmallCompany());
  TestLedger ledger;
  auto projection = ledger.OpenProjection();
  ASSERT_THAT(ledger.Append(events), IsOk());
  ASSERT_THAT(AppendNew(ledger.log(), CloseOf("2025-01", "2025-01-01")), IsOk());
  ASSERT_THAT(projection->WaitFor(events.size() + 1, Never()), IsOk());  // Amid the close.
  EXPECT_FALSE(projection->View()->reference().closes->any());
  ASSERT_THAT(AppendNew(ledger.log(), CloseOf("2025-02", "2025-02-01")), IsOk());
  ASSERT_THAT(projection->CatchUp(Never()), IsOk());
  projection = nullptr;
  ledger.Reopen();
  projection = ledger.OpenProjection();
  const auto view = projection->View();
  EXPECT_EQ(view->reference().closes->periods.size(), 2U);
  EXPECT_EQ(view->reference().closes->periods[0].statements, 2);
  const uint32_t person = *view->reference().org->Find("p1");
  std::vector<PostedEntry> posted;
  ASSERT_THAT(view->facts().ReadPosted(person, Date::Of(2025, 1, 31), &posted), IsOk());
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(view->GetEvent(posted[0].position)->statement_posted().statement().lines_size(), 1);
  v1::Statement totals;
  ASSERT_TRUE(totals.ParseFromString(posted[0].totals));
  EXPECT_EQ(totals.payable_minor_units(), 1000);
  EXPECT_EQ(totals.lines_size(), 0);
  EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
  const auto rebuilt = projection->Rebuild(2, nullptr);
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_EQ(rebuilt->rebuilt_digest, rebuilt->live_digest);
}

TEST(PayoutProjectionTest, GoesOnWhereItStoppedWhenOpenedAgain) {
  const std::vector<v1::Event> events = WithMoreFacts(11, RandomCompany(11, {}));
  const auto all = absl::MakeConstSpan(events);
  TestLedger ledger;
  for (size_t at = 0; at < events.size(); at += 25) {
    auto projection = ledger.OpenProjection();
    ASSERT_EQ(projection->View()->position(), at);
    ASSERT_THAT(ledger.Append(all.subspan(at, 25)), IsOk());
    ASSERT_THAT(projection->CatchUp(Never()), IsOk());
    const std::string digest = *projection->Digest();
    projection = nullptr;
    ledger.Reopen();
    ASSERT_EQ(*ledger.OpenProjection()->Digest(), digest);
  }
  EXPECT_EQ(*ledger.OpenProjection()->Digest(), FullDigest(ledger.log()));
}

TEST(PayoutProjectionTest, AnswersAboutThePastAsALedgerThatStoppedThere) {
  const std::vector<v1::Event> events = WithMoreFacts(3, RandomCompany(3, SmallCompany()));
  TestLedger ledger, stopped;
  ASSERT_THAT(ledger.Append(events), IsOk());
  const auto projection = ledger.OpenProjection(/*follow=*/true);
  const auto then = stopped.OpenProjection();
  for (size_t i = 0; i < events.size(); ++i) {
    SCOPED_TRACE(i + 1);
    ASSERT_THAT(stopped.Append(One(events, i)), IsOk());
    ASSERT_THAT(then->CatchUp(Never()), IsOk());
    const auto view = projection->ViewAsOf(i + 1, i + 1);
    ASSERT_THAT(view, IsOk());
    EXPECT_EQ((*view)->position(), i + 1);
    const Reference& reference = (*view)->reference();
    ASSERT_EQ(TextBesideDays(reference), TextBesideDays(then->View()->reference()));
    ASSERT_EQ(reference.LastFactDate(), then->View()->reference().LastFactDate());
    ASSERT_EQ(DealsCreditsAndMetrics(**view), DealsCreditsAndMetrics(*then->View()));
  }
  EXPECT_THAT(projection->ViewAsOf(events.size() + 1, 1),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("beyond the end of the log")));
}

v1::Event Calls(const std::string& id, const std::string& day, const std::string& value) {
  v1::Event event;
  event.set_event_id(id);
  event.set_source("dialer");
  v1::MetricRecorded* fact = event.mutable_metric_recorded();
  fact->set_metric("calls");
  fact->set_participant_id("ana");
  fact->set_value(value);
  fact->set_occurred_on(day);
  return event;
}

v1::Event VoidOf(const std::string& id) {
  v1::Event event;
  event.set_event_id("void-" + id);
  event.set_source("dialer");
  event.mutable_fact_voided()->set_event_id(id);
  return event;
}

// "2025-01-31 7, 2025-02-01 5; until 2025-02-01": the calls of ana, and the horizon.
std::string CallsText(PayoutProjection& projection, uint64_t as_of) {
  const auto view = *projection.ViewAsOf(as_of, as_of);
  const std::optional<uint32_t> ana = view->reference().org->Find("ana");
  std::string text;
  if (ana.has_value()) {
    const std::vector<MetricFact> calls =
        *view->GetMetrics("calls", *ana, Date::Min(), Date::Max());
    for (const MetricFact& call : calls) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", call.date.ToString(), " ",
                      call.value.ToString());
    }
  }
  const Date last = view->reference().LastFactDate();
  return absl::StrCat(text, "; until ", last == Date::Min() ? "-" : last.ToString());
}

TEST(PayoutProjectionTest, AVoidedMetricIsGoneFromThePositionOfItsVoidOn) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(std::vector<v1::Event>{
                  Calls("a", "2025-02-01", "5"), Calls("b", "2025-01-31", "7"), VoidOf("a"),
                  VoidOf("late"), Calls("late", "2025-03-01", "1"), VoidOf("b")}),
              IsOk());
  const auto projection = ledger.OpenProjection();
  ASSERT_THAT(projection->CatchUp(Never()), IsOk());
  const char* const want[] = {"; until -",
                              "2025-02-01 5; until 2025-02-01",
                              "2025-01-31 7, 2025-02-01 5; until 2025-02-01",
                              "2025-01-31 7; until 2025-01-31",
                              "2025-01-31 7; until 2025-01-31",
                              "2025-01-31 7; until 2025-01-31",
                              "; until -"};
  for (uint64_t position = 1; position <= 6; ++position) {
    EXPECT_EQ(CallsText(*projection, position), want[position]) << "as of " << position;
  }
}

v1::Event Chosen(const std::string& id, const std::string& goal, const std::string& period) {
  v1::Event event;
  event.set_event_id(id);
  event.set_source("portal");
  v1::GoalChosen* fact = event.mutable_goal_chosen();
  fact->set_participant_id("ana");
  fact->set_plan_id("plan");
  fact->set_component_id("mbo");
  fact->set_goal_id(goal);
  fact->set_period(period);
  return event;
}

v1::Event Held(const std::string& id, int64_t amount) {
  v1::Event event;
  event.set_event_id(id);
  event.set_source("migration");
  v1::OpeningBalance* fact = event.mutable_opening_balance();
  fact->set_participant_id("ana");
  fact->set_as_of("2024-12-31");
  fact->set_kind(v1::OpeningBalance::HELD);
  fact->mutable_amount()->set_currency("USD");
  fact->mutable_amount()->set_minor_units(amount);
  fact->set_deal_id("d");
  return event;
}

// "2025-Q1 bold, 2025-Q2 safe; held 500 of d": goals and openings.
std::string GoalsAndOpenings(PayoutProjection& projection, uint64_t as_of) {
  const auto view = *projection.ViewAsOf(as_of, as_of);
  std::vector<std::string> goals;
  for (const auto& [key, goal] : *view->reference().goals) {
    goals.push_back(absl::StrCat(std::get<3>(key), " ", goal.goal_id));
  }
  std::string text = absl::StrJoin(goals, ", ");
  for (const Opening& opening : *view->reference().openings) {
    EXPECT_EQ(opening.kind, Opening::Kind::kHeld);
    absl::StrAppend(&text, "; held ", opening.amount, " of ", opening.deal_id);
  }
  return text;
}

TEST(PayoutProjectionTest, TheLastGoalThatIsNotVoidedHolds) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(std::vector<v1::Event>{
                  Chosen("a", "bold", "2025-Q1"), Chosen("b", "safe", "2025-Q2"),
                  Chosen("c", "safe", "2025-Q1"), Held("d", 500), VoidOf("c"), VoidOf("d")}),
              IsOk());
  const auto projection = ledger.OpenProjection();
  ASSERT_THAT(projection->CatchUp(Never()), IsOk());
  const char* const want[] = {"",
                              "2025-Q1 bold",
                              "2025-Q1 bold, 2025-Q2 safe",
                              "2025-Q1 safe, 2025-Q2 safe",
                              "2025-Q1 safe, 2025-Q2 safe; held 500 of d",
                              "2025-Q1 bold, 2025-Q2 safe; held 500 of d",
                              "2025-Q1 bold, 2025-Q2 safe"};
  for (uint64_t position = 1; position <= 6; ++position) {
    EXPECT_EQ(GoalsAndOpenings(*projection, position), want[position]) << "as of " << position;
  }
}

TEST(PayoutProjectionTest, RebuildsTheSameWithAnyNumberOfWorkers) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = WithMoreFacts(seed, RandomCompany(seed, {}));
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto projection = ledger.OpenProjection();
    for (int workers : {1, 2, 8}) {
      const auto outcome = projection->Rebuild(workers, nullptr);
      ASSERT_THAT(outcome, IsOk());
      EXPECT_EQ(outcome->position, events.size());
      EXPECT_EQ(outcome->live_digest, FullDigest(ledger.log()));
      EXPECT_EQ(outcome->rebuilt_digest, outcome->live_digest) << workers << " workers";
      EXPECT_EQ(*projection->Digest(), outcome->live_digest);
    }
    EXPECT_THAT(Contents(ledger), ElementsAre("derived.payouts.4"));
  }
}

TEST(PayoutProjectionTest, FoldsOnAfterARebuild) {
  const std::vector<v1::Event> events = WithMoreFacts(21, RandomCompany(21, {}));
  const auto all = absl::MakeConstSpan(events);
  TestLedger ledger;
  auto projection = ledger.OpenProjection();
  ASSERT_THAT(ledger.Append(all.first(60)), IsOk());
  const std::shared_ptr<const FactsView> before = projection->View();
  ASSERT_THAT(projection->Rebuild(2, nullptr), IsOk());
  EXPECT_EQ(before->position(), 0u);
  EXPECT_THAT(before->GetDeal(0), IsOk());  // Its generation is kept for it.
  ASSERT_THAT(ledger.Append(all.subspan(60)), IsOk());
  ASSERT_THAT(projection->CatchUp(Never()), IsOk());
  EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
}

TEST(PayoutProjectionTest, ARebuildThatIsCancelledChangesNothing) {
  const std::vector<v1::Event> events = RandomCompany(5, {});
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(events), IsOk());
  const auto projection = ledger.OpenProjection();
  EXPECT_THAT(projection->Rebuild(2, [](uint64_t, uint64_t) { return false; }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
  EXPECT_THAT(Contents(ledger), ElementsAre("derived.payouts.1"));
}

TEST(PayoutProjectionTest, DropsWhatACrashedRebuildLeft) {
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(RandomCompany(5, {})), IsOk());
  ASSERT_THAT(ledger.OpenProjection()->CatchUp(Never()), IsOk());
  {
    const auto half_built = Generation::Create(&ledger.log());
    ASSERT_THAT(half_built, IsOk());
    StoredTables tables(&ledger.log(), (*half_built)->family());
    ASSERT_THAT(tables.PutDeal(0, "half"), IsOk());
    ASSERT_THAT(tables.Commit(1), IsOk());
  }
  ledger.Reopen();
  EXPECT_EQ(*ledger.OpenProjection()->Digest(), FullDigest(ledger.log()));
  EXPECT_THAT(Contents(ledger), ElementsAre("derived.payouts.1"));
}

TEST(PayoutProjectionTest, FoldsAnewWhatItCannotGoOnFrom) {
  const std::vector<v1::Event> events = RandomCompany(5, {});
  const struct {
    const char* what;
    std::string checkpoint;
  } kCases[] = {
      {"ahead of the log", EncodeCheckpoint(events.size() + 1)},
      {"of another release", std::string("\x7f\x01", 2)},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    {
      const auto generation = Generation::OpenCurrent(&ledger.log());
      ASSERT_THAT(generation, IsOk());
      rocksdb::WriteBatch batch;
      batch.Put((*generation)->family(), TableKey(EntryTable::kCheckpoint), c.checkpoint);
      ASSERT_THAT(ledger.log().WriteDerived(&batch, /*sync=*/false), IsOk());
    }
    const auto projection = ledger.OpenProjection();
    EXPECT_EQ(projection->View()->position(), 0u);
    ASSERT_THAT(projection->CatchUp(Never()), IsOk());
    EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
    EXPECT_THAT(Contents(ledger), ElementsAre("derived.payouts.2"));
  }
}

TEST(PayoutProjectionTest, SaysWhyTheFoldStopped) {
  for (bool follow : {false, true}) {
    SCOPED_TRACE(follow ? "following" : "on demand");
    const std::vector<v1::Event> events = RandomCompany(5, {});
    TestLedger ledger;
    ASSERT_THAT(ledger.Append(events), IsOk());
    const auto projection = ledger.OpenProjection(follow);
    ASSERT_THAT(projection->CatchUp(Never()), IsOk());
    const std::string digest = FullDigest(ledger.log());
    ASSERT_THAT(AppendNew(ledger.log(), {UnreadableBooking()}), IsOk());
    const auto stopped =
        StatusIs(absl::StatusCode::kUnavailable,
                 AllOf(HasSubstr(absl::StrCat("stopped after position ", events.size())),
                       HasSubstr(absl::StrCat("event ", events.size() + 1, " are no event"))));
    EXPECT_THAT(projection->CatchUp(Never()), stopped);
    EXPECT_THAT(projection->CatchUp(Never()), stopped);
    EXPECT_THAT(projection->WaitFor(events.size(), Never()), IsOk());
    EXPECT_EQ(*projection->Digest(), digest);
  }
}

TEST(PayoutProjectionTest, WaitsNoLongerThanAsked) {
  for (bool follow : {false, true}) {
    TestLedger ledger;
    const auto projection = ledger.OpenProjection(follow);
    EXPECT_THAT(projection->WaitFor(1, absl::Now() + absl::Milliseconds(5)),
                StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("the fold is at 0")));
  }
}

// Each round begins when a fold has just ended, as the thread lets events gather.
TEST(PayoutProjectionTest, AnswersWhoWaitsWithoutLettingEventsGather) {
  const std::vector<v1::Event> events = RandomCompany(1, SmallCompany());
  TestLedger ledger;
  const auto projection = ledger.OpenProjection(/*follow=*/true);
  std::vector<absl::Duration> waited;
  for (size_t i = 0; i < events.size(); ++i) {
    ASSERT_THAT(ledger.Append(One(events, i)), IsOk());
    const absl::Time asked = absl::Now();
    ASSERT_THAT(projection->CatchUp(Never()), IsOk());
    waited.push_back(absl::Now() - asked);
  }
  std::sort(waited.begin(), waited.end());
  EXPECT_LT(waited[waited.size() / 2], absl::Milliseconds(25));
}

TEST(PayoutProjectionTest, ServesViewsWhileItFoldsAndRebuilds) {
  const std::vector<v1::Event> events = RandomCompany(8, {});
  TestLedger ledger;
  const auto projection = ledger.OpenProjection(/*follow=*/true);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      uint64_t last = 0;
      while (!done.load()) {
        const std::shared_ptr<const FactsView> view = projection->View();
        EXPECT_GE(view->position(), last);
        last = view->position();
        const uint32_t people = view->reference().org->size();
        for (uint32_t person = 0; person < people; ++person) {
          EXPECT_THAT(view->GetCredits(person, Date::Min(), Date::Max()), IsOk());
        }
      }
    });
  }
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_THAT(ledger.Append(One(events, i)), IsOk());
    if (i % 50 == 10) {
      EXPECT_THAT(projection->Rebuild(2, nullptr), IsOk());
    }
  }
  EXPECT_THAT(projection->CatchUp(Never()), IsOk());
  done.store(true);
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(*projection->Digest(), FullDigest(ledger.log()));
}

}  // namespace
}  // namespace payfold
