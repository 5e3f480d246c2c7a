// A component's conditions, limits and dates in words, around its payout.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/plan/prose.h"
#include "ledger/plan/prose_parts.h"

namespace payfold {
namespace {

std::string PeriodText(const Component& component) {
  if (component.window.has_value()) {
    return absl::StrCat("from ", component.window->first().ToString(), " to ",
                        component.window->last().ToString());
  }
  if (!component.period.has_value()) return "each payout period";
  return absl::StrCat("each ", PeriodNoun(*component.period, false));
}

std::string CompareText(Compare compare) {
  switch (compare) {
    case Compare::kAtLeast:
      return "at least ";
    case Compare::kAbove:
      return "above ";
    case Compare::kAtMost:
      return "at most ";
    case Compare::kBelow:
      return "below ";
  }
  return "";
}

// What a gate or multiplier looks at: its own measure, else the component's.
const Measure& LookedAt(const std::optional<Measure>& measure, const Component& component) {
  static const auto* const money = new Measure();  // what a component pays
  if (measure.has_value()) return *measure;
  return component.measure.has_value() ? *component.measure : *money;
}

std::string GateText(const Gate& gate, const Component& component, const Program& program) {
  const Measure money;
  const bool by_component = !gate.component.empty();
  const Measure& measure = by_component ? money : LookedAt(gate.measure, component);
  std::string text = absl::StrCat("\nOnly if ",
                                  by_component ? absl::StrCat("what ", gate.component, " pays")
                                               : absl::StrCat("the ", MeasureText(measure)),
                                  " is ", CompareText(gate.compare));
  if (gate.target.has_value()) {
    absl::StrAppend(&text, PercentText(gate.bound), " of ",
                    TargetText(*gate.target, measure, program));
  } else {
    absl::StrAppend(&text, InUnitOf(measure, gate.bound, program));
  }
  if (!gate.otherwise.has_value()) return absl::StrCat(text, "; otherwise nothing.");
  return absl::StrCat(text, "; otherwise ", PercentText(*gate.otherwise), " of it.");
}

std::string MultiplierText(const Multiplier& multiplier, const Component& component,
                           const Program& program) {
  const Measure& measure = LookedAt(multiplier.measure, component);
  const Target* target = multiplier.target.has_value() ? &*multiplier.target : nullptr;
  const auto edge = [&](const Rational& value) {
    return EdgeText(value, target != nullptr, &measure, program);
  };
  std::vector<std::string> bands;
  const Multiplier::Band* below = nullptr;
  for (const Multiplier::Band& band : multiplier.bands) {
    std::string text = NumberText(band.multiple);
    if (below != nullptr) {
      absl::StrAppend(&text, below->includes_upto ? " above " : " from ", edge(*below->upto));
    }
    if (band.upto.has_value()) {
      absl::StrAppend(&text, band.includes_upto ? " up to and including " : " up to ",
                      edge(*band.upto));
    }
    bands.push_back(std::move(text));
    below = &band;
  }
  return absl::StrCat("\nMultiplied by what the ", HeldText(measure, target, program),
                      " is: ", absl::StrJoin(bands, ", "), ".");
}

std::string CapText(const Component& component, const Program& program) {
  const Cap& cap = *component.cap;
  std::string text = absl::StrCat(
      "\nAt most ",
      cap.amount.has_value() ? PayText(*cap.amount, component, program)
                             : absl::StrCat(PercentText(cap.multiple), " of the target incentive"),
      cap.per_deal ? " for each deal" : "");
  switch (cap.excess) {
    case Cap::Excess::kForfeit:
      break;
    case Cap::Excess::kCarry:
      text += "; what is above joins the next period";
      break;
    case Cap::Excess::kRate:
      absl::StrAppend(&text, "; of what is above, ", PercentText(cap.rate));
      break;
  }
  return absl::StrCat(text, ".");
}

std::string WeightsText(const Component& component) {
  std::string text;
  if (component.weight != Rational(1)) {
    absl::StrAppend(&text, "\nIts share of the target incentive is ", PercentText(component.weight),
                    ".");
  }
  if (component.target_weights.empty()) return text;
  const std::string weights =
      absl::StrJoin(component.target_weights, ", ", [](std::string* out, const auto& w) {
        absl::StrAppend(out, w.first, " ", PercentText(w.second));
      });
  return absl::StrCat(text, "\nThe annual target incentive is spread: ", weights, ".");
}

std::string ProrateText(const Component& component, const Program& program) {
  std::vector<std::string> what;
  if (component.prorate_target) what.push_back("targets");
  if (component.prorate_amounts) what.push_back("amounts");
  if (component.prorate_bands) what.push_back("band edges");
  if (what.empty()) return "";
  return absl::StrCat("\nBy the ", program.prorate_by_months ? "months" : "days",
                      " in the plan: ", absl::StrJoin(what, ", "), ".");
}

std::string WindowText(const Clawback& clawback) {
  if (clawback.window_days.has_value()) return absl::StrCat(*clawback.window_days, " days");
  return clawback.window_months.has_value() ? absl::StrCat(*clawback.window_months, " months") : "";
}

std::string ClawbackText(const Clawback& clawback) {
  switch (clawback.mode) {
    case Clawback::Mode::kNet:
      return "";
    case Clawback::Mode::kRestate:
      return "\nCancelled deals are taken out of the period they were in.";
    case Clawback::Mode::kNone:
      return "\nCancelled deals stay paid.";
    case Clawback::Mode::kReverse:
      break;
  }
  std::string text = "\nOf cancelled deals is taken back ";
  const std::string window = WindowText(clawback);
  if (clawback.linear) {
    absl::StrAppend(&text, "what remains of ", window);
  } else if (clawback.schedule.empty()) {
    absl::StrAppend(&text, "what they paid", window.empty() ? "" : " within ", window);
  } else {
    text +=
        absl::StrJoin(clawback.schedule, ", ", [](std::string* out, const Clawback::Step& step) {
          absl::StrAppend(out, PercentText(step.percent), " before day ", step.upto);
        });
    if (!window.empty()) absl::StrAppend(&text, ", nothing after ", window);
  }
  return absl::StrCat(text, ".");
}

std::string DueText(const Instalment& instalment) {
  switch (instalment.due) {
    case Instalment::Due::kBooked:
      return "at once";
    case Instalment::Due::kCollected:
      return "as customers pay";
    case Instalment::Due::kPeriodEnd:
      return "when the period ends";
    case Instalment::Due::kYearEnd:
      return "when the year ends";
    case Instalment::Due::kAfterDays:
      return absl::StrCat("after ", instalment.n, " days");
    case Instalment::Due::kAfterMonths:
      return absl::StrCat("after ", instalment.n, " months");
  }
  return "";
}

std::string DatesText(const Component& component) {
  std::string text;
  if (component.trigger == Trigger::kInvoiced) text += "\nDeals count when they are invoiced.";
  if (component.trigger == Trigger::kCollected) text += "\nDeals count when customers pay.";
  if (component.fx == FxDay::kPeriodEnd) {
    text += "\nOther currencies are converted by the rate of the period's last day.";
  } else if (component.fx == FxDay::kPlanStart) {
    text += "\nOther currencies are converted by the rate of the plan's first day.";
  }
  text += component.running ? "\nEarned as facts arrive." : "\nEarned when the period ends.";
  if (component.restart) text += "\nA change of the plan starts the measure anew.";
  if (component.schedule.empty()) return text;
  return absl::StrCat(text, "\nDue: ",
                      absl::StrJoin(component.schedule, ", ",
                                    [](std::string* out, const Instalment& instalment) {
                                      absl::StrAppend(out, PercentText(instalment.share), " ",
                                                      DueText(instalment));
                                    }),
                      ".");
}

}  // namespace

std::string ComponentText(const Component& component, const Program& program) {
  std::string text =
      component.display_name.empty() ? component.component_id : component.display_name;
  if (!component.display_name.empty()) absl::StrAppend(&text, " (", component.component_id, ")");
  absl::StrAppend(&text, ", ", PeriodText(component), ".");
  if (component.measure.has_value()) {
    absl::StrAppend(&text, "\nMeasured: ", MeasureText(*component.measure));
    if (component.target.has_value()) {
      absl::StrAppend(&text, ", against ",
                      TargetText(*component.target, *component.measure, program));
    }
    text += ".";
  }
  absl::StrAppend(&text, "\nPaid: ", PayoutText(component, program));
  for (const Gate& gate : component.gates) text += GateText(gate, component, program);
  for (const Multiplier& multiplier : component.multipliers) {
    text += MultiplierText(multiplier, component, program);
  }
  if (component.floor.has_value()) {
    absl::StrAppend(&text, "\nAt least ", PayText(*component.floor, component, program), ".");
  }
  if (component.cap.has_value()) text += CapText(component, program);
  absl::StrAppend(&text, WeightsText(component), ProrateText(component, program),
                  ClawbackText(component.clawback), DatesText(component));
  return text;
}

}  // namespace payfold
