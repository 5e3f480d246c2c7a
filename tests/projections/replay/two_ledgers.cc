#include "tests/projections/replay/two_ledgers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "projections/earnings/evaluator.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

namespace v1 = ::payfold::v1;
using payfold::EarnedLine;
using payfold::Evaluator;
using payfold::FactsView;
using payfold::Fork;
using v1::Event;

// (participant, payout period, plan, component, currency or reward).
using Key = std::tuple<std::string, std::string, std::string, std::string, std::string>;
struct Paid {
  int64_t sum = 0;
  std::set<std::pair<std::string, int64_t>> lines;
};

// The payout periods of each participant that either ledger has.
using Periods = std::map<std::string, std::set<payfold::Period>>;

void AddPeriods(const FactsView& view, Periods* periods) {
  Evaluator evaluator(view);
  const payfold::Org& org = *view.reference().org;
  for (uint32_t participant = 0; participant < org.size(); ++participant) {
    const auto all = evaluator.PayoutPeriodsOf(participant);
    ASSERT_THAT(all, IsOk());
    for (const payfold::Period& period : *all) {
      (*periods)[org.Id(participant)].insert(period);
    }
  }
}

std::map<Key, Paid> PaidOf(const FactsView& view, const Periods& all) {
  std::map<Key, Paid> paid;
  if (!view.reference().configuration.has_value()) return paid;
  Evaluator evaluator(view);
  const payfold::Org& org = *view.reference().org;
  for (const auto& [id, periods] : all) {
    const std::optional<uint32_t> participant = org.Find(id);
    if (!participant.has_value()) continue;
    for (const payfold::Period& period : periods) {
      if (!(view.reference().PayoutPeriodOf(period.first()) == period)) continue;
      const auto lines = evaluator.LinesOf(*participant, period);
      EXPECT_TRUE(lines.ok()) << lines.status();
      for (const EarnedLine& line : *lines) {
        std::string unit(line.program().currency.code());
        if (!line.is_money()) {
          const payfold::Reward& reward = line.group->component->reward;
          unit = absl::StrCat("reward ", static_cast<int>(reward.kind), " ", reward.name);
        }
        Paid& entry = paid[{id, view.reference().calendar().Label(period), line.program().plan_id,
                            line.component_id, unit}];
        entry.sum += line.amount;
        if (line.amount != 0) entry.lines.emplace(line.line_id, line.amount);
      }
    }
  }
  return paid;
}

}  // namespace

std::vector<Event> Question::All() const {
  std::vector<Event> all = known;
  all.insert(all.end(), hypothetical.begin(), hypothetical.end());
  return all;
}

Folded::Folded(const std::vector<Event>& events) {
  const absl::Status added = company.AddAll(events);
  EXPECT_TRUE(added.ok()) << added;
  view = std::make_shared<const FactsView>(company.View());
}

absl::StatusOr<Fork> ForkOf(const Folded& known, const Question& question) {
  std::map<std::string, uint64_t, std::less<>> positions;
  for (const Event& event : question.known) positions[event.event_id()] = event.position();
  return Fork::Make(known.view, question.hypothetical,
                    [positions](absl::string_view id) -> absl::StatusOr<std::optional<uint64_t>> {
                      const auto at = positions.find(std::string(id));
                      if (at == positions.end()) return std::nullopt;
                      return at->second;
                    });
}

std::string ExpectedRows(const FactsView& before, const FactsView& after) {
  Periods periods;
  AddPeriods(before, &periods);
  AddPeriods(after, &periods);
  std::map<Key, std::pair<Paid, Paid>> all;
  for (auto& [key, paid] : PaidOf(before, periods)) all[key].first = paid;
  for (auto& [key, paid] : PaidOf(after, periods)) all[key].second = paid;
  std::vector<std::string> rows;
  for (const auto& [key, sides] : all) {
    if (sides.first.lines == sides.second.lines) continue;
    rows.push_back(absl::StrCat(std::get<0>(key), " ", std::get<1>(key), " ", std::get<2>(key), "/",
                                std::get<3>(key), " ", std::get<4>(key), " ", sides.first.sum,
                                " -> ", sides.second.sum));
  }
  std::sort(rows.begin(), rows.end());
  return absl::StrJoin(rows, "\n");
}

std::string RowsOf(const payfold::Differences& differences, const Fork& fork) {
  std::vector<std::string> rows;
  for (const payfold::DifferenceRow& row : differences.rows) {
    const payfold::PaidBy& by = differences.paid_by[row.paid_by];
    const std::string unit =
        by.currency.empty() ? absl::StrCat("reward ", static_cast<int>(by.kind), " ", by.reward)
                            : by.currency;
    const v1::Difference proto = ToProto(row, differences, fork.view().reference());
    rows.push_back(absl::StrCat(proto.participant_id(), " ", proto.period(), " ", proto.plan_id(),
                                "/", proto.component_id(), " ", unit, " ", proto.before(), " -> ",
                                proto.after()));
  }
  std::sort(rows.begin(), rows.end());
  return absl::StrJoin(rows, "\n");
}

}  // namespace payfold_testing
