// A generation being folded: takes the log's events into it, batch by batch.

#ifndef PROJECTIONS_RUNTIME_GENERATION_FOLD_H_
#define PROJECTIONS_RUNTIME_GENERATION_FOLD_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ledger/log/event_log.h"
#include "projections/runtime/generation.h"
#include "projections/runtime/projection.h"

namespace payfold {

// What was committed up to a position: for readers, and to be compared.
struct PublishedFold {
  uint64_t position = 0;
  StoredSnapshot content;
  std::shared_ptr<const ProjectionView> view;
};

// One thread at a time. The log must outlive it.
class GenerationFold {
 public:
  // Goes on where the generation's content ends.
  // Errors: kDataLoss if the content is damaged.
  static absl::StatusOr<std::unique_ptr<GenerationFold>> Load(
      EventLog* log, const Projection& projection, std::shared_ptr<Generation> generation);

  // Goes on from `position`, at which the generation holds all that was folded.
  GenerationFold(EventLog* log, std::shared_ptr<Generation> generation, uint64_t position,
                 std::unique_ptr<ProjectionFold> fold)
      : log_(log),
        generation_(std::move(generation)),
        position_(position),
        fold_(std::move(fold)) {}

  // The last position folded and committed.
  uint64_t position() const { return position_; }
  const std::shared_ptr<Generation>& generation() const { return generation_; }

  // Folds the next events, up to `last`, at most `most` of them, and commits them
  // with the checkpoint. After an error the fold is not to be used any more.
  absl::Status FoldBatch(uint64_t last, uint64_t most);

  // What was committed.
  std::shared_ptr<const PublishedFold> Publish();

 private:
  EventLog* log_;
  std::shared_ptr<Generation> generation_;
  uint64_t position_;
  std::unique_ptr<ProjectionFold> fold_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_GENERATION_FOLD_H_
