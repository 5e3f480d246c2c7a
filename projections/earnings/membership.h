// Who is in a plan, and whose facts a scope takes in, on which days.
//
// Source: specification, calculation 3 ("in the plan") and 5 (scopes).

#ifndef PROJECTIONS_EARNINGS_MEMBERSHIP_H_
#define PROJECTIONS_EARNINGS_MEMBERSHIP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/calendar/period.h"
#include "ledger/plan/program.h"
#include "projections/earnings/day_set.h"
#include "projections/facts/org.h"
#include "projections/facts/plan_history.h"

namespace payfold {

// Whether the lists of an eligibility, all but its band of ranks, match a
// participant in that state.
bool MatchesLists(const Eligibility& eligibility, const Org& org, uint32_t participant,
                  const ParticipantState& state);

// Whether a participant's rank on a day is in the band of a version that has one.
using RankTest = std::function<bool(const PublishedVersion& version, uint32_t participant, Date d)>;

// The days on which the participant is in the plan: ACTIVE, not excluded, and
// matched by the version in force or assigned. Ranks are read up to the period
// after `horizon`, and hold on from there.
DaySet DaysInPlan(const Org& org, const PlanHistory& history, uint32_t participant,
                  const Calendar& calendar, Date horizon, const RankTest& in_band);

// Why a participant is not in the plan on a day; empty if they are.
std::string WhyNotInPlan(const Org& org, const PlanHistory& history, uint32_t participant, Date d);

// Members of a participant's scope, each with the days of their membership.
// OWN: the participant; COMPANY: everybody from their first state on.
std::vector<std::pair<uint32_t, DaySet>> MembersOf(const Org& org, uint32_t participant,
                                                   Scope scope);

// The scope of a measure's facts; COMPANY where its parts have several.
Scope WidestScope(const Measure& measure);

// Everybody who has that text in a field of their state (team, territory), with the
// days on which they do.
std::vector<std::pair<uint32_t, DaySet>> MembersNamed(const Org& org,
                                                      std::string ParticipantState::*field,
                                                      const std::string& name);

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_MEMBERSHIP_H_
