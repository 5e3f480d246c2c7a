#include "projections/earnings/membership.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

constexpr Days kAlways = {Date::Min(), Date::Max()};

bool Matches(const std::vector<std::string>& wanted, const std::string& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

std::vector<Date> StateChanges(const Org& org, uint32_t participant) {
  std::vector<Date> changes;
  for (const ParticipantState& state : org.States(participant)) changes.push_back(state.from);
  return changes;
}

// Days on which both have the same, not empty, value of a field.
DaySet DaysTogether(const Org& org, uint32_t a, uint32_t b, std::string ParticipantState::*field) {
  std::vector<Date> changes = StateChanges(org, a);
  const std::vector<Date> others = StateChanges(org, b);
  changes.insert(changes.end(), others.begin(), others.end());
  return DaysOn(std::move(changes), [&](Date d) {
    const ParticipantState* state_a = org.StateOn(a, d);
    const ParticipantState* state_b = org.StateOn(b, d);
    return state_a != nullptr && state_b != nullptr && !(state_a->*field).empty() &&
           state_a->*field == state_b->*field;
  });
}

// Days of `held` on which `below` reports to `above`, over at most `levels`.
DaySet DaysBelow(const Org& org, uint32_t below, uint32_t above, Days held, uint32_t levels) {
  DaySet days;
  if (levels == 0) return days;
  const std::vector<ParticipantState>& states = org.States(below);
  for (size_t i = 0; i < states.size(); ++i) {
    const Date last = i + 1 < states.size() ? states[i + 1].from - 1 : Date::Max();
    const Days there = held & Days{states[i].from, last};
    if (there.empty() || states[i].manager == kNobody) continue;
    const DaySet reporting = states[i].manager == above
                                 ? DaySet(there)
                                 : DaysBelow(org, states[i].manager, above, there, levels - 1);
    for (const Days& run : reporting.runs()) days.Add(run);
  }
  return days;
}

DaySet DaysWithState(const Org& org, uint32_t participant) {
  const std::vector<ParticipantState>& states = org.States(participant);
  return states.empty() ? DaySet() : DaySet({states.front().from, Date::Max()});
}

DaySet DaysInScope(const Org& org, uint32_t participant, uint32_t member, Scope scope) {
  // Deeper reporting lines than this are cycles.
  constexpr uint32_t kLevels = 100;
  switch (scope) {
    case Scope::kOwn:
      return member == participant ? DaySet(kAlways) : DaySet();
    case Scope::kCompany:
      return DaysWithState(org, member);
    case Scope::kTeam:
      return DaysTogether(org, participant, member, &ParticipantState::team);
    case Scope::kTerritory:
      return DaysTogether(org, participant, member, &ParticipantState::territory);
    case Scope::kReports:
      return member == participant ? DaySet()
                                   : DaysBelow(org, member, participant, kAlways, kLevels);
    case Scope::kReportsAndSelf:
      return member == participant ? DaysWithState(org, member)
                                   : DaysBelow(org, member, participant, kAlways, kLevels);
  }
  return DaySet();
}

bool IsInPlan(const Org& org, const PlanHistory& history, uint32_t participant, Date d,
              const RankTest& in_band) {
  const ParticipantState* state = org.StateOn(participant, d);
  if (state == nullptr || state->status != ParticipantState::Status::kActive) return false;
  const PublishedVersion* version = history.InForce(d);
  if (version == nullptr) return false;
  const Assignment* assignment = history.AssignmentOn(participant, d);
  if (assignment != nullptr) return !assignment->excluded;
  const Eligibility& eligibility = version->program.eligibility;
  if (eligibility.is_empty() || !MatchesLists(eligibility, org, participant, *state)) return false;
  return !eligibility.rank_band.has_value() || in_band(*version, participant, d);
}

// Days on which ranks change: the starts of the periods that they are of.
void AddRankChanges(const VersionRun& run, const Calendar& calendar, Date horizon,
                    std::vector<Date>* changes) {
  const std::optional<RankBand>& band = run.version->program.eligibility.rank_band;
  if (!band.has_value()) return;
  // The first period after the last fact still has ranks of its own.
  Period period = calendar.Containing(band->period, run.first);
  for (int after = 0; period.first() <= run.last && after < 2; period = calendar.Next(period)) {
    changes->push_back(std::max(period.first(), run.first));
    if (horizon < period.first()) ++after;
  }
}

}  // namespace

bool MatchesLists(const Eligibility& eligibility, const Org& org, uint32_t participant,
                  const ParticipantState& state) {
  if (!Matches(eligibility.roles, state.role) || !Matches(eligibility.teams, state.team) ||
      !Matches(eligibility.territories, state.territory) ||
      !Matches(eligibility.participants, org.Id(participant))) {
    return false;
  }
  return std::all_of(eligibility.attributes.begin(), eligibility.attributes.end(),
                     [&](const auto& wanted) {
                       auto at = state.attributes.find(wanted.first);
                       return at != state.attributes.end() && Matches(wanted.second, at->second);
                     });
}

DaySet DaysInPlan(const Org& org, const PlanHistory& history, uint32_t participant,
                  const Calendar& calendar, Date horizon, const RankTest& in_band) {
  std::vector<Date> changes = StateChanges(org, participant);
  if (changes.empty()) return DaySet();
  for (const VersionRun& run : history.runs()) {
    changes.push_back(run.first);
    if (run.last < Date::Max()) changes.push_back(run.last + 1);
    AddRankChanges(run, calendar, horizon, &changes);
  }
  for (const Assignment& assignment : history.Assignments(participant)) {
    changes.push_back(assignment.from);
    if (assignment.to < Date::Max()) changes.push_back(assignment.to + 1);
  }
  return DaysOn(std::move(changes),
                [&](Date d) { return IsInPlan(org, history, participant, d, in_band); });
}

std::string WhyNotInPlan(const Org& org, const PlanHistory& history, uint32_t participant, Date d) {
  const std::string on = absl::StrCat(" on ", d.ToString());
  const ParticipantState* state = org.StateOn(participant, d);
  if (state == nullptr) return absl::StrCat("no ParticipantChanged is in effect", on);
  if (state->status == ParticipantState::Status::kLeave) return absl::StrCat("on leave", on);
  if (state->status == ParticipantState::Status::kTerminated) {
    return absl::StrCat("terminated", on);
  }
  const PublishedVersion* version = history.InForce(d);
  if (version == nullptr) return absl::StrCat("no version of the plan is in force", on);
  const Assignment* assignment = history.AssignmentOn(participant, d);
  if (assignment != nullptr) {
    return assignment->excluded ? absl::StrCat("excluded from the plan", on) : std::string();
  }
  const Eligibility& eligibility = version->program.eligibility;
  if (eligibility.is_empty() || !MatchesLists(eligibility, org, participant, *state)) {
    return absl::StrCat("neither eligible for nor assigned to the plan", on);
  }
  return absl::StrCat("not in the plan's band of ranks", on);
}

Scope WidestScope(const Measure& measure) {
  if (measure.parts.empty()) return measure.scope;
  const Scope first = WidestScope(measure.parts.front());
  const bool same = std::all_of(measure.parts.begin(), measure.parts.end(),
                                [&](const Measure& m) { return WidestScope(m) == first; });
  return same ? first : Scope::kCompany;
}

std::vector<std::pair<uint32_t, DaySet>> MembersNamed(const Org& org,
                                                      std::string ParticipantState::*field,
                                                      const std::string& name) {
  std::vector<std::pair<uint32_t, DaySet>> members;
  for (uint32_t member = 0; member < org.size(); ++member) {
    DaySet days = DaysOn(StateChanges(org, member), [&](Date d) {
      const ParticipantState* state = org.StateOn(member, d);
      return state != nullptr && state->*field == name;
    });
    if (!days.empty()) members.emplace_back(member, std::move(days));
  }
  return members;
}

std::vector<std::pair<uint32_t, DaySet>> MembersOf(const Org& org, uint32_t participant,
                                                   Scope scope) {
  std::vector<std::pair<uint32_t, DaySet>> members;
  if (scope == Scope::kOwn) {
    members.emplace_back(participant, DaySet(kAlways));
    return members;
  }
  for (uint32_t member = 0; member < org.size(); ++member) {
    DaySet days = DaysInScope(org, participant, member, scope);
    if (!days.empty()) members.emplace_back(member, std::move(days));
  }
  return members;
}

}  // namespace payfold
