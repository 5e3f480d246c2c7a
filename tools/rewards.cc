#include "tools/rewards.h"

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/output.h"
#include "tools/session.h"

namespace payfold {

absl::Status ShowRewards(const GlobalOptions& global, const RewardsOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListRewardsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
  request.set_participant_id(options.participant);
  request.set_period(options.period);
  request.set_plan_id(options.plan);
  ASSIGN_OR_RETURN(const v1::ListRewardsResponse response,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListRewards,
                                    request, &v1::ListRewardsResponse::mutable_rewards));
  Table table({{"participant"},
               {"period"},
               {"plan"},
               {"component"},
               {"kind"},
               {"name"},
               {"units", Align::kRight}});
  for (const v1::EarnedReward& row : response.rewards()) {
    table.Add({row.participant_id(), row.period(), row.plan_id(), row.component_id(),
               absl::AsciiStrToLower(v1::RewardUnits::Kind_Name(row.reward().kind())),
               row.reward().name(), absl::StrCat(row.reward().units())});
  }
  PrintRows(global.format, response, table, "nobody has points, badges or items",
            CoordinatesText(response.at()));
  return absl::OkStatus();
}

}  // namespace payfold
