#include "projections/earnings/targets.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

const Quota* FindQuota(const Reference& reference, const std::string& metric,
                       const std::string& participant_id, const std::string& team,
                       const std::string& label) {
  for (const std::string* subject : {&participant_id, &team}) {
    if (subject->empty()) continue;
    auto at = reference.quotas->find({metric, *subject, label});
    if (at != reference.quotas->end()) return &at->second;
  }
  auto at = reference.quotas->find({metric, "*", label});
  return at == reference.quotas->end() ? nullptr : &at->second;
}

void Append(const std::vector<uint64_t>& from, std::vector<uint64_t>* to) {
  for (uint64_t position : from) {
    if (std::find(to->begin(), to->end(), position) == to->end()) to->push_back(position);
  }
}

// Cuts `days` where something of the participant changes.
std::vector<Days> Pieces(const DaySet& days, std::vector<Date> changes) {
  std::sort(changes.begin(), changes.end());
  std::vector<Days> pieces;
  for (const Days& run : days.runs()) {
    Date first = run.first;
    for (Date change : changes) {
      if (change <= first || run.last < change) continue;
      pieces.push_back({first, change - 1});
      first = change;
    }
    pieces.push_back({first, run.last});
  }
  return pieces;
}

// The period's label without its year: "Q1" of 2025-Q1, "03" of 2025-03.
std::string LabelWithoutYear(const std::string& label) {
  const size_t dash = label.find('-');
  return dash == std::string::npos ? label : label.substr(dash + 1);
}

// What part of an annual target incentive belongs to the period.
Rational PartOfYear(const Calendar& calendar, const Component& component, const Period& period) {
  if (!component.target_weights.empty()) {
    auto at = component.target_weights.find(LabelWithoutYear(calendar.Label(period)));
    return at == component.target_weights.end() ? Rational(0) : at->second;
  }
  switch (period.kind()) {
    case PeriodKind::kHalfMonth:
      return Rational::Of(1, 24);
    case PeriodKind::kMonth:
      return Rational::Of(1, 12);
    case PeriodKind::kQuarter:
      return Rational::Of(1, 4);
    case PeriodKind::kHalf:
      return Rational::Of(1, 2);
    case PeriodKind::kYear:
      return Rational(1);
    default:
      return Rational::Of(period.days(), calendar.FiscalYearOf(period).days());
  }
}

}  // namespace

DaySet DaysThatCount(const DaySet& in_plan, Days measured) {
  DaySet days = in_plan & measured;
  if (!days.empty()) return days;
  const std::optional<Date> last = in_plan.LastBefore(measured.first);
  if (last.has_value()) days.Add({*last, *last});
  return days;
}

std::optional<Sourced> LookUpQuota(const Reference& reference, const std::string& metric,
                                   const std::string& participant_id, const std::string& team,
                                   const Period& period) {
  const Calendar calendar = reference.calendar();
  const Quota* exact = FindQuota(reference, metric, participant_id, team, calendar.Label(period));
  if (exact != nullptr) return Sourced{Rational(exact->value), {exact->position}};
  for (PeriodKind kind : {PeriodKind::kYear, PeriodKind::kHalf, PeriodKind::kQuarter,
                          PeriodKind::kMonth, PeriodKind::kHalfMonth, PeriodKind::kDay}) {
    if (period.kind() != PeriodKind::kWindow && !(kind < period.kind())) continue;
    const std::vector<Period> tiles = calendar.Tiles(period, kind);
    Sourced sum;
    bool throughout = !tiles.empty();
    for (const Period& tile : tiles) {
      const Quota* part = FindQuota(reference, metric, participant_id, team, calendar.Label(tile));
      throughout = part != nullptr;
      if (!throughout) break;
      sum.value += Rational(part->value);
      sum.positions.push_back(part->position);
    }
    if (throughout) return sum;
  }
  return std::nullopt;
}

std::optional<Sourced> QuotaOf(const Reference& reference, const std::string& metric,
                               uint32_t participant, const Period& period, const DaySet& days) {
  const Org& org = *reference.org;
  std::vector<Date> changes;
  for (const ParticipantState& state : org.States(participant)) changes.push_back(state.from);
  const std::vector<Days> pieces = Pieces(days, std::move(changes));
  Sourced sum;
  for (const Days& piece : pieces) {
    const ParticipantState* state = org.StateOn(participant, piece.first);
    const std::string team = state == nullptr ? "" : state->team;
    std::optional<Sourced> quota =
        LookUpQuota(reference, metric, org.Id(participant), team, period);
    if (!quota.has_value()) return std::nullopt;
    Append(quota->positions, &sum.positions);
    sum.value += quota->value * Rational(piece.count());
  }
  if (pieces.empty()) return std::nullopt;
  sum.value /= Rational(absl::int128(days.count()));
  return sum;
}

Sourced TargetIncentiveOf(const Reference& reference, const PlanHistory& history,
                          const Component& component, Currency currency, uint32_t participant,
                          const Period& period, const DaySet& days) {
  Sourced sum;
  if (days.empty()) return sum;
  std::vector<Date> changes;
  for (const Assignment& assignment : history.Assignments(participant)) {
    changes.push_back(assignment.from);
    if (assignment.to < Date::Max()) changes.push_back(assignment.to + 1);
  }
  for (const Days& piece : Pieces(days, std::move(changes))) {
    const Assignment* assignment = history.AssignmentOn(participant, piece.first);
    if (assignment == nullptr || !assignment->target_incentive.has_value() ||
        assignment->currency != currency.code()) {
      continue;
    }
    Append({assignment->position}, &sum.positions);
    sum.value += Rational(*assignment->target_incentive) * Rational(piece.count());
  }
  sum.value = sum.value / Rational(absl::int128(days.count())) *
              PartOfYear(reference.calendar(), component, period) * component.weight;
  return sum;
}

}  // namespace payfold
