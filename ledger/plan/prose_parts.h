// The parts that PlanProse is made of. Internal to this folder.

#ifndef LEDGER_PLAN_PROSE_PARTS_H_
#define LEDGER_PLAN_PROSE_PARTS_H_

#include <map>
#include <string>

#include "ledger/plan/program.h"

namespace payfold {

// "75,000.5": thousands apart, no more digits than needed.
std::string NumberText(const Rational& value);
// "7.5%".
std::string PercentText(const Rational& value);
// "USD 75,000".
std::string MoneyText(const Rational& major, const Program& program);
// What the component pays so much of: money, "20 points", "the badge rookie".
std::string PayText(const Rational& amount, const Component& component, const Program& program);

// A number held against the measure: an amount, a percentage of a ratio, a number.
std::string InUnitOf(const Measure& measure, const Rational& value, const Program& program);
// An edge: an attainment, or a number in the measure's unit. Null: no measure.
std::string EdgeText(const Rational& edge, bool is_attainment, const Measure* measure,
                     const Program& program);

// "the team"; of OWN "oneself".
std::string PeopleText(Scope scope);
// "quarter", "weeks".
std::string PeriodNoun(PeriodKind kind, bool plural);
// "A 6%, B 7%, others 5%", the numbers by `text`.
std::string TableText(const LookupTable& table, std::string (*text)(const Rational&));

// "the quota of bookings".
std::string TargetText(const Target& target, const Measure& measure, const Program& program);
// What is compared: the measure, or its attainment "of A against B".
std::string HeldText(const Measure& measure, const Target* target, const Program& program);

// "5% of that."
std::string PayoutText(const Component& component, const Program& program);
// The paragraph of a component.
std::string ComponentText(const Component& component, const Program& program);

}  // namespace payfold

#endif  // LEDGER_PLAN_PROSE_PARTS_H_
