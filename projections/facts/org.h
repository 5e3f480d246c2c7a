// The organisation: participants and what holds for them on a date.
//
// Source: specification, calculation 2 ("what holds on a date") and 5 (scopes).

#ifndef PROJECTIONS_FACTS_ORG_H_
#define PROJECTIONS_FACTS_ORG_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "projections/facts/deal.h"

namespace payfold {

// The whole state of a participant from a date on.
struct ParticipantState {
  enum class Status { kActive, kLeave, kTerminated };
  Date from;
  uint64_t position = 0;
  Status status = Status::kActive;
  std::string role, team, territory;
  uint32_t manager = kNobody;
  std::optional<Date> hired_on;
  std::string pay_currency;
  std::map<std::string, std::string> attributes;
};

// Participants by dense number. Ids that facts mention have a number even
// before their first state.
class Org {
 public:
  // Numbers come in order, each once or again with the same id.
  void AddParticipant(uint32_t number, absl::string_view id);
  void AddState(uint32_t participant, ParticipantState state);

  uint32_t size() const { return static_cast<uint32_t>(ids_.size()); }
  const std::string& Id(uint32_t participant) const;
  std::optional<uint32_t> Find(absl::string_view id) const;

  // In order of (from, position).
  const std::vector<ParticipantState>& States(uint32_t participant) const;
  // The state in effect; null before the first.
  const ParticipantState* StateOn(uint32_t participant, Date d) const;

 private:
  std::vector<std::string> ids_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  std::vector<std::vector<ParticipantState>> states_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_ORG_H_
