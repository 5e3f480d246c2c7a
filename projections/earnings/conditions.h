// Whether a fact matches the conditions of a measure.
//
// Source: specification, calculation 5 (where): equality is of text; a missing
// attribute never matches, except none_of.

#ifndef PROJECTIONS_EARNINGS_CONDITIONS_H_
#define PROJECTIONS_EARNINGS_CONDITIONS_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "ledger/plan/measure.h"
#include "projections/facts/metrics.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

// A fact's attribute by name; null if missing. `scratch` holds texts that are made.
using AttributeOf =
    absl::FunctionRef<const std::string*(absl::string_view name, std::string* scratch)>;

bool MatchesAll(const std::vector<Condition>& conditions, AttributeOf attribute);
bool MatchesAll(const std::vector<Condition>& conditions, const Deal& deal);
bool MatchesAll(const std::vector<Condition>& conditions, const MetricFact& metric);

// The first condition that leaves the deal out, in words: "source is import, not
// crm"; empty if it matches.
std::string WhyLeftOut(const std::vector<Condition>& conditions, const Deal& deal);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_CONDITIONS_H_
