// Properties of the judge over random companies, and of the companies. All seeds
// are fixed and printed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tests/support/naive_deals.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_script.h"
#include "tests/support/naive_settlement.h"
#include "tests/support/random_company.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;

using Log = std::vector<v1::Event>;

const RandomCompanyOptions kSmall;

// Every feature of the language, or one group of them beside deals.
RandomCompanyOptions WithAll() {
  RandomCompanyOptions options;
  options.features = RandomFeatures::All();
  return options;
}

std::string LinesOf(const Log& events, payfold::Date horizon = Horizon(kSmall)) {
  return ToText(NaiveLines(events, horizon));
}

TEST(RandomCompanyTest, TheSameSeedGivesTheSameCompany) {
  const auto text = [](uint64_t seed) {
    std::string all;
    for (const v1::Event& event : RandomCompany(seed, kSmall)) all += event.ShortDebugString();
    return all;
  };
  EXPECT_EQ(text(7), text(7));
  EXPECT_NE(text(7), text(8));
}

TEST(RandomCompanyTest, EnvelopesNumberTheLogAndEachStream) {
  std::map<std::string, uint64_t> versions;
  uint64_t position = 0;
  for (const v1::Event& event : Interleave(1, RandomCompany(1, kSmall))) {
    EXPECT_EQ(event.position(), ++position);
    EXPECT_EQ(event.stream_version(), ++versions[event.stream()]) << event.stream();
  }
}

TEST(RandomCompanyTest, JsonLinesReadBack) {
  const Log events = RandomCompany(3, kSmall);
  std::vector<std::string> lines = absl::StrSplit(ToJsonLines(events), '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), events.size());
  Log read;
  for (const std::string& line : lines) {
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &read.emplace_back()).ok());
  }
  EXPECT_EQ(LinesOf(read), LinesOf(events));
}

TEST(NaiveCompanyTest, AnyInterleavingOfTheStreamsGivesTheSameLines) {
  int with_lines = 0;
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    const Log events = RandomCompany(seed, kSmall);
    const std::string lines = LinesOf(events);
    with_lines += lines.empty() ? 0 : 1;
    ASSERT_EQ(lines, LinesOf(Interleave(seed, events))) << "seed " << seed;
  }
  EXPECT_GT(with_lines, 100);
}

TEST(NaiveCompanyTest, SoItIsWithEveryFeature) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Log events = RandomCompany(seed, WithAll());
    const Log shuffled = Interleave(seed, events);
    ASSERT_EQ(LinesOf(events), LinesOf(shuffled)) << "seed " << seed;
    ASSERT_EQ(ToText(NaiveSettle(events, Horizon(kSmall))),
              ToText(NaiveSettle(shuffled, Horizon(kSmall))))
        << "seed " << seed;
  }
}

// Each element stands somewhere in the lines of companies with all features.
TEST(NaiveCompanyTest, EveryElementIsPaidBySome) {
  std::set<std::string> missing = {"rate",   "per_unit", "fixed",    "band",  "curve", "cell",
                                   "deal:",  "award",    "pool",     "goal:", "floor", "carry",
                                   "excess", "restated", "reversed", "budget"};
  for (uint64_t seed = 1; seed <= 400 && !missing.empty(); ++seed) {
    for (const NaiveLine& line : NaiveLines(RandomCompany(seed, WithAll()), Horizon(kSmall))) {
      for (const std::string& name : std::set<std::string>(missing)) {
        if (absl::StartsWith(line.element, name)) missing.erase(name);
      }
    }
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

// What is earned and not held is paid sooner or later: all that statements pay is
// what plans bring, less what is still carried.
TEST(NaiveCompanyTest, StatementsPayWhatPlansBring) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const NaiveSettlement settlement = NaiveSettle(RandomCompany(seed, WithAll()), Horizon(kSmall));
    std::map<std::string, int64_t> difference;  // by participant and currency
    std::map<std::string, int64_t> carried;     // likewise, at the end
    for (const NaivePlanPeriod& row : settlement.plans) {
      difference[row.participant_id + row.currency] += row.payable;
    }
    for (const NaiveStatement& row : settlement.statements) {
      int64_t& of = difference[row.participant_id + row.currency];
      int64_t& before = carried[row.participant_id + row.currency];
      of += row.adjustments + row.released + row.carried_in - before;  // openings
      of -= row.payable;
      before = row.carried_out;
    }
    for (const auto& [who, left] : carried) difference[who] -= left;
    for (const auto& [who, amount] : difference) ASSERT_EQ(amount, 0) << seed << " " << who;
  }
}

TEST(NaiveCompanyTest, AVoidedFactIsAsIfNeverStated) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Log events = RandomCompany(seed, kSmall);
    Log without;
    Log voided = events;
    for (const v1::Event& event : events) {
      const bool is_voided = event.position() % 7 == 0 && !event.has_ledger_configured() &&
                             !event.has_plan_published() && !event.has_plan_retired() &&
                             !event.has_fact_voided();
      if (!is_voided) {
        without.push_back(event);
        continue;
      }
      v1::Event& fact = voided.emplace_back();
      fact.set_event_id(absl::StrCat("void-", event.event_id()));
      fact.mutable_fact_voided()->set_event_id(event.event_id());
    }
    ASSERT_EQ(LinesOf(voided), LinesOf(without)) << "seed " << seed;
  }
}

TEST(NaiveCompanyTest, AHorizonOnlyCutsLinesOff) {
  const payfold::Date early = kSmall.first + 40;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    const Log events = RandomCompany(seed, kSmall);
    std::vector<NaiveLine> lines = NaiveLines(events, Horizon(kSmall));
    lines.erase(std::remove_if(lines.begin(), lines.end(),
                               [&](const NaiveLine& line) { return line.date > early.ToString(); }),
                lines.end());
    ASSERT_EQ(ToText(lines), LinesOf(events, early)) << "seed " << seed;
  }
}

TEST(NaiveCompanyTest, AHorizonOnlyCutsLinesOffWithEveryFeature) {
  const payfold::Date early = kSmall.first + 60;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Log events = RandomCompany(seed, WithAll());
    std::vector<NaiveLine> lines = NaiveLines(events, Horizon(kSmall));
    lines.erase(std::remove_if(lines.begin(), lines.end(),
                               [&](const NaiveLine& line) { return line.date > early.ToString(); }),
                lines.end());
    ASSERT_EQ(ToText(lines), LinesOf(events, early)) << "seed " << seed;
  }
}

// Whatever comes first, a prefix of a log has lines, and none without a plan.
TEST(NaiveCompanyTest, EveryPrefixOfALogEvaluates) {
  const Log events = RandomCompany(11, kSmall);
  bool has_plan = false;
  for (size_t size = 0; size <= events.size(); ++size) {
    if (size > 0) has_plan = has_plan || events[size - 1].has_plan_published();
    const std::string lines =
        LinesOf(Log(events.begin(), events.begin() + static_cast<ptrdiff_t>(size)));
    if (!has_plan) {
      EXPECT_EQ(lines, "");
    }
  }
  EXPECT_TRUE(has_plan);
}

// All credit of a deal, paid out in full to people who are always there, is what
// is left of it: no cent is made or lost by splits, adjustments or cancellations.
TEST(NaiveCompanyTest, CreditsAddUpToWhatIsLeftOfTheDeal) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Script script;
    for (const char* id : {"p1", "p2", "p3", "p4", "p5", "p6", "ghost"}) {
      script.Person(id, "2020-01-01");
    }
    script.Say(
        "plan_published {plan {plan_id: 'all' currency: 'USD' "
        "effective {start: '2020-01-01'} eligibility {roles: 'ae'} "
        "components {component_id: 'c' measure {deals {}} payout {rate: '1'}}}}");
    Log events = script.events();
    RandomCompanyOptions options;
    options.foreign_currencies = false;
    for (v1::Event event : RandomCompany(seed, options)) {
      if (!absl::StartsWith(event.stream(), "deals/") && !event.has_split_policy_set()) continue;
      event.set_event_id(absl::StrCat("r-", event.event_id()));
      if (event.has_credit_split() && event.credit_split().shares().rbegin()->overlay()) {
        event.mutable_credit_split()->mutable_shares()->RemoveLast();
      }
      if (!event.has_fact_voided()) events.push_back(event);
    }
    int64_t left = 0;
    for (const NaiveDeal& deal : NaiveDeals(NaiveFacts(events))) {
      if (deal.shares.empty() || deal.currency != "USD") continue;
      for (const NaiveChange& change : deal.changes) {
        left += change.is_cancellation ? -change.amount : change.amount;
      }
    }
    int64_t paid = 0;
    for (const NaiveLine& line : NaiveLines(events, Horizon(options))) paid += line.minor_units;
    ASSERT_EQ(paid, left) << "seed " << seed;
  }
}

TEST(ShrinkTest, LeavesOnlyWhatTheFailureNeeds) {
  const auto has_per_deal_line = [](const Log& events) {
    const std::vector<NaiveLine> lines = NaiveLines(events, Horizon(kSmall));
    return std::any_of(lines.begin(), lines.end(), [](const NaiveLine& line) {
      return absl::StartsWith(line.element, "deal:");
    });
  };
  uint64_t seed = 1;
  while (!has_per_deal_line(RandomCompany(seed, kSmall))) ++seed;
  const Log small = Shrink(RandomCompany(seed, kSmall), has_per_deal_line);
  EXPECT_TRUE(has_per_deal_line(small));
  // The ledger, a participant, a plan, a deal, and perhaps an assignment and a split.
  EXPECT_LE(small.size(), 6u) << "seed " << seed << "\n" << ToJsonLines(small);
}

}  // namespace
}  // namespace payfold_testing
