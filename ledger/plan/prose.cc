#include "ledger/plan/prose.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/plan/prose_parts.h"

namespace payfold {
namespace {

bool IsRatio(const Measure& measure) {
  return measure.kind == Measure::Kind::kRatio || measure.kind == Measure::Kind::kGrowth ||
         (measure.kind == Measure::Kind::kPeriods && measure.share);
}

std::string RankBandText(const RankBand& band) {
  return absl::StrCat("rank above ", NumberText(band.from_pct), "% up to ", NumberText(band.to_pct),
                      "% by ", MeasureText(band.measure), " in the ",
                      PeriodNoun(band.period, false), " before");
}

std::string EligibilityText(const Eligibility& eligibility) {
  if (eligibility.is_empty()) return "In the plan: whoever is assigned.";
  std::vector<std::string> tests;
  const auto add = [&](absl::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    tests.push_back(
        absl::StrCat(name, values.size() == 1 ? " " : " one of ", absl::StrJoin(values, ", ")));
  };
  add("role", eligibility.roles);
  add("team", eligibility.teams);
  add("territory", eligibility.territories);
  add("participant", eligibility.participants);
  for (const auto& entry : eligibility.attributes) add(entry.first, entry.second);
  if (eligibility.rank_band.has_value()) tests.push_back(RankBandText(*eligibility.rank_band));
  return absl::StrCat("In the plan: ", absl::StrJoin(tests, " and "), "; and whoever is assigned.");
}

std::string RecoveryText(const Draw& draw) {
  std::vector<std::string> terms;
  if (draw.recovery_rate != Rational(1)) {
    terms.push_back(absl::StrCat(PercentText(draw.recovery_rate), " of what can be taken"));
  }
  if (draw.recovery_cap.has_value()) {
    terms.push_back(
        absl::StrCat("at most ", PercentText(*draw.recovery_cap), " of what is earned"));
  }
  if (draw.recover_after_months > 0) {
    terms.push_back(absl::StrCat("not in the first ", draw.recover_after_months, " months"));
  }
  return terms.empty() ? "" : absl::StrCat(" (", absl::StrJoin(terms, ", "), ")");
}

std::string DrawText(const Draw& draw, const Program& program) {
  std::string text = absl::StrCat(
      "An advance of ", MoneyText(draw.amount, program), " each ",
      draw.per.has_value() ? PeriodNoun(*draw.per, false) : std::string("payout period"));
  if (draw.periods > 0) absl::StrAppend(&text, " in the first ", draw.periods, " payout periods");
  if (draw.prorate) text += ", by the days in the plan";
  text += draw.from_earnings ? ", paid before the statement" : ", which tops up what is earned";
  if (!draw.recoverable) {
    text += " and is not paid back";
  } else {
    text += draw.from_earnings ? " and paid back from all earnings"
                               : " and is paid back from what is earned above it";
  }
  absl::StrAppend(&text, RecoveryText(draw));
  if (draw.max_balance.has_value()) {
    absl::StrAppend(&text, "; never more than ", MoneyText(*draw.max_balance, program), " is owed");
  }
  return absl::StrCat(text, ".\n");
}

std::string LimitsText(const Program& program) {
  std::string text;
  if (program.cap.has_value()) {
    absl::StrAppend(&text, "At most ", MoneyText(*program.cap, program),
                    " for each participant in a payout period.\n");
  }
  if (program.budget.has_value()) {
    absl::StrAppend(&text, "At most ", MoneyText(program.budget->amount, program),
                    " for all together each ",
                    program.budget->period.has_value() ? PeriodNoun(*program.budget->period, false)
                                                       : std::string("payout period"),
                    ", shared in proportion.\n");
  }
  return text;
}

}  // namespace

std::string NumberText(const Rational& value) {
  std::string text = value.ToText(9);
  const size_t first = text[0] == '-' ? 1 : 0;
  const size_t point = text.find('.');
  size_t at = point == std::string::npos ? text.size() : point;
  while (at > first + 3) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string PercentText(const Rational& value) {
  return absl::StrCat((value * 100).ToText(7), "%");
}

std::string MoneyText(const Rational& major, const Program& program) {
  return absl::StrCat(program.currency.code(), " ", NumberText(major));
}

std::string PayText(const Rational& amount, const Component& component, const Program& program) {
  const Reward& reward = component.reward;
  const std::string times =
      amount == Rational(1) ? "" : absl::StrCat(NumberText(amount), " times ");
  switch (reward.kind) {
    case Reward::Kind::kMoney:
      return MoneyText(amount, program);
    case Reward::Kind::kPoints:
      return absl::StrCat(NumberText(amount), amount == Rational(1) ? " point" : " points");
    case Reward::Kind::kBadge:
      return absl::StrCat(times, "the badge ", reward.name);
    case Reward::Kind::kItem:
      return absl::StrCat(
          times, reward.name,
          reward.fair_value.has_value()
              ? absl::StrCat(" (worth ", MoneyText(*reward.fair_value, program), ")")
              : "");
  }
  return "";
}

std::string InUnitOf(const Measure& measure, const Rational& value, const Program& program) {
  if (measure.is_money()) return MoneyText(value, program);
  return IsRatio(measure) ? PercentText(value) : NumberText(value);
}

std::string EdgeText(const Rational& edge, bool is_attainment, const Measure* measure,
                     const Program& program) {
  if (is_attainment) return PercentText(edge);
  return measure == nullptr ? NumberText(edge) : InUnitOf(*measure, edge, program);
}

std::string PlanProse(const Program& program) {
  std::string text = program.display_name.empty() ? program.plan_id : program.display_name;
  if (!program.display_name.empty()) absl::StrAppend(&text, " (", program.plan_id, ")");
  absl::StrAppend(&text, " pays in ", program.currency.code(), " from ", program.start.ToString(),
                  program.end == Date::Max() ? " on" : absl::StrCat(" to ", program.end.ToString()),
                  ".\n", EligibilityText(program.eligibility), "\n");
  if (program.rounding == Rounding::kHalfEven)
    text += "Halves are rounded to the even neighbour.\n";
  for (const Component& component : program.components) {
    absl::StrAppend(&text, "\n", ComponentText(component, program), "\n");
  }
  const std::string limits = LimitsText(program);
  if (program.draw.has_value() || !limits.empty()) text += "\n";
  if (program.draw.has_value()) text += DrawText(*program.draw, program);
  return text + limits;
}

}  // namespace payfold
