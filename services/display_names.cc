#include "services/display_names.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/facts/org.h"

namespace payfold {

absl::StatusOr<std::string> DisplayName(const QueryView& view, absl::string_view participant_id) {
  const Org& org = *view.facts->reference().org;
  const std::optional<uint32_t> participant = org.Find(participant_id);
  if (!participant.has_value()) return std::string();
  const std::vector<ParticipantState>& states = org.States(*participant);
  if (states.empty()) return std::string();
  const Ledger& ledger = *view.open->ledger;
  EventStorage storage;
  ASSIGN_OR_RETURN(const EventView stored, ledger.log().Get(states.back().position, &storage));
  ASSIGN_OR_RETURN(v1::Event event, ledger.Decode(stored));
  RETURN_IF_ERROR(ledger.Unseal(&event));
  return event.participant_changed().display_name();
}

}  // namespace payfold
