#include "projections/replay/scope.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

absl::StatusOr<Date> ReadEdge(const FactsView& view, const std::string& label,
                              absl::string_view field, bool first, Date open) {
  if (label.empty()) return open;
  const absl::StatusOr<Period> period = ParsePayoutPeriodLabel(view, label);
  if (!period.ok()) {
    return absl::Status(period.status().code(),
                        absl::StrCat("scope.", field, ": ", period.status().message()));
  }
  return first ? period->first() : period->last();
}

}  // namespace

absl::StatusOr<ComparedScope> ReadScope(const FactsView& view, const v1::ReplayScope& scope) {
  ComparedScope read;
  ASSIGN_OR_RETURN(read.first,
                   ReadEdge(view, scope.first_period(), "first_period", true, Date::Min()));
  ASSIGN_OR_RETURN(read.last,
                   ReadEdge(view, scope.last_period(), "last_period", false, Date::Max()));
  if (read.last < read.first) {
    return absl::InvalidArgumentError(
        absl::StrCat("scope.last_period: ", Quote(scope.last_period()), " is before first_period, ",
                     Quote(scope.first_period())));
  }
  if (scope.participant_ids().empty()) return read;
  read.participants.emplace();
  for (const std::string& id : scope.participant_ids()) {
    const absl::StatusOr<uint32_t> participant = FindParticipant(view, id);
    if (!participant.ok()) {
      return absl::Status(participant.status().code(),
                          absl::StrCat("scope.participant_ids: ", participant.status().message()));
    }
    read.participants->insert(*participant);
  }
  return read;
}

}  // namespace payfold
