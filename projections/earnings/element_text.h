// What an element of a group computes, in words made from its numbers.
//
// Source: specification, calculation 11.

#ifndef PROJECTIONS_EARNINGS_ELEMENT_TEXT_H_
#define PROJECTIONS_EARNINGS_ELEMENT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "ledger/money/currency.h"
#include "projections/earnings/earned_line.h"
#include "projections/earnings/elements.h"

namespace payfold {

// "5%", from 0.05.
std::string RateText(const Rational& rate);
// Minor units, rounded for people; never used to calculate.
std::string MinorText(const Rational& minor, Currency currency);
// A number of the measure: "12,345.00" for money, "12" else; `value` in minor units
// for money.
std::string MeasureNumber(const Rational& value, const Measure& measure, Currency currency);
// An amount of what the group pays: "12,345.00" of money, "3" of rewards.
std::string AmountText(const Group& group, int64_t amount);

// An attainment for people: "83.25%"; "99.999983333%" rather than "100%".
std::string AttainmentText(const Rational& attainment);
// The element by its name: "band 2", "the award for rank 3".
std::string ElementName(absl::string_view element);

// "7% × 12,345.00 above 75,000.00 (band 2 of 2)", as it stands at `cut`.
std::string ElementText(const Group& group, const Element& element, const Cut& cut);

// What the component's payout looks at, at `cut`: "12,345.00", "83.25% of target
// 80,000.00", "undefined"; empty without a measure.
std::string StandingText(const Group& group, const Cut& cut);

// What gates and multipliers do to the elements: " × 50% (gate 1 does not hold)";
// empty if nothing.
std::string ModificationText(const Group& group, const Cut& cut);

// For lines that are no element of a payout: carry, floor, excess, forfeited.
std::string ModifierLineText(const Group& group, const EarnedLine& line);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_ELEMENT_TEXT_H_
