// How what is earned is paid: caps, clawback, schedules, rewards, draws, budgets.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

void ReadExcess(const std::string& text, const std::string& path, Findings* findings, Cap* result) {
  if (text.empty() || absl::EqualsIgnoreCase(text, "FORFEIT")) return;
  if (absl::EqualsIgnoreCase(text, "CARRY")) {
    result->excess = Cap::Excess::kCarry;
    if (result->per_deal) {
      findings->Error(path,
                      "CARRY takes what is above a period's cap into the next; a deal has no next: "
                      "use FORFEIT, a rate, or per: PERIOD");
    }
    return;
  }
  result->excess = Cap::Excess::kRate;
  const bool is_word = text.find_first_of("0123456789") == std::string::npos;
  if (is_word) {
    findings->Error(path, absl::StrCat("\"", text,
                                       "\" is none of FORFEIT, CARRY, or a rate for "
                                       "what is above, as in 10%"));
  } else {
    result->rate = CompileRate(text, path, findings);
  }
}

std::vector<Clawback::Step> CompileSteps(const v1::Clawback& clawback, const std::string& path,
                                         Findings* findings) {
  std::vector<Clawback::Step> result;
  int below = 0;
  for (int i = 0; i < clawback.schedule_size(); ++i) {
    const v1::ClawbackStep& step = clawback.schedule(i);
    const std::string here = Element(path, i);
    if (step.upto() <= below) {
      findings->Error(Child(here, "upto"),
                      step.upto() == 0
                          ? "is required: the days since booking before which the step ends"
                          : absl::StrCat(step.upto(), " is not above ", below,
                                         ", where the step begins: steps ascend"));
    } else if (clawback.window_days() > 0 && below > clawback.window_days()) {
      findings->Warning(here, absl::StrCat("can never be reached: the window ends after ",
                                           clawback.window_days(), " days"));
    }
    below = step.upto();
    Rational percent;
    if (step.percent().empty()) {
      findings->Error(Child(here, "percent"), "is required: the share taken back, as in 50%");
    } else {
      percent = findings->ReadFraction(step.percent(), Child(here, "percent")).value_or(0);
    }
    result.push_back({step.upto(), percent});
  }
  return result;
}

std::optional<int> ReadWindow(int number, absl::string_view name, const std::string& path,
                              Findings* findings) {
  if (number == 0) return std::nullopt;
  if (number < 0) findings->Error(Child(path, name), absl::StrCat(number, " is below 1"));
  return number;
}

void CheckReverse(const v1::Clawback& clawback, const std::string& path, Findings* findings) {
  if (clawback.mode() != v1::Clawback::REVERSE) {
    const auto refuse = [&](bool is_given, absl::string_view name) {
      if (is_given) {
        findings->Error(Child(path, name), "is for mode REVERSE only: name it, or remove this");
      }
    };
    refuse(!clawback.schedule().empty(), "schedule");
    refuse(clawback.linear(), "linear");
    refuse(clawback.window_days() != 0, "window_days");
    refuse(clawback.window_months() != 0, "window_months");
    return;
  }
  if (clawback.window_days() != 0 && clawback.window_months() != 0) {
    findings->Error(Child(path, "window_months"),
                    "is given beside `window_days`: a window is counted in one or the other");
  }
  if (!clawback.linear()) return;
  if (!clawback.schedule().empty()) {
    findings->Error(Child(path, "linear"),
                    "is given beside `schedule`: the share falls evenly or by steps");
  }
  if (clawback.window_days() == 0 && clawback.window_months() == 0) {
    findings->Error(Child(path, "linear"),
                    "is what remains of a window: give window_days or window_months");
  }
}

std::optional<Instalment::Due> CompileDue(v1::Instalment::Due due) {
  switch (due) {
    case v1::Instalment::BOOKED:
      return Instalment::Due::kBooked;
    case v1::Instalment::COLLECTED:
      return Instalment::Due::kCollected;
    case v1::Instalment::PERIOD_END:
      return Instalment::Due::kPeriodEnd;
    case v1::Instalment::YEAR_END:
      return Instalment::Due::kYearEnd;
    case v1::Instalment::AFTER_DAYS:
      return Instalment::Due::kAfterDays;
    case v1::Instalment::AFTER_MONTHS:
      return Instalment::Due::kAfterMonths;
    default:
      return std::nullopt;
  }
}

Instalment CompileInstalment(const v1::Instalment& instalment, const std::string& path,
                             Findings* findings) {
  Instalment result;
  const std::string share = Child(path, "share");
  if (instalment.share().empty()) {
    findings->Error(share, "is required: a part of the money, as in 60%");
  } else {
    const std::optional<Rational> read = findings->ReadFraction(instalment.share(), share);
    if (read.has_value() && read->is_zero()) findings->Error(share, "is 0: remove the instalment");
    result.share = read.value_or(0);
  }
  const std::optional<Instalment::Due> due = CompileDue(instalment.due());
  if (!due.has_value()) {
    findings->Error(Child(path, "due"),
                    "is required: BOOKED, COLLECTED, PERIOD_END, YEAR_END, AFTER_DAYS(n) or "
                    "AFTER_MONTHS(n)");
    return result;
  }
  result.due = *due;
  result.n = instalment.n();
  const std::string& name = v1::Instalment::Due_Name(instalment.due());
  const bool is_after =
      *due == Instalment::Due::kAfterDays || *due == Instalment::Due::kAfterMonths;
  if (is_after && instalment.n() <= 0) {
    findings->Error(Child(path, "n"), absl::StrCat("is required, from 1 on: write ", name, "(30)"));
  } else if (!is_after && instalment.n() != 0) {
    findings->Error(Child(path, "n"), absl::StrCat("has no meaning for ", name, ": remove it"));
  }
  return result;
}

// An amount that must be there.
Rational RequireAmount(const std::string& text, const std::string& path, absl::string_view what,
                       Findings* findings) {
  if (text.empty()) {
    findings->Error(path, absl::StrCat("is required: ", what));
    return 0;
  }
  const std::optional<Rational> amount = findings->ReadAmount(text, path);
  if (amount.has_value() && amount->is_zero()) findings->Warning(path, "of 0 pays nothing");
  return amount.value_or(0);
}

int ReadCount(int count, const std::string& path, Findings* findings) {
  if (count < 0) findings->Error(path, absl::StrCat(count, " is below 0"));
  return count;
}

}  // namespace

Cap CompileCap(const v1::Cap& cap, const std::string& path, Findings* findings) {
  Cap result;
  result.per_deal = cap.per() == v1::Cap::DEAL;
  switch (cap.size_case()) {
    case v1::Cap::kAmount:
      result.amount = RequireAmount(cap.amount(), Child(path, "amount"), "the most", findings);
      break;
    case v1::Cap::kMultipleOfTargetIncentive: {
      const std::string here = Child(path, "multiple_of_target_incentive");
      const auto multiple = findings->ReadShare(cap.multiple_of_target_incentive(), here);
      if (multiple.has_value() && multiple->sign() < 0) {
        findings->Error(here, absl::StrCat(cap.multiple_of_target_incentive(), " is below 0"));
      }
      result.multiple = multiple.value_or(0);
      break;
    }
    case v1::Cap::SIZE_NOT_SET:
      findings->Error(path, "states no limit: give `amount` or `multiple_of_target_incentive`");
      break;
  }
  ReadExcess(cap.excess(), Child(path, "excess"), findings, &result);
  return result;
}

Clawback CompileClawback(const v1::Clawback& clawback, const std::string& path,
                         Findings* findings) {
  Clawback result;
  if (clawback.mode() == v1::Clawback::RESTATE) result.mode = Clawback::Mode::kRestate;
  if (clawback.mode() == v1::Clawback::REVERSE) result.mode = Clawback::Mode::kReverse;
  if (clawback.mode() == v1::Clawback::NONE) result.mode = Clawback::Mode::kNone;
  CheckReverse(clawback, path, findings);
  result.schedule = CompileSteps(clawback, Child(path, "schedule"), findings);
  result.linear = clawback.linear();
  result.window_days = ReadWindow(clawback.window_days(), "window_days", path, findings);
  result.window_months = ReadWindow(clawback.window_months(), "window_months", path, findings);
  return result;
}

std::vector<Instalment> CompileSchedule(
    const google::protobuf::RepeatedPtrField<v1::Instalment>& schedule, const std::string& path,
    Findings* findings) {
  std::vector<Instalment> result;
  Rational sum;
  for (int i = 0; i < schedule.size(); ++i) {
    result.push_back(CompileInstalment(schedule[i], Element(path, i), findings));
    sum += result.back().share;
  }
  if (!result.empty() && sum != Rational(1)) {
    findings->Error(path, absl::StrCat("has shares that add up to ", (sum * 100).ToText(7),
                                       "%: they must add up to exactly 100%"));
  }
  return result;
}

Reward CompileReward(const v1::Reward& reward, const std::string& path, Findings* findings) {
  Reward result;
  switch (reward.kind_case()) {
    case v1::Reward::kMoney:
      break;
    case v1::Reward::kPoints:
      result.kind = Reward::Kind::kPoints;
      break;
    case v1::Reward::kBadge:
      result.kind = Reward::Kind::kBadge;
      result.name = reward.badge().badge_id();
      findings->CheckId(result.name, Child(Child(path, "badge"), "badge_id"));
      break;
    case v1::Reward::kItem: {
      const std::string item = Child(path, "item");
      result.kind = Reward::Kind::kItem;
      result.name = reward.item().name();
      if (result.name.empty()) {
        findings->Error(Child(item, "name"), "is required: what is given, as in Dinner for two");
      }
      findings->CheckDisplayName(result.name, Child(item, "name"));
      if (!reward.item().fair_value().empty()) {
        result.fair_value =
            findings->ReadAmount(reward.item().fair_value(), Child(item, "fair_value"));
      }
      break;
    }
    case v1::Reward::KIND_NOT_SET:
      findings->Error(path, "names no kind of reward: give one of money, points, badge, item");
      break;
  }
  return result;
}

Draw CompileDraw(const v1::Draw& draw, Findings* findings) {
  Draw result;
  result.amount = RequireAmount(draw.amount(), "draw.amount", "what is advanced", findings);
  result.per = CompileKind(draw.per());
  result.recoverable = draw.recoverable();
  result.from_earnings = draw.recover_from() == v1::Draw::EARNINGS;
  if (!draw.recovery_rate().empty()) {
    result.recovery_rate =
        findings->ReadFraction(draw.recovery_rate(), "draw.recovery_rate").value_or(1);
  }
  if (!draw.recovery_cap().empty()) {
    result.recovery_cap = findings->ReadFraction(draw.recovery_cap(), "draw.recovery_cap");
  }
  result.recover_after_months =
      ReadCount(draw.recover_after().months(), "draw.recover_after.months", findings);
  if (draw.has_recover_after() && draw.recover_after().months() == 0) {
    findings->Warning("draw.recover_after", "of 0 months has no effect: remove it");
  }
  if (!draw.max_balance().empty()) {
    result.max_balance = findings->ReadAmount(draw.max_balance(), "draw.max_balance");
    if (result.from_earnings) {
      findings->Warning("draw.max_balance",
                        "has no effect: it cuts the top-up, which only EXCESS has");
    }
  }
  result.periods = ReadCount(draw.periods(), "draw.periods", findings);
  result.prorate = draw.prorate();
  return result;
}

Budget CompileBudget(const v1::Budget& budget, Findings* findings) {
  Budget result;
  result.amount =
      RequireAmount(budget.amount(), "budget.amount", "the most that all are paid", findings);
  result.period = CompileKind(budget.period());
  return result;
}

}  // namespace payfold
