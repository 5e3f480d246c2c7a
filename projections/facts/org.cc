#include "projections/facts/org.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace payfold {

void Org::AddParticipant(uint32_t number, absl::string_view id) {
  if (number >= ids_.size()) ids_.resize(number + 1);
  if (!ids_[number].empty()) return;
  ids_[number] = std::string(id);
  numbers_[ids_[number]] = number;
}

void Org::AddState(uint32_t participant, ParticipantState state) {
  if (participant >= states_.size()) states_.resize(participant + 1);
  std::vector<ParticipantState>& states = states_[participant];
  auto after =
      std::upper_bound(states.begin(), states.end(), state,
                       [](const ParticipantState& a, const ParticipantState& b) {
                         return std::tie(a.from, a.position) < std::tie(b.from, b.position);
                       });
  states.insert(after, std::move(state));
}

const std::string& Org::Id(uint32_t participant) const {
  static const std::string* const kNone = new std::string();
  return participant < ids_.size() ? ids_[participant] : *kNone;
}

std::optional<uint32_t> Org::Find(absl::string_view id) const {
  auto at = numbers_.find(id);
  if (at == numbers_.end()) return std::nullopt;
  return at->second;
}

const std::vector<ParticipantState>& Org::States(uint32_t participant) const {
  static const auto* const kNone = new std::vector<ParticipantState>();
  return participant < states_.size() ? states_[participant] : *kNone;
}

const ParticipantState* Org::StateOn(uint32_t participant, Date d) const {
  const std::vector<ParticipantState>& states = States(participant);
  auto after =
      std::upper_bound(states.begin(), states.end(), d,
                       [](Date date, const ParticipantState& state) { return date < state.from; });
  return after == states.begin() ? nullptr : &*std::prev(after);
}

}  // namespace payfold
