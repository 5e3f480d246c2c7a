#include "projections/replay/fork.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr absl::string_view kDeals = "deals/";
// Numbers of deals that the base does not know. No log has so many streams, and what
// is appended to it meanwhile takes none of them.
constexpr uint32_t kFirstNewStream = 0xC0000000;

bool CountsDays(const v1::Event& event) {
  return IsDealKind(KindOf(event)) || event.has_metric_recorded() || event.has_fact_voided();
}

// Of the base, which may have only the latest of them in its reference.
absl::Status LoadLastDays(const FactReader& base, Reference* reference) {
  std::map<Date, int64_t>& days = reference->last_days.Mutable();
  days.clear();
  return base.ForEachLastDay([&days](Date day, int64_t facts) { days[day] = facts; });
}

}  // namespace

absl::Status Fork::Fill(const FindPosition& find_position, Facts* facts, Reference* reference) {
  const FactsView& base = *facts->base;
  absl::flat_hash_map<std::string, uint64_t> positions;  // of the events, by id
  const FindPosition find =
      [&](absl::string_view event_id) -> absl::StatusOr<std::optional<uint64_t>> {
    if (const auto at = positions.find(event_id); at != positions.end()) return at->second;
    ASSIGN_OR_RETURN(const std::optional<uint64_t> known, find_position(event_id));
    return known.has_value() && *known <= base.position() ? known : std::nullopt;
  };
  Fold fold(&facts->tables, std::move(*reference), find);
  for (v1::Event& event : facts->events) {
    event.set_position(base.position() + positions.size() + 1);
    positions.emplace(event.event_id(), event.position());
    EventView view;
    view.position = event.position();
    view.kind = KindOf(event);
    // Only a deal that nothing is known of is at the beginning of its stream.
    view.stream_version = 2;
    if (absl::StartsWith(event.stream(), kDeals)) {
      const std::string deal_id(absl::StripPrefix(event.stream(), kDeals));
      ASSIGN_OR_RETURN(const std::optional<uint32_t> known, base.FindDeal(deal_id));
      const auto number = static_cast<uint32_t>(kFirstNewStream + facts->new_deals.size());
      const bool is_new =
          !known.has_value() && facts->new_deals.try_emplace(deal_id, number).second;
      view.stream = known.has_value() ? *known : facts->new_deals.at(deal_id);
      if (is_new) view.stream_version = 1;
    }
    std::vector<uint32_t> participants;
    uint32_t next = fold.reference().org->size();
    for (const std::string& id : ParticipantsOf(event)) {
      const std::optional<uint32_t> known = fold.reference().org->Find(id);
      participants.push_back(known.has_value() ? *known : next++);
    }
    view.participants = participants;
    const std::string bytes = event.SerializeAsString();
    view.bytes = bytes;
    RETURN_IF_ERROR(fold.Add(view));
  }
  RETURN_IF_ERROR(fold.Derive());
  *reference = std::move(fold.reference());
  return absl::OkStatus();
}

absl::StatusOr<Fork> Fork::Make(std::shared_ptr<const FactsView> base,
                                std::vector<v1::Event> events, const FindPosition& find_position) {
  const auto facts = std::make_shared<Facts>(std::move(base));
  facts->events = std::move(events);
  // A copy whose parts are shared until the events write to them.
  Reference reference = facts->base->reference();
  reference.Publish();
  if (std::any_of(facts->events.begin(), facts->events.end(), CountsDays)) {
    RETURN_IF_ERROR(LoadLastDays(facts->base->facts(), &reference));
  }
  RETURN_IF_ERROR(Fill(find_position, facts.get(), &reference));
  const uint64_t position = facts->base->position() + facts->events.size();
  Fork fork;
  fork.facts_ = facts;
  fork.view_ = std::make_shared<const FactsView>(
      position, position, reference.Publish(),
      std::shared_ptr<const FactReader>(facts, &facts->tables),
      [facts](absl::string_view deal_id) -> absl::StatusOr<std::optional<uint32_t>> {
        const auto at = facts->new_deals.find(deal_id);
        if (at != facts->new_deals.end()) return at->second;
        return facts->base->FindDeal(deal_id);
      },
      [facts](uint64_t at) -> absl::StatusOr<v1::Event> {
        const uint64_t last = facts->base->position();
        if (at <= last || at > last + facts->events.size()) return facts->base->GetEvent(at);
        return facts->events[at - last - 1];
      });
  return fork;
}

}  // namespace payfold
