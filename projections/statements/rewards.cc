// Rewards: points, badges and items that lines gave.

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/explanation.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// Payout period, plan, component, kind and name.
using RewardKey = std::tuple<Period, std::string, std::string, int, std::string>;

absl::Status AddLine(const Evaluator& evaluator, const EarnedLine& line,
                     std::map<RewardKey, v1::EarnedReward>* rewards) {
  const v1::Line proto = LineProto(evaluator, line);
  const auto [at, added] =
      rewards->try_emplace(RewardKey(line.payout_period, proto.plan_id(), proto.component_id(),
                                     proto.reward().kind(), proto.reward().name()));
  v1::EarnedReward& reward = at->second;
  if (added) {
    reward.set_participant_id(proto.participant_id());
    reward.set_period(proto.payout_period());
    reward.set_plan_id(proto.plan_id());
    reward.set_component_id(proto.component_id());
    reward.set_display_name(line.group->component->display_name);
    *reward.mutable_reward() = proto.reward();
    return absl::OkStatus();
  }
  int64_t units = reward.reward().units();
  RETURN_IF_ERROR(AddMinorUnits(proto.reward().units(), &units));
  reward.mutable_reward()->set_units(units);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::EarnedReward>> ListRewards(const FactsView& view,
                                                          const RewardFilter& filter) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, filter.participant_id));
  ASSIGN_OR_RETURN(const std::optional<Period> dated_in, ParsePeriodIfGiven(view, filter.period));
  Evaluator evaluator(view);
  std::vector<v1::EarnedReward> all;
  for (uint32_t participant : participants) {
    std::map<RewardKey, v1::EarnedReward> rewards;
    ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines,
                     LinesDatedIn(&evaluator, participant, dated_in));
    for (const EarnedLine& line : lines) {
      const bool wanted = filter.plan_id.empty() || filter.plan_id == line.program().plan_id;
      if (line.is_money() || !wanted || line.amount == 0) continue;
      RETURN_IF_ERROR(AddLine(evaluator, line, &rewards));
    }
    for (auto& [key, reward] : rewards) all.push_back(std::move(reward));
  }
  return all;
}

}  // namespace payfold
