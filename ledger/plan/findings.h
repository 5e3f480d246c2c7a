// What is wrong with a plan, as the compiler collects it. Internal to this folder.

#ifndef LEDGER_PLAN_FINDINGS_H_
#define LEDGER_PLAN_FINDINGS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "ledger/money/rational.h"
#include "ledger/plan/compile.h"

namespace payfold {

// Collects diagnostics, and reads the texts of numbers and identifiers with them.
class Findings {
 public:
  void Error(absl::string_view field, absl::string_view message) {
    Add(PlanDiagnostic::Severity::kError, field, message);
    has_errors_ = true;
  }
  void Warning(absl::string_view field, absl::string_view message) {
    Add(PlanDiagnostic::Severity::kWarning, field, message);
  }
  bool has_errors() const { return has_errors_; }
  std::vector<PlanDiagnostic> Take() { return std::move(diagnostics_); }

  // The number that `text` states, or none and an error at `field`.
  std::optional<Rational> ReadDecimal(absl::string_view text, absl::string_view field);
  // The same where a percentage may be meant, "5%" or "0.05".
  std::optional<Rational> ReadShare(absl::string_view text, absl::string_view field);
  // A decimal that is not negative; an error else, but still the number.
  std::optional<Rational> ReadAmount(absl::string_view text, absl::string_view field);
  // A share from 0 to 1; an error else, but still the number.
  std::optional<Rational> ReadFraction(absl::string_view text, absl::string_view field);

  // An error unless `id` has 1 to 128 of A-Z a-z 0-9 . _ ~ @ : -, the first a
  // letter or digit.
  void CheckId(absl::string_view id, absl::string_view field);
  // An error if there are more than 200 characters.
  void CheckDisplayName(absl::string_view name, absl::string_view field);

 private:
  void Add(PlanDiagnostic::Severity severity, absl::string_view field, absl::string_view message);

  std::vector<PlanDiagnostic> diagnostics_;
  bool has_errors_ = false;
};

// "components" and 3: "components[3]".
std::string Element(absl::string_view field, int index);
// "components[3]" and "payout": "components[3].payout"; "" and "payout": "payout".
std::string Child(absl::string_view field, absl::string_view name);
// "attributes" and "region": "attributes[region]".
std::string Entry(absl::string_view field, absl::string_view key);

}  // namespace payfold

#endif  // LEDGER_PLAN_FINDINGS_H_
