#include "projections/runtime/past_views.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"

namespace payfold {
namespace {

// What is kept of the past: so many views, and only one if they are large.
constexpr size_t kKeptViews = 8;
constexpr uint64_t kKeptEvents = 1'000'000;

}  // namespace

absl::StatusOr<std::shared_ptr<const FactsView>> PastViews::Get(uint64_t position,
                                                                uint64_t plans_position) {
  if (std::max(position, plans_position) > log_->head()) {
    return absl::OutOfRangeError(absl::StrCat("position ", std::max(position, plans_position),
                                              " is beyond the end of the log, ", log_->head()));
  }
  if (std::shared_ptr<const FactsView> known = Find(position, plans_position)) return known;
  PrefixOptions options;
  options.position = position;
  options.plans_position = plans_position;
  ASSIGN_OR_RETURN(FoldedPrefix prefix, FoldPrefix(*log_, options));
  std::shared_ptr<const FactsView> view = MakeFactsView(
      log_, position, plans_position, std::move(prefix.reference), std::move(prefix.tables));
  Keep(view);
  return view;
}

std::shared_ptr<const FactsView> PastViews::Find(uint64_t position, uint64_t plans_position) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = views_.begin(); at != views_.end(); ++at) {
    if ((*at)->position() != position || (*at)->plans_position() != plans_position) continue;
    views_.splice(views_.begin(), views_, at);
    return views_.front();
  }
  return nullptr;
}

void PastViews::Keep(std::shared_ptr<const FactsView> view) {
  const std::lock_guard<std::mutex> lock(mutex_);
  views_.push_front(std::move(view));
  size_t kept = 0;
  uint64_t events = 0;
  for (auto at = views_.begin(); at != views_.end(); ++at, ++kept) {
    events += (*at)->position();
    if (kept == 0 || (kept < kKeptViews && events <= kKeptEvents)) continue;
    views_.erase(at, views_.end());
    return;
  }
}

}  // namespace payfold
