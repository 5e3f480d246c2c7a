#include "projections/runtime/generation_fold.h"

#include <algorithm>

#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<std::unique_ptr<GenerationFold>> GenerationFold::Load(
    EventLog* log, const Projection& projection, std::shared_ptr<Generation> generation) {
  ASSIGN_OR_RETURN(const uint64_t position, generation->ReadCheckpoint());
  ASSIGN_OR_RETURN(std::unique_ptr<ProjectionFold> fold,
                   projection.Load(log, generation->family()));
  return std::make_unique<GenerationFold>(log, std::move(generation), position, std::move(fold));
}

absl::Status GenerationFold::FoldBatch(uint64_t last, uint64_t most) {
  const uint64_t end = std::min({last, log_->head(), position_ + most});
  if (end <= position_) return absl::OkStatus();
  const std::unique_ptr<EventCursor> events = log_->Read({.first = position_ + 1, .last = end});
  while (events->Next()) RETURN_IF_ERROR(fold_->Add(events->event()));
  RETURN_IF_ERROR(events->status());
  RETURN_IF_ERROR(fold_->Derive());
  RETURN_IF_ERROR(fold_->changes().Commit(end));
  position_ = end;
  return absl::OkStatus();
}

std::shared_ptr<const PublishedFold> GenerationFold::Publish() {
  StoredSnapshot content = generation_->TakeSnapshot();
  std::shared_ptr<const ProjectionView> view = fold_->MakeView(position_, content);
  return std::make_shared<const PublishedFold>(
      PublishedFold{position_, std::move(content), std::move(view)});
}

}  // namespace payfold
