#include "ledger/plan/prose.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace payfold {
namespace {

// "75,000.5": thousands apart, no more digits than needed.
std::string Number(const Rational& value) {
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

std::string Percent(const Rational& value) { return absl::StrCat((value * 100).ToText(7), "%"); }

std::string Money(const Rational& major, const Program& program) {
  return absl::StrCat(program.currency.code(), " ", Number(major));
}

// A number in the unit of the measure.
std::string InUnit(const Rational& value, bool is_money, const Program& program) {
  return is_money ? Money(value, program) : Number(value);
}

std::string ScopeText(Scope scope) {
  switch (scope) {
    case Scope::kOwn:
      return "own deals";
    case Scope::kTeam:
      return "deals of the team";
    case Scope::kTerritory:
      return "deals of the territory";
    case Scope::kReports:
      return "deals of one's reports";
    case Scope::kReportsAndSelf:
      return "deals of oneself and one's reports";
    case Scope::kCompany:
      return "deals of the company";
  }
  return "";
}

std::string ValueText(DealValue value) {
  switch (value) {
    case DealValue::kAmount:
      return "credited amount";
    case DealValue::kDealAmount:
      return "whole amount";
    case DealValue::kCount:
      return "number";
    case DealValue::kSharedCount:
      return "number by share";
  }
  return "";
}

std::string ConditionText(const Condition& condition);

std::string AllText(const std::vector<Condition>& conditions) {
  return absl::StrJoin(conditions, " and ", [](std::string* out, const Condition& condition) {
    out->append(ConditionText(condition));
  });
}

std::string ListText(absl::string_view one, absl::string_view several, const Condition& c) {
  return absl::StrCat(c.attribute, c.values.size() == 1 ? one : several,
                      absl::StrJoin(c.values, ", "));
}

std::string ConditionText(const Condition& c) {
  switch (c.test) {
    case Condition::Test::kAnyOf:
      return ListText(" is ", " is one of ", c);
    case Condition::Test::kNoneOf:
      return ListText(" is not ", " is none of ", c);
    case Condition::Test::kAtLeast:
      return absl::StrCat(c.attribute, " is at least ", Number(c.bound));
    case Condition::Test::kAbove:
      return absl::StrCat(c.attribute, " is above ", Number(c.bound));
    case Condition::Test::kAtMost:
      return absl::StrCat(c.attribute, " is at most ", Number(c.bound));
    case Condition::Test::kBelow:
      return absl::StrCat(c.attribute, " is below ", Number(c.bound));
    case Condition::Test::kAny:
      break;
  }
  return absl::StrCat("either ",
                      absl::StrJoin(c.any, ", or ", [](std::string* out, const auto& conditions) {
                        out->append(AllText(conditions));
                      }));
}

std::string TargetText(const Target& target, bool is_money, const Program& program) {
  if (target.kind == Target::Kind::kFixed) return InUnit(target.fixed, is_money, program);
  return absl::StrCat("the quota of ", target.metric);
}

// What one band pays, and on what.
std::string BandPayText(const Band& band, const Bands& bands, const Program& program) {
  const bool on_slice = bands.mode == Bands::Mode::kMarginal;
  const std::string part = on_slice ? "the part inside" : "the whole";
  std::string text;
  switch (band.pay) {
    case Band::Pay::kRate:
      text = absl::StrCat(Percent(band.value), " of ", part);
      break;
    case Band::Pay::kPerUnit:
      text = absl::StrCat(Money(band.value, program), " for each unit of ", part);
      break;
    case Band::Pay::kFixed:
      text = Money(band.value, program);
      if (on_slice) text += " once it is reached";
      if (bands.mode == Bands::Mode::kInterpolated) text += " spread evenly over it";
      break;
    case Band::Pay::kMultiple:
      text = absl::StrCat(Number(band.value), " times the target incentive by the attainment of ",
                          part);
      break;
  }
  if (band.retroactive) text += ", and once it is reached on everything below too";
  return text;
}

std::string EdgeText(const Rational& edge, bool is_share, bool is_money, const Program& program) {
  return is_share ? Percent(edge) : InUnit(edge, is_money, program);
}

std::string BandsText(const Bands& bands, bool is_money, const Program& program) {
  const bool is_share = bands.by_measure.has_value() ? bands.by_target.has_value()
                                                     : bands.basis == Bands::Basis::kAttainment;
  const bool money = bands.by_measure.has_value() ? bands.by_measure->is_money() : is_money;
  std::string text = is_share ? "by attainment" : "by the measure";
  if (bands.by_measure.has_value()) {
    absl::StrAppend(&text, is_share ? " of " : ": ", MeasureText(*bands.by_measure));
    if (bands.by_target.has_value()) {
      absl::StrAppend(&text, " against ", TargetText(*bands.by_target, money, program));
    }
  }
  absl::StrAppend(&text, bands.mode == Bands::Mode::kRetroactive ? ", the band reached counts:"
                                                                 : ", band by band:");
  Rational low = bands.from;
  bool low_is_in = !bands.from_excluded;
  for (const Band& band : bands.bands) {
    absl::StrAppend(&text, "\n  - ", low_is_in ? "from " : "above ",
                    EdgeText(low, is_share, money, program));
    if (band.upto.has_value()) {
      absl::StrAppend(&text, band.includes_upto ? " up to and including " : " up to ",
                      EdgeText(*band.upto, is_share, money, program));
      low = *band.upto;
      low_is_in = !band.includes_upto;
    }
    absl::StrAppend(&text, ": ", BandPayText(band, bands, program));
  }
  return text;
}

std::string PerDealText(const PerDeal& per_deal, const Program& program) {
  std::string text = "each deal by itself";
  if (per_deal.min_amount.has_value()) {
    absl::StrAppend(&text, ", from a credit of ", Money(*per_deal.min_amount, program));
  }
  if (per_deal.cap.has_value()) {
    absl::StrAppend(&text, ", at most ", Money(*per_deal.cap, program));
  }
  if (per_deal.rate.has_value()) {
    return absl::StrCat(text, ": ", Percent(*per_deal.rate), " of its credit.");
  }
  return absl::StrCat(text, ", ", BandsText(per_deal.bands, true, program));
}

std::string PayoutText(const Component& component, const Program& program) {
  const Payout& payout = component.payout;
  const bool is_money = component.measure.has_value() && component.measure->is_money();
  switch (payout.kind) {
    case Payout::Kind::kRate:
      return absl::StrCat(Percent(payout.value), " of that.");
    case Payout::Kind::kPerUnit:
      return absl::StrCat(Money(payout.value, program), " for each unit of that.");
    case Payout::Kind::kFixed:
      return absl::StrCat(Money(payout.value, program), ".");
    case Payout::Kind::kBands:
      return BandsText(payout.bands, is_money, program);
    case Payout::Kind::kPerDeal:
      return PerDealText(payout.per_deal, program);
  }
  return "";
}

std::string PeriodText(const Component& component) {
  if (component.window.has_value()) {
    return absl::StrCat("from ", component.window->first().ToString(), " to ",
                        component.window->last().ToString());
  }
  if (!component.period.has_value()) return "each payout period";
  switch (*component.period) {
    case PeriodKind::kDay:
      return "each day";
    case PeriodKind::kWeek:
      return "each week";
    case PeriodKind::kHalfMonth:
      return "each half-month";
    case PeriodKind::kMonth:
      return "each month";
    case PeriodKind::kQuarter:
      return "each quarter";
    case PeriodKind::kHalf:
      return "each half-year";
    default:
      return "each year";
  }
}

std::string WeightsText(const Component& component) {
  std::string text;
  if (component.weight != Rational(1)) {
    absl::StrAppend(&text, "\nIts share of the target incentive is ", Percent(component.weight),
                    ".");
  }
  if (component.target_weights.empty()) return text;
  const std::string weights =
      absl::StrJoin(component.target_weights, ", ", [](std::string* out, const auto& w) {
        absl::StrAppend(out, w.first, " ", Percent(w.second));
      });
  return absl::StrCat(text, "\nThe annual target incentive is spread: ", weights, ".");
}

std::string ComponentText(const Component& component, const Program& program) {
  std::string text =
      component.display_name.empty() ? component.component_id : component.display_name;
  if (!component.display_name.empty()) absl::StrAppend(&text, " (", component.component_id, ")");
  absl::StrAppend(&text, ", ", PeriodText(component), ".");
  if (component.measure.has_value()) {
    absl::StrAppend(&text, "\nMeasured: ", MeasureText(*component.measure));
    if (component.target.has_value()) {
      absl::StrAppend(&text, ", against ",
                      TargetText(*component.target, component.measure->is_money(), program));
    }
    text += ".";
  }
  absl::StrAppend(
      &text, "\nPaid: ", PayoutText(component, program), WeightsText(component),
      component.running ? "\nEarned as facts arrive." : "\nEarned when the period ends.");
  return text;
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
  return absl::StrCat("In the plan: ", absl::StrJoin(tests, " and "), "; and whoever is assigned.");
}

}  // namespace

std::string MeasureText(const Measure& measure) {
  std::string text = absl::StrCat(ValueText(measure.value), " of ", ScopeText(measure.scope));
  if (!measure.where.empty()) absl::StrAppend(&text, " where ", AllText(measure.where));
  return text;
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
  return text;
}

}  // namespace payfold
