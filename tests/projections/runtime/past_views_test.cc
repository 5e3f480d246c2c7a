// A past moment that is read on demand says what the fold of its prefix holds: all of
// it, over random companies, at random moments, from folds that are further by chance.

#include "projections/runtime/past_views.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "projections/facts/load_reference.h"
#include "projections/facts/run_parallel.h"
#include "projections/queries.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/past_facts.h"
#include "projections/runtime/past_moment.h"
#include "tests/ledger/log/test_log.h"
#include "tests/projections/runtime/close_facts.h"
#include "tests/projections/runtime/more_facts.h"
#include "tests/projections/runtime/test_ledger.h"
#include "tests/support/folded_company.h"
#include "tests/support/random_cases.h"
#include "tests/support/random_company.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::AppendNew;
using ::payfold_testing::CloseOf;
using ::payfold_testing::EngineLines;
using ::payfold_testing::Horizon;
using ::payfold_testing::Interleave;
using ::payfold_testing::IsOk;
using ::payfold_testing::RandomCompany;
using ::payfold_testing::RandomCompanyOptions;
using ::payfold_testing::RandomFeatures;
using ::payfold_testing::RandomSource;
using ::payfold_testing::TestLedger;
using ::payfold_testing::TextBesideDays;
using ::payfold_testing::ToText;
using ::payfold_testing::WithMoreFacts;

uint64_t Cases() { return payfold_testing::RandomCases(40); }

std::shared_ptr<const FactsView> FoldedAt(const EventLog& log, const Moment& moment) {
  PrefixOptions options;
  options.position = moment.position;
  options.plans_position = moment.plans_position;
  const absl::StatusOr<FoldedPrefix> prefix = FoldPrefix(log, options);
  EXPECT_THAT(prefix, IsOk());
  return MakeFactsView(&log, moment.position, moment.plans_position, prefix->reference,
                       prefix->tables);
}

std::set<MetricSubject> SubjectsIn(const EventLog& log) {
  std::set<MetricSubject> subjects;
  const auto events = log.Read({});
  while (events->Next()) {
    v1::Event event;
    EXPECT_TRUE(event.ParseFromString(std::string(events->event().bytes)));
    if (!event.has_metric_recorded()) continue;
    subjects.insert(MetricSubjectOf(
        event, [&](absl::string_view id) { return log.FindParticipant(id)->value_or(kNobody); }));
  }
  return subjects;
}

// What is read of somebody.
std::string TextOfPeople(const FactsView& view, const EventLog& log) {
  std::string text;
  const int32_t months[] = {0, 2024 * 12 + 10, 2025 * 12 + 1, 2025 * 12 + 2, 4000 * 12};
  for (uint32_t person = 0; person <= *log.participant_count(); ++person) {
    for (int32_t first : months) {
      for (int32_t last : months) {
        std::vector<Credit> credits;
        EXPECT_THAT(view.facts().ReadCredits(person, first, last, &credits), IsOk());
        absl::StrAppend(&text, EncodeCredits(credits), "|");
      }
    }
    absl::StrAppend(&text, EncodeCredits(*view.facts().GetCredits(person, months[2])), "|");
    std::vector<uint32_t> taken;
    EXPECT_THAT(view.facts().ReadTaken(person, &taken), IsOk());
    for (uint32_t stream : taken) absl::StrAppend(&text, "taken ", stream, "|");
    std::vector<PostedEntry> posted;
    EXPECT_THAT(view.facts().ReadPosted(person, Date::Of(2025, 1, 31), &posted), IsOk());
    for (const PostedEntry& entry : posted) {
      absl::StrAppend(&text, entry.position, " ", entry.first_day.ToString(), entry.totals, "|");
    }
  }
  for (const MetricSubject& subject : SubjectsIn(log)) {
    std::vector<MetricFact> metrics;
    EXPECT_THAT(view.facts().ReadMetrics(subject, 0, 4000 * 12, &metrics), IsOk());
    absl::StrAppend(&text, subject.metric, " ", EncodeMetrics(metrics), "|");
  }
  return text;
}

std::string TextOfDealsAndReference(const FactsView& view, const EventLog& log) {
  std::string text;
  for (uint32_t stream = 0; stream <= *log.stream_count(); ++stream) {
    absl::StrAppend(&text, *view.facts().GetDeal(stream), "|");
  }
  EXPECT_THAT(view.facts().ForEachReference([&](uint64_t position, absl::string_view entry) {
    absl::StrAppend(&text, position, " ", entry, "|");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(view.facts().ForEachParticipant([&](uint32_t number, absl::string_view id) {
    absl::StrAppend(&text, number, " ", id, "|");
  }),
              IsOk());
  for (uint64_t position = 0; position <= view.position(); ++position) {
    absl::StrAppend(&text, view.facts().LatestDayAt(position)->days(), "|");
  }
  return absl::StrCat(text, TextBesideDays(view.reference()), " until ",
                      view.reference().LastFactDate().days());
}

// What is read of all deals.
std::string TextOfAll(const FactsView& view) {
  std::string text;
  for (const auto mark :
       {FactReader::Mark::kIssues, FactReader::Mark::kByPolicy, FactReader::Mark::kPipeline}) {
    const std::vector<uint32_t> streams = *view.facts().Marked(mark);
    for (uint32_t stream : streams) absl::StrAppend(&text, stream, " ");
    absl::StrAppend(&text, "|");
  }
  EXPECT_THAT(view.facts().ForEachLastDay([&](Date day, int64_t facts) {
    absl::StrAppend(&text, day.days(), " ", facts, "|");
  }),
              IsOk());
  return text;
}

template <typename Answers>
std::string TextOfAnswers(const Answers& answers) {
  if (!answers.ok()) return answers.status().ToString();
  std::string text;
  for (const auto& answer : *answers) absl::StrAppend(&text, answer.ShortDebugString(), "\n");
  return text;
}

// A log in which much comes late.
void AppendCompany(uint64_t seed, RandomSource* random, TestLedger* ledger) {
  RandomCompanyOptions options;
  options.features = payfold_testing::FeaturesFor(seed, random);
  std::vector<v1::Event> events = Interleave(seed, RandomCompany(seed, options));
  if (random->Chance(70)) events = WithMoreFacts(seed, std::move(events));
  // What admission refuses (a share that stands twice) is left out.
  if (!ledger->Append(events).ok()) {
    for (const v1::Event& event : events) (void)ledger->Append({&event, 1});
  }
  if (random->Chance(70)) return;
  ASSERT_THAT(AppendNew(ledger->log(), CloseOf("2025-01", "2025-01-01")), IsOk());
  ASSERT_THAT(AppendNew(ledger->log(), CloseOf("2025-02", "2025-02-01")), IsOk());
}

TEST(PastViewsTest, SayWhatTheFoldOfThePrefixHolds) {
  const Date horizon = Horizon(RandomCompanyOptions());
  for (uint64_t seed = 1; seed <= Cases(); ++seed) {
    RandomSource random(seed * 17 + 5);
    TestLedger ledger;
    AppendCompany(seed, &random, &ledger);
    const EventLog& log = ledger.log();
    const auto head = static_cast<int>(log.head());
    const auto projection = ledger.OpenProjection();
    for (int i = 0; i < 6; ++i) {
      const auto position = static_cast<uint64_t>(random.Int(0, head));
      const auto plans = random.Chance(60) ? position : static_cast<uint64_t>(random.Int(0, head));
      const Moment moment{position, plans};
      SCOPED_TRACE(absl::StrCat("seed ", seed, " as of ", position, ", plans of ", plans));
      // However far the fold is, if it is far enough.
      const auto least = static_cast<int>(std::max(position, plans));
      ASSERT_THAT(projection->WaitFor(static_cast<uint64_t>(random.Int(least, head)),
                                      absl::InfiniteFuture()),
                  IsOk());
      const auto want = FoldedAt(log, moment);
      const auto past = projection->ViewAsOf(position, plans);
      ASSERT_THAT(past, IsOk());
      const FactsView& got = **past;
      EXPECT_EQ(got.position(), position);
      EXPECT_EQ(got.plans_position(), plans);
      ASSERT_EQ(TextOfPeople(got, log), TextOfPeople(*want, log));
      ASSERT_EQ(TextOfDealsAndReference(got, log), TextOfDealsAndReference(*want, log));
      ASSERT_EQ(EngineLines(got, horizon), EngineLines(*want, horizon));
      ASSERT_EQ(TextOfAnswers(ListBalances(got, "")), TextOfAnswers(ListBalances(*want, "")));
      // From here on the prefix is folded.
      ASSERT_EQ(TextOfAll(got), TextOfAll(*want));
      ASSERT_EQ(TextOfAnswers(ListExceptions(got)), TextOfAnswers(ListExceptions(*want)));
      ASSERT_EQ(TextOfPeople(got, log), TextOfPeople(*want, log));
    }
  }
}

TEST(PastViewsTest, AMomentIsTheSameFromLaterFolds) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    RandomSource random(seed);
    TestLedger ledger;
    AppendCompany(seed, &random, &ledger);
    const uint64_t head = ledger.log().head();
    const auto projection = ledger.OpenProjection();
    PastViews views(&ledger.log());
    const Moment moment{head / 3, head / 3};
    std::string want;
    for (uint64_t at = head / 3; at <= head; at += head / 9) {
      ASSERT_THAT(projection->WaitFor(at, absl::InfiniteFuture()), IsOk());
      const auto past = views.Get(moment.position, moment.plans_position, projection->View());
      ASSERT_THAT(past, IsOk());
      const std::string text = absl::StrCat(TextOfPeople(**past, ledger.log()),
                                            TextOfDealsAndReference(**past, ledger.log()));
      if (want.empty()) want = text;
      ASSERT_EQ(text, want) << "seed " << seed << ", fold of " << at;
    }
  }
}

TEST(PastViewsTest, TheLogAnswersWhereTheFoldIsNotSoFar) {
  RandomSource random(2);
  TestLedger ledger;
  AppendCompany(2, &random, &ledger);
  const uint64_t head = ledger.log().head();
  const auto projection = ledger.OpenProjection();
  ASSERT_THAT(projection->WaitFor(head / 2, absl::InfiniteFuture()), IsOk());
  PastViews views(&ledger.log());
  const auto past = views.Get(head - 1, head, projection->View());
  ASSERT_THAT(past, IsOk());
  const auto want = FoldedAt(ledger.log(), {head - 1, head});
  EXPECT_EQ(ToText((*past)->reference()), ToText(want->reference()));
  EXPECT_EQ(TextOfPeople(**past, ledger.log()), TextOfPeople(*want, ledger.log()));
}

// Deals of one seller, booked and then, all of them, invoiced.
std::vector<v1::Event> ManyDeals(int count) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 2 * count; ++i) {
    v1::Event& event = events.emplace_back();
    event.set_event_id(absl::StrCat("e", i));
    event.set_source("crm");
    const auto state = [&](auto* fact) {
      fact->set_deal_id(absl::StrCat("d", i % count));
      fact->mutable_amount()->set_currency("USD");
      fact->mutable_amount()->set_minor_units(100 + i);
    };
    if (i < count) {
      state(event.mutable_deal_booked());
      event.mutable_deal_booked()->set_booked_on("2025-01-10");
      event.mutable_deal_booked()->set_owner_id("ana");
    } else {
      state(event.mutable_deal_invoiced());
      event.mutable_deal_invoiced()->set_date("2025-02-10");
    }
  }
  return events;
}

TEST(PastMomentTest, IsFoldedOnceSoManyDealsWereRead) {
  constexpr int kDeals = 1100;
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(ManyDeals(kDeals)), IsOk());
  const auto projection = ledger.OpenProjection();
  ASSERT_THAT(projection->CatchUp(absl::InfiniteFuture()), IsOk());
  const auto live = projection->View();
  const auto past = PastMoment::FromLive(&ledger.log(), {kDeals, kDeals}, *live);
  ASSERT_THAT(past, IsOk());
  EXPECT_FALSE((*past)->IsFoldDue());
  EXPECT_EQ((*past)->weight(), 0U);
  const auto deals = (*past)->DealsOf(0, *live);
  ASSERT_THAT(deals, IsOk());
  EXPECT_EQ((*deals)->credits.size(), size_t{kDeals});
  EXPECT_EQ((*past)->weight(), uint64_t{kDeals});
  EXPECT_TRUE((*past)->IsFoldDue());
  EXPECT_EQ((*past)->folded(), nullptr);
  const PastFacts facts(*past, live);
  std::vector<Credit> credits;
  ASSERT_THAT(facts.ReadCredits(0, 0, 4000 * 12, &credits), IsOk());
  EXPECT_NE((*past)->folded(), nullptr);
  EXPECT_EQ(credits, (*deals)->credits);
}

// One folds, a turn after the other, while the others want the same.
TEST(PastMomentTest, ReplaysThatShareAMomentTakeTurns) {
  constexpr int kDeals = 5000;
  TestLedger ledger;
  ASSERT_THAT(ledger.Append(ManyDeals(kDeals)), IsOk());
  const auto projection = ledger.OpenProjection();
  ASSERT_THAT(projection->CatchUp(absl::InfiniteFuture()), IsOk());
  const auto past = PastMoment::FromLive(&ledger.log(), {kDeals, kDeals}, *projection->View());
  ASSERT_THAT(past, IsOk());
  LimitBackground(1);
  std::vector<std::thread> replays;
  for (int i = 0; i < 3; ++i) {
    replays.emplace_back([&] {
      const Background background;
      EXPECT_THAT((*past)->Fold(), IsOk());
    });
  }
  for (std::thread& replay : replays) replay.join();
  LimitBackground(std::numeric_limits<int>::max());
  EXPECT_NE((*past)->folded(), nullptr);
}

}  // namespace
}  // namespace payfold
