// Which part of what a replay changes is looked at.

#ifndef PROJECTIONS_REPLAY_SCOPE_H_
#define PROJECTIONS_REPLAY_SCOPE_H_

#include <cstdint>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// Whose pay is compared, and for which payout periods.
struct ComparedScope {
  Date first = Date::Min();  // Payout periods that end before it are left out,
  Date last = Date::Max();   // and those that begin after it.
  std::optional<std::set<uint32_t>> participants;  // None: everybody.

  bool Holds(uint32_t participant) const {
    return !participants.has_value() || participants->count(participant) != 0;
  }
  bool Holds(const Period& period) const {
    return first <= period.last() && period.first() <= last;
  }
};

// The labels of a scope on a fork's facts. Errors: kNotFound for a participant that
// nobody has heard of; kInvalidArgument for labels that are no payout periods, or in
// the wrong order. `scope.` names the field.
absl::StatusOr<ComparedScope> ReadScope(const FactsView& view, const v1::ReplayScope& scope);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_SCOPE_H_
