// Who is in a plan, and whose facts a scope takes in, on which days.
//
// Source: specification, calculation 3 ("in the plan") and 5 (scopes).

#ifndef PROJECTIONS_EARNINGS_MEMBERSHIP_H_
#define PROJECTIONS_EARNINGS_MEMBERSHIP_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/facts/org.h"
#include "projections/facts/plan_history.h"

namespace payfold {

// Whether the eligibility of a version matches a participant in that state.
bool IsEligible(const Eligibility& eligibility, const Org& org, uint32_t participant,
                const ParticipantState& state);

// The days on which the participant is in the plan: ACTIVE, not excluded, and
// matched by the version in force or assigned.
DaySet DaysInPlan(const Org& org, const PlanHistory& history, uint32_t participant);

// Why a participant is not in the plan on a day; empty if they are.
std::string WhyNotInPlan(const Org& org, const PlanHistory& history, uint32_t participant, Date d);

// Members of a participant's scope, each with the days of their membership.
// OWN: the participant; COMPANY: everybody from their first state on.
std::vector<std::pair<uint32_t, DaySet>> MembersOf(const Org& org, uint32_t participant,
                                                   Scope scope);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_MEMBERSHIP_H_
