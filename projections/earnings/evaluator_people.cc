// Who is around whom: scopes, populations, rankings for eligibility.
//
// Source: specification, calculation 3 (rank_band), 5 (scopes) and 6 (population).

#include <algorithm>
#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"

namespace payfold {

std::shared_ptr<const Members> Evaluator::MembersInScope(uint32_t participant, Scope scope) {
  std::shared_ptr<const Members>& members = members_[{participant, scope}];
  if (members == nullptr) {
    members = std::make_shared<const Members>(MembersOf(*reference().org, participant, scope));
  }
  return members;
}

std::shared_ptr<const DaySet> Evaluator::InPlan(uint32_t participant, const PlanHistory& history) {
  std::shared_ptr<const DaySet>& days = in_plan_[{participant, &history}];
  if (days != nullptr) return days;
  // Whoever asks again while ranks are being read is in no plan yet: a rank that
  // depends on its own plan has no beginning.
  days = std::make_shared<const DaySet>();
  const RankTest in_band = [this](const PublishedVersion& version, uint32_t who, Date d) {
    const absl::StatusOr<bool> in = IsInRankBand(version, who, d);
    return in.ok() && *in;
  };
  auto found = std::make_shared<const DaySet>(DaysInPlan(
      *reference().org, history, participant, reference().calendar(), Horizon(), in_band));
  return in_plan_[{participant, &history}] = std::move(found);
}

absl::StatusOr<bool> Evaluator::IsInRankBand(const PublishedVersion& version, uint32_t participant,
                                             Date d) {
  const RankBand& band = *version.program.eligibility.rank_band;
  const Calendar calendar = reference().calendar();
  const Period previous = calendar.Previous(calendar.Containing(band.period, d));
  const auto [at, added] = rankings_.try_emplace({&version, previous});
  std::map<uint32_t, int>& ranks = at->second;
  if (added) {
    const Org& org = *reference().org;
    std::vector<std::pair<Rational, uint32_t>> ranked;
    for (uint32_t p = 0; p < org.size(); ++p) {
      const ParticipantState* state = org.StateOn(p, previous.last());
      if (state == nullptr || state->status != ParticipantState::Status::kActive ||
          !MatchesLists(version.program.eligibility, org, p, *state)) {
        continue;
      }
      Taking taking(DealTerms(version.program.currency, version.program.rounding));
      taking.version = &version;
      ASSIGN_OR_RETURN(const Taken taken, Take(TakingIn(taking, p, previous, true), band.measure));
      std::optional<Rational> value = ValueAt(taken, {previous.last()}, version.program.currency);
      if (value.has_value()) ranked.emplace_back(*std::move(value), p);
    }
    std::sort(ranked.begin(), ranked.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : org.Id(a.second) < org.Id(b.second);
    });
    for (size_t i = 0; i < ranked.size(); ++i) ranks[ranked[i].second] = static_cast<int>(i) + 1;
  }
  const auto rank = ranks.find(participant);
  if (rank == ranks.end()) return false;
  const Rational percent =
      Rational::Of(absl::int128(100) * rank->second, static_cast<int64_t>(ranks.size()));
  return band.from_pct < percent && percent <= band.to_pct;
}

std::vector<uint32_t> Evaluator::PeopleInPlan(const Taking& taking, Scope around, Date day) {
  std::vector<uint32_t> people;
  const std::shared_ptr<const Members> members = MembersInScope(taking.participant, around);
  for (const auto& [member, membership] : *members) {
    if (membership.Contains(day) && InPlan(member, *taking.history)->Contains(day)) {
      people.push_back(member);
    }
  }
  return people;
}

}  // namespace payfold
