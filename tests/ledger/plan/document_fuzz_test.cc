// Random changes of a valid document: each ends in a program or in diagnostics
// that point into the document, never in a crash.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "ledger/plan/document.h"
#include "ledger/plan/prose.h"
#include "tests/ledger/plan/plan_testing.h"

namespace payfold {
namespace {

constexpr uint64_t kSeed = 20250330;

constexpr char kValid[] = R"(plan_id: ae-2025
display_name: Account executives
currency: USD
effective: {start: 2025-01-01, end: 2025-12-31}
rounding: HALF_EVEN
eligibility: {roles: [AE], attributes: {region: [EMEA]}}
components:
  - component_id: commission
    period: QUARTER
    measure:
      deals: {value: AMOUNT, where: [{any: [[{attribute: product, any_of: [A, B]}]]}]}
    target: {quota: bookings}
    weight: 100%
    target_weights: {Q1: 20%, Q2: 25%, Q3: 25%, Q4: 30%}
    payout:
      bands:
        basis: ATTAINMENT
        bands:
          - {upto: 50%, fixed: 100}
          - {upto: 100%, rate: 5%, includes_upto: true}
          - {multiple: 1.5, retroactive: true}
  - component_id: deals
    measure: {deals: {}}
    window: 2025-04-01..2025-06-30
    payout: {per_deal: {rate: 1%, min_amount: 1000, cap: 500}}
)";

constexpr const char* kPieces[] = {
    "{",    "}",   "[",   "]",  ":",    ": ",  ",", "- ", "\n", "  ", "*a",
    "&a ",  "%",   "!x ", "~",  "'",    "\"",  "|", ">",  "#",  "\t", "COUNT_DISTINCT(x)",
    "null", "1e9", "-0",  "\\", "<<: ", "\xC3"};

class Mutator {
 public:
  std::string Mutate(std::string text) {
    const size_t changes = 1 + Below(4);
    for (size_t i = 0; i < changes; ++i) text = Change(std::move(text));
    return text;
  }

 private:
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }

  std::string Change(std::string text) {
    if (text.empty()) return text;
    const size_t at = Below(text.size());
    switch (Below(5)) {
      case 0:
        text[at] = static_cast<char>(random_() % 256);
        return text;
      case 1:
        return text.erase(at, 1 + Below(12));
      case 2:
        return text.insert(at, kPieces[Below(std::size(kPieces))]);
      case 3:
        return text.insert(at, text.substr(Below(text.size()), Below(40)));
      default:
        return SwapLines(text);
    }
  }

  std::string SwapLines(const std::string& text) {
    std::vector<std::string> lines = absl::StrSplit(text, '\n');
    std::swap(lines[Below(lines.size())], lines[Below(lines.size())]);
    return absl::StrJoin(lines, "\n");
  }

  std::mt19937_64 random_{kSeed};
};

TEST(DocumentFuzzTest, ChangedDocumentsCompileOrSayWhyNot) {
  ASSERT_TRUE(CompilePlanDocument(kValid, nullptr).program.has_value());
  Mutator mutator;
  int compiled_count = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const std::string document = mutator.Mutate(kValid);
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " trial ", trial, "\n", document));
    const CompiledPlan compiled = CompilePlanDocument(document, nullptr);
    const int lines = static_cast<int>(std::count(document.begin(), document.end(), '\n')) + 1;
    bool has_error = false;
    for (const PlanDiagnostic& d : compiled.diagnostics) {
      has_error |= d.severity == PlanDiagnostic::Severity::kError;
      ASSERT_GE(d.line, 1) << d.field << ": " << d.message;
      // A parser may stop at the end of the last line.
      ASSERT_LE(d.line, lines + 1) << d.field << ": " << d.message;
    }
    ASSERT_EQ(compiled.program.has_value(), !has_error);
    if (!compiled.program.has_value()) continue;
    ++compiled_count;
    ASSERT_FALSE(PlanProse(*compiled.program).empty());
  }
  EXPECT_GT(compiled_count, 20);
}

}  // namespace
}  // namespace payfold
