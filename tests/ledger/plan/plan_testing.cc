#include "tests/ledger/plan/plan_testing.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "ledger/base/check.h"
#include "ledger/plan/document.h"

namespace payfold_testing {

using ::payfold::BandPay;
using ::payfold::Bands;
using ::payfold::CompiledPlan;
using ::payfold::PlanDiagnostic;
using ::payfold::Rational;

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

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  CHECK(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

std::string ReadTestFile(const std::string& name) {
  return ReadFile(absl::StrCat(PAYFOLD_PLAN_TESTS, "/", name));
}

std::string ReadPlanPage(const std::string& name) {
  return ReadFile(absl::StrCat(PAYFOLD_PLAN_SOURCES, "/", name));
}

}  // namespace payfold_testing
