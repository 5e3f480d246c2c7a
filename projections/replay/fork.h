// A fork of the facts: what would be known if hypothetical events had been appended
// after a view's position. The view is read by reference, and notices nothing.
//
//   ASSIGN_OR_RETURN(Fork fork, Fork::Make(base, events, find_position));
//   Evaluator after(fork.view());
//
// The events go through the same fold as those of the log, so that a fork of n events
// is the fold of the log with these n appended. Their positions follow the base's.
//
// Source: specification, ledger "Replay and backfill".

#ifndef PROJECTIONS_REPLAY_FORK_H_
#define PROJECTIONS_REPLAY_FORK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/facts_view.h"
#include "projections/facts/fold.h"
#include "projections/replay/forked_tables.h"

namespace payfold {

// Never changes once it is made; copies share it.
class Fork {
 public:
  // `events` are as the ledger would store them (Ledger::Draft()): with event ids,
  // streams and payloads, those of earlier ones first. `find_position` finds events
  // of the log; those after the base are not looked at.
  // Errors: kDataLoss if what is stored cannot be read, or an event is not what
  // admission lets in.
  static absl::StatusOr<Fork> Make(std::shared_ptr<const FactsView> base,
                                   std::vector<v1::Event> events,
                                   const FindPosition& find_position);

  const FactsView& base() const { return *facts_->base; }
  const FactsView& view() const { return *view_; }
  const std::vector<v1::Event>& events() const { return facts_->events; }
  // What the events changed.
  const ForkedTables& tables() const { return facts_->tables; }

 private:
  // What the view reads.
  struct Facts {
    explicit Facts(std::shared_ptr<const FactsView> base_in)
        : base(std::move(base_in)), tables(&base->facts()) {}

    std::shared_ptr<const FactsView> base;
    ForkedTables tables;
    std::vector<v1::Event> events;
    // Deals that the base does not know, by id.
    absl::flat_hash_map<std::string, uint32_t> new_deals;
  };

  static absl::Status Fill(const FindPosition& find_position, Facts* facts, Reference* reference);

  Fork() = default;

  std::shared_ptr<const Facts> facts_;
  std::shared_ptr<const FactsView> view_;
};

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_FORK_H_
