#include "projections/runtime/live_fold.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Bounds the memory that uncommitted changes take, and the time to the next view.
constexpr uint64_t kBatchEvents = 10'000;

}  // namespace

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
                                                         std::shared_ptr<Generation> generation) {
  auto live = std::unique_ptr<LiveFold>(new LiveFold(log, std::move(generation)));
  ASSIGN_OR_RETURN(const uint64_t position, live->tables_.ReadCheckpoint());
  ASSIGN_OR_RETURN(Reference reference, LoadReference(live->tables_));
  live->Start(position, std::move(reference));
  return live;
}

std::unique_ptr<LiveFold> LiveFold::At(uint64_t position, Reference reference, EventLog* log,
                                       std::shared_ptr<Generation> generation) {
  auto live = std::unique_ptr<LiveFold>(new LiveFold(log, std::move(generation)));
  live->Start(position, std::move(reference));
  return live;
}

void LiveFold::Start(uint64_t position, Reference reference) {
  position_ = position;
  fold_ = std::make_unique<Fold>(&tables_, std::move(reference), FindPositionIn(log_));
}

absl::Status LiveFold::FoldBatch(uint64_t last) {
  const uint64_t end = std::min({last, log_->head(), position_ + kBatchEvents});
  if (end <= position_) return absl::OkStatus();
  const std::unique_ptr<EventCursor> events = log_->Read({.first = position_ + 1, .last = end});
  while (events->Next()) RETURN_IF_ERROR(fold_->Add(events->event()));
  RETURN_IF_ERROR(events->status());
  RETURN_IF_ERROR(fold_->Derive());
  RETURN_IF_ERROR(tables_.Commit(end));
  position_ = end;
  return absl::OkStatus();
}

std::shared_ptr<const FactsView> LiveFold::Publish() {
  return MakeFactsView(log_, position_, position_, fold_->reference().Publish(),
                       generation_->TakeSnapshot());
}

}  // namespace payfold
