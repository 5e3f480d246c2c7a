#include "projections/runtime/payout_folding.h"

#include <utility>

#include "ledger/base/status_macros.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"

namespace payfold {
namespace {

class PayoutContent final : public FoldedContent {
 public:
  explicit PayoutContent(FoldedPrefix prefix) : prefix_(std::move(prefix)) {}

  absl::Status ForEachEntry(VisitEntry visit) const override {
    EntryWriter writer([&visit](absl::string_view key, absl::string_view value, bool present) {
      return present ? visit(key, value) : absl::OkStatus();
    });
    return prefix_.tables->CopyTo(&writer);
  }

  absl::StatusOr<std::unique_ptr<ProjectionFold>> GoOn(
      EventLog* log, rocksdb::ColumnFamilyHandle* family) const override {
    return std::make_unique<LiveFold>(log, family, *prefix_.reference);
  }

 private:
  FoldedPrefix prefix_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ProjectionFold>> PayoutFolding::Load(
    EventLog* log, rocksdb::ColumnFamilyHandle* family) const {
  return LiveFold::Load(log, family);
}

absl::StatusOr<std::unique_ptr<FoldedContent>> PayoutFolding::FoldFromNothing(
    const EventLog& log, uint64_t position, int workers, const FoldProgress& progress) const {
  PrefixOptions options;
  options.position = position;
  options.plans_position = position;
  options.workers = workers;
  options.progress = progress;
  ASSIGN_OR_RETURN(FoldedPrefix prefix, FoldPrefix(log, options));
  return std::make_unique<PayoutContent>(std::move(prefix));
}

}  // namespace payfold
