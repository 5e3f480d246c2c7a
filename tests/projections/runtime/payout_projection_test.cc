#include "projections/runtime/payout_projection.h"

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/runtime/digest.h"
#include "projections/runtime/generation.h"
#include "tests/ledger/log/test_log.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/random_company.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::FullDigest;
using ::payfold_testing::IsOk;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::PlainFold;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::SmallCompany;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TestLedger;
using ::payfold_testing::ToText;
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

// What a view says of every deal and everybody's credits, encoded.
std::string DealsAndCredits(const FactsView& view) {
  std::string text;
  for (int deal = 1; deal <= 20; ++deal) {
    const auto stream = *view.FindDeal(absl::StrCat("d", deal));
    if (stream.has_value()) absl::StrAppend(&text, *view.facts().GetDeal(*stream), "|");
  }
  const Date days[] = {Date::Min(), Date::Of(2024, 12, 20), Date::Of(2025, 2, 1),
                       Date::Of(2025, 2, 28), Date::Max()};
  for (uint32_t person = 0; person < view.reference().org->size(); ++person) {
    for (Date first : days) {
      for (Date last : days) {
        absl::StrAppend(&text, EncodeCredits(*view.GetCredits(person, first, last)), "|");
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
    const std::vector<v1::Event> events = RandomCompany(seed, SmallCompany());
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
    const std::vector<v1::Event> events = RandomCompany(seed, {});
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

TEST(PayoutProjectionTest, GoesOnWhereItStoppedWhenOpenedAgain) {
  const std::vector<v1::Event> events = RandomCompany(11, {});
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
  const std::vector<v1::Event> events = RandomCompany(3, SmallCompany());
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
    ASSERT_EQ(ToText((*view)->reference()), ToText(then->View()->reference()));
    ASSERT_EQ(DealsAndCredits(**view), DealsAndCredits(*then->View()));
  }
  EXPECT_THAT(projection->ViewAsOf(events.size() + 1, 1),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("beyond the end of the log")));
}

TEST(PayoutProjectionTest, RebuildsTheSameWithAnyNumberOfWorkers) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<v1::Event> events = RandomCompany(seed, {});
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
  const std::vector<v1::Event> events = RandomCompany(21, {});
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
