#include "projections/runtime/live_fold.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/load_reference.h"

namespace payfold {

FindPosition FindPositionIn(const EventLog* log) {
  return [log](absl::string_view event_id) -> absl::StatusOr<std::optional<uint64_t>> {
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, log->FindEventId(event_id));
    if (!known.has_value()) return std::nullopt;
    return known->position;
  };
}

absl::StatusOr<std::optional<uint32_t>> FindDealStreamIn(const EventLog& log,
                                                         absl::string_view deal_id) {
  return log.FindStream(absl::StrCat("deals/", deal_id));
}

ReadEvent ReadEventIn(const EventLog* log) {
  return [log](uint64_t position) -> absl::StatusOr<v1::Event> {
    EventStorage storage;
    ASSIGN_OR_RETURN(const EventView view, log->Get(position, &storage));
    v1::Event event;
    if (event.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) return event;
    return absl::DataLossError(
        absl::StrCat("the stored bytes of event ", position, " are no event; run a verification"));
  };
}

std::shared_ptr<const FactsView> MakeFactsView(const EventLog* log, uint64_t position,
                                               uint64_t plans_position,
                                               std::shared_ptr<const Reference> reference,
                                               std::shared_ptr<const FactReader> facts) {
  FindDealStream find =
      [log, facts](absl::string_view deal_id) -> absl::StatusOr<std::optional<uint32_t>> {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> stream, FindDealStreamIn(*log, deal_id));
    if (!stream.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(const std::string known, facts->GetDeal(*stream));
    if (known.empty()) return std::nullopt;
    return stream;
  };
  return std::make_shared<const FactsView>(position, plans_position, std::move(reference),
                                           std::move(facts), std::move(find), ReadEventIn(log));
}

absl::StatusOr<std::unique_ptr<LiveFold>> LiveFold::Load(EventLog* log,
                                                         rocksdb::ColumnFamilyHandle* family) {
  ASSIGN_OR_RETURN(Reference reference, LoadReference(StoredTables(log, family)));
  return std::make_unique<LiveFold>(log, family, std::move(reference));
}

LiveFold::LiveFold(EventLog* log, rocksdb::ColumnFamilyHandle* family, Reference reference)
    : log_(log), tables_(log, family), fold_(&tables_, std::move(reference), FindPositionIn(log)) {}

std::shared_ptr<const ProjectionView> LiveFold::MakeView(uint64_t position,
                                                         StoredSnapshot content) {
  return std::make_shared<const PayoutView>(
      MakeFactsView(log_, position, position, fold_.reference().Publish(),
                    std::make_shared<const SnapshotFacts>(std::move(content))));
}

}  // namespace payfold
