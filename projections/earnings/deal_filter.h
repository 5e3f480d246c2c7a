// Whether a deal matches the conditions of a measure.
//
// Source: specification, calculation 5 (where): equality is of text; a missing
// attribute never matches, except none_of.

#ifndef PROJECTIONS_EARNINGS_DEAL_FILTER_H_
#define PROJECTIONS_EARNINGS_DEAL_FILTER_H_

#include <string>
#include <vector>

#include "ledger/plan/program.h"
#include "projections/facts/resolve_deal.h"

namespace payfold {

bool MatchesAll(const std::vector<Condition>& conditions, const Deal& deal);

// The first condition that leaves the deal out, in words: "source is import, not
// crm"; empty if it matches.
std::string WhyLeftOut(const std::vector<Condition>& conditions, const Deal& deal);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_DEAL_FILTER_H_
