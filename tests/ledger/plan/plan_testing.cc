#include "tests/ledger/plan/plan_testing.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ledger/base/check.h"
#include "ledger/plan/document.h"

namespace payfold_testing {

using ::payfold::Band;
using ::payfold::BandPay;
using ::payfold::Bands;
using ::payfold::CompiledPlan;
using ::payfold::Component;
using ::payfold::Condition;
using ::payfold::Measure;
using ::payfold::Payout;
using ::payfold::PlanDiagnostic;
using ::payfold::Program;
using ::payfold::Rational;
using ::payfold::Target;

std::string PlanWith(absl::string_view component) {
  std::string document =
      "plan_id: ae\n"
      "currency: USD\n"
      "effective: {start: 2025-01-01}\n"
      "components:\n"
      "  - component_id: a\n";
  constexpr absl::string_view kDefaults[] = {"measure: {deals: {value: AMOUNT}}",
                                             "target: {fixed: 100}", "payout: {rate: 5%}"};
  const std::string lines = absl::StrCat("\n", component);
  for (absl::string_view line : kDefaults) {
    const absl::string_view name = line.substr(0, line.find(' '));
    if (absl::StrContains(lines, absl::StrCat("\n", name))) continue;
    absl::StrAppend(&document, "    ", line, "\n");
  }
  for (absl::string_view line : absl::StrSplit(component, '\n', absl::SkipWhitespace())) {
    absl::StrAppend(&document, "    ", line, "\n");
  }
  return document;
}

payfold::v1::Plan PlanOf(absl::string_view document) {
  payfold::PlanDocument read = payfold::ReadPlanDocument(document);
  CHECK(read.diagnostics.empty());
  return read.plan;
}

Bands BandsFrom(absl::string_view yaml) {
  const CompiledPlan compiled =
      payfold::CompilePlanDocument(PlanWith(absl::StrCat("payout: {bands: ", yaml, "}")), nullptr);
  if (!compiled.program.has_value()) std::fputs(Lines(compiled.diagnostics).c_str(), stderr);
  CHECK(compiled.program.has_value());
  return compiled.program->components[0].payout.bands;
}

std::string Lines(const std::vector<PlanDiagnostic>& diagnostics) {
  std::string text;
  for (const PlanDiagnostic& d : diagnostics) {
    absl::StrAppend(&text, d.severity == PlanDiagnostic::Severity::kError ? "error " : "warning ",
                    d.line, ":", d.column, " ", d.field, ": ", d.message, "\n");
  }
  return text;
}

std::string Amounts(const std::vector<BandPay>& pays) {
  return absl::StrJoin(pays, "|", [](std::string* out, const BandPay& pay) {
    absl::StrAppend(out, pay.band, ":", pay.amount.ToString());
  });
}

Rational Total(const std::vector<BandPay>& pays) {
  Rational total;
  for (const BandPay& pay : pays) total += pay.amount;
  return total;
}

namespace {

std::string DumpConditions(const std::vector<Condition>& conditions) {
  std::string text = "[";
  for (const Condition& c : conditions) {
    absl::StrAppend(&text, "(", static_cast<int>(c.test), " ", c.attribute, " ",
                    absl::StrJoin(c.values, ","), " ", c.bound.ToString());
    for (const std::vector<Condition>& list : c.any) text += DumpConditions(list);
    text += ")";
  }
  return text + "]";
}

std::string DumpMeasure(const std::optional<Measure>& measure) {
  if (!measure.has_value()) return "none";
  return absl::StrCat(static_cast<int>(measure->value), "/", static_cast<int>(measure->scope),
                      DumpConditions(measure->where));
}

std::string DumpTarget(const std::optional<Target>& target) {
  if (!target.has_value()) return "none";
  return absl::StrCat(static_cast<int>(target->kind), "/", target->fixed.ToString(), "/",
                      target->metric);
}

std::string DumpNumber(const std::optional<Rational>& number) {
  return number.has_value() ? number->ToString() : "none";
}

std::string DumpBands(const Bands& bands) {
  std::string text = absl::StrCat(static_cast<int>(bands.basis), "/", static_cast<int>(bands.mode),
                                  "/", bands.from.ToString(), "/", bands.from_excluded, "/",
                                  DumpMeasure(bands.by_measure), "/", DumpTarget(bands.by_target));
  for (const Band& b : bands.bands) {
    absl::StrAppend(&text, " {", DumpNumber(b.upto), " ", b.includes_upto, " ",
                    static_cast<int>(b.pay), " ", b.value.ToString(), " ", b.retroactive, "}");
  }
  return text;
}

std::string DumpPayout(const Payout& payout) {
  return absl::StrCat(static_cast<int>(payout.kind), " ", payout.value.ToString(), " ",
                      DumpBands(payout.bands), " ", DumpNumber(payout.per_deal.rate), " ",
                      DumpBands(payout.per_deal.bands), " ", DumpNumber(payout.per_deal.min_amount),
                      " ", DumpNumber(payout.per_deal.cap));
}

std::string DumpComponent(const Component& c) {
  std::string text = absl::StrCat(
      c.component_id, "|", c.display_name, "|", DumpMeasure(c.measure), "|", DumpTarget(c.target),
      "|", DumpPayout(c.payout), "|", c.weight.ToString(), "|", c.running, "|",
      c.period.has_value() ? static_cast<int>(*c.period) : -1, "|",
      c.window.has_value() ? c.window->first().ToString() + c.window->last().ToString() : "");
  for (const auto& entry : c.target_weights) {
    absl::StrAppend(&text, " ", entry.first, "=", entry.second.ToString());
  }
  return text;
}

}  // namespace

std::string Dump(const Program& p) {
  std::string text =
      absl::StrCat(p.plan_id, "|", p.display_name, "|", p.currency.code(), "|", p.start.ToString(),
                   "|", p.end.days(), "|", static_cast<int>(p.rounding), "\n");
  for (const auto* list : {&p.eligibility.roles, &p.eligibility.teams, &p.eligibility.territories,
                           &p.eligibility.participants}) {
    absl::StrAppend(&text, absl::StrJoin(*list, ","), ";");
  }
  for (const auto& entry : p.eligibility.attributes) {
    absl::StrAppend(&text, entry.first, "=", absl::StrJoin(entry.second, ","), ";");
  }
  for (const Component& component : p.components) {
    absl::StrAppend(&text, "\n", DumpComponent(component));
  }
  return text;
}

}  // namespace payfold_testing
