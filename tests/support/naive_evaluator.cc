#include "tests/support/naive_evaluator.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/check.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "tests/support/naive_entries.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_group.h"
#include "tests/support/naive_lines.h"

namespace payfold_testing {
namespace {

using ::payfold::Currency;
using ::payfold::Date;
using ::payfold::Period;
using ::payfold::Rational;
namespace v1 = ::payfold::v1;

int64_t Minor(const std::string& major, const v1::Plan& plan) {
  return NaiveRound(
      NaiveNumber(major) * Rational(Currency::Parse(plan.currency())->minor_per_major()), plan);
}

// The place of an element among those of a line's group: bands, cells and ranks
// by number, what has a name by name, then what the modifiers add.
std::tuple<int, int, int, std::string> ElementOrder(const std::string& element) {
  const std::vector<std::string> kModifiers = {"floor", "carry", "excess", "restated", "reversed"};
  const auto modifier = std::find(kModifiers.begin(), kModifiers.end(), element);
  if (modifier != kModifiers.end()) {
    return {1 + static_cast<int>(modifier - kModifiers.begin()), 0, 0, ""};
  }
  absl::string_view rest = element;
  if (absl::ConsumePrefix(&rest, "band") || absl::ConsumePrefix(&rest, "award")) {
    return {0, std::stoi(std::string(rest)), 0, ""};
  }
  if (absl::ConsumePrefix(&rest, "cell")) {
    const std::string numbers(rest);
    const size_t dot = numbers.find('.');
    return {0, std::stoi(numbers.substr(0, dot)), std::stoi(numbers.substr(dot + 1)), ""};
  }
  return {0, 0, 0, element};
}

// The lines of one plan, changed by its caps and budgets.
class PlanLines {
 public:
  PlanLines(const NaiveFacts& facts, const std::string& plan_id, std::vector<NaiveLine> lines)
      : facts_(facts), plan_id_(plan_id), lines_(std::move(lines)) {}

  std::vector<NaiveLine> Take() {
    CutAll();
    for (const auto& [period, version] : Budgets()) Share(period, *version);
    lines_.erase(std::remove_if(lines_.begin(), lines_.end(),
                                [](const NaiveLine& line) { return line.minor_units == 0; }),
                 lines_.end());
    return lines_;
  }

 private:
  const NaiveVersion* LastInForce(const Period& period) const {
    for (Date d = period.last(); d >= period.first(); d = d - 1) {
      const NaiveVersion* version = facts_.VersionOn(plan_id_, d);
      if (version != nullptr) return version;
    }
    return nullptr;
  }

  int PlaceOf(const NaiveLine& line) const {
    const v1::Plan& plan = facts_.VersionsOf(plan_id_)[line.plan_version - 1].plan;
    for (int i = 0; i < plan.components_size(); ++i) {
      if (plan.components(i).component_id() == line.component_id) return i;
    }
    return -1;
  }

  // Before which other a line counts against the plan's cap.
  auto OrderOf(const NaiveLine& line) const {
    const absl::StatusOr<Period> measured = facts_.calendar().Parse(line.measurement_period);
    CHECK(measured.ok());
    return std::make_tuple(line.date, PlaceOf(line), measured->first(), ElementOrder(line.element),
                           line.segment_start, line.origin);
  }

  void CutAll() {
    std::sort(lines_.begin(), lines_.end(),
              [&](const NaiveLine& a, const NaiveLine& b) { return OrderOf(a) < OrderOf(b); });
    std::map<std::pair<std::string, Period>, int64_t> sums;  // by participant and payout period
    for (NaiveLine& line : lines_) {
      if (!line.reward.empty()) continue;
      const Period payout = facts_.PayoutContaining(NaiveDate(line.date));
      const NaiveVersion* version = LastInForce(payout);
      int64_t& sum = sums[{line.participant_id, payout}];
      if (version != nullptr && version->plan.has_cap() && line.minor_units > 0) {
        const int64_t cap = Minor(version->plan.cap().amount(), version->plan);
        line.minor_units = std::min(line.minor_units, std::max<int64_t>(0, cap - sum));
      }
      sum += line.minor_units;
    }
  }

  // The periods in which a budget is the last in force, in order of their ends.
  std::vector<std::pair<Period, const NaiveVersion*>> Budgets() const {
    std::set<std::tuple<Date, Date, Period>> periods;
    const auto period_of = [&](const NaiveVersion& version, Date d) {
      return version.plan.budget().period() == v1::PERIOD_KIND_UNSPECIFIED
                 ? facts_.PayoutContaining(d)
                 : facts_.calendar().Containing(NaiveKind(version.plan.budget().period()), d);
    };
    for (const NaiveVersion& version : facts_.VersionsOf(plan_id_)) {
      if (!version.plan.has_budget()) continue;
      for (const NaiveLine& line : lines_) {
        const Period period = period_of(version, NaiveDate(line.date));
        periods.emplace(period.last(), period.first(), period);
      }
    }
    std::vector<std::pair<Period, const NaiveVersion*>> budgets;
    for (const auto& entry : periods) {
      const Period& period = std::get<Period>(entry);
      const NaiveVersion* version = LastInForce(period);
      if (version == nullptr || !version->plan.has_budget()) continue;
      if (period_of(*version, period.first()) == period) budgets.emplace_back(period, version);
    }
    return budgets;
  }

  // Where the positive totals of the period exceed the budget, it is shared.
  void Share(const Period& period, const NaiveVersion& version) {
    std::map<std::string, int64_t> totals;
    for (const NaiveLine& line : lines_) {
      if (line.reward.empty() && period.Contains(NaiveDate(line.date))) {
        totals[line.participant_id] += line.minor_units;
      }
    }
    std::vector<std::string> participants;
    std::vector<Rational> weights;
    int64_t sum = 0;
    for (const auto& [participant, total] : totals) {
      if (total <= 0) continue;
      participants.push_back(participant);
      weights.emplace_back(total);
      sum += total;
    }
    const int64_t budget = Minor(version.plan.budget().amount(), version.plan);
    if (sum <= budget) return;
    const std::vector<int64_t> parts = NaiveSplit(budget, weights);
    for (size_t i = 0; i < participants.size(); ++i) {
      NaiveLine& line = lines_.emplace_back();
      line.participant_id = participants[i];
      line.plan_id = plan_id_;
      line.measurement_period = facts_.calendar().Label(period);
      line.element = "budget";
      line.payout_period = facts_.calendar().Label(facts_.PayoutContaining(period.last()));
      line.date = period.last().ToString();
      line.minor_units = parts[i] - totals[participants[i]];
      line.plan_version = version.number;
      line.currency = version.plan.currency();
    }
  }

  const NaiveFacts& facts_;
  const std::string plan_id_;
  std::vector<NaiveLine> lines_;
};

}  // namespace

std::vector<NaiveLine> NaiveLines(const std::vector<v1::Event>& events, Date horizon) {
  const NaiveFacts facts(events);
  if (!facts.is_configured() || !facts.FirstDay().has_value()) return {};
  NaiveLineMaker maker(facts, horizon);
  std::vector<NaiveLine> lines;
  for (const std::string& plan_id : facts.plans()) {
    std::set<std::string> components;
    for (const NaiveVersion& version : facts.VersionsOf(plan_id)) {
      for (const v1::Component& component : version.plan.components()) {
        components.insert(component.component_id());
      }
    }
    std::vector<NaiveLine> of_plan;
    for (const std::string& component_id : components) {
      const std::vector<NaiveLine>& more = maker.LinesOf(plan_id, component_id);
      of_plan.insert(of_plan.end(), more.begin(), more.end());
    }
    for (const NaiveLine& line : PlanLines(facts, plan_id, of_plan).Take()) {
      if (line.date <= horizon.ToString()) lines.push_back(line);
    }
  }
  std::sort(lines.begin(), lines.end(),
            [](const NaiveLine& a, const NaiveLine& b) { return ToText(a) < ToText(b); });
  return lines;
}

std::string ToText(const NaiveLine& line) {
  return absl::StrCat(line.participant_id, "/", line.plan_id, "/", line.component_id, "/",
                      line.measurement_period, "/", line.element, "/", line.payout_period,
                      line.segment_start.empty() ? "" : "@", line.segment_start, line.origin, " ",
                      line.date, " ", line.minor_units, line.reward.empty() ? "" : " ", line.reward,
                      " v", line.plan_version);
}

std::string ToText(const std::vector<NaiveLine>& lines) {
  std::string text;
  for (const NaiveLine& line : lines) absl::StrAppend(&text, ToText(line), "\n");
  return text;
}

}  // namespace payfold_testing
