#include "projections/runtime/past_views.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/past_facts.h"

namespace payfold {
namespace {

// What is kept of the past: so many moments, and only one if they are large.
constexpr size_t kKeptMoments = 8;
constexpr uint64_t kKeptEvents = 1'000'000;

}  // namespace

absl::StatusOr<std::shared_ptr<const FactsView>> PastViews::Get(
    uint64_t position, uint64_t plans_position, std::shared_ptr<const FactsView> live) {
  const uint64_t last = std::max(position, plans_position);
  if (last > log_->head()) {
    return absl::OutOfRangeError(
        absl::StrCat("position ", last, " is beyond the end of the log, ", log_->head()));
  }
  const bool is_folded = live->position() >= last;
  ASSIGN_OR_RETURN(std::shared_ptr<PastMoment> past,
                   GetMoment({position, plans_position}, is_folded ? live.get() : nullptr));
  std::shared_ptr<const Reference> reference = past->reference();
  std::shared_ptr<const FactReader> facts;
  if (is_folded) {
    facts = std::make_shared<const PastFacts>(std::move(past), std::move(live));
  } else {
    ASSIGN_OR_RETURN(const PrefixTables* folded, past->Fold());
    facts = std::shared_ptr<const FactReader>(std::move(past), folded);
  }
  return MakeFactsView(log_, position, plans_position, std::move(reference), std::move(facts));
}

absl::StatusOr<std::shared_ptr<PastMoment>> PastViews::GetMoment(const Moment& moment,
                                                                 const FactsView* live) {
  if (std::shared_ptr<PastMoment> known = Find(moment)) return known;
  ASSIGN_OR_RETURN(std::shared_ptr<PastMoment> past, live != nullptr
                                                         ? PastMoment::FromLive(log_, moment, *live)
                                                         : PastMoment::FromLog(log_, moment));
  Keep(past);
  return past;
}

std::shared_ptr<PastMoment> PastViews::Find(const Moment& moment) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = moments_.begin(); at != moments_.end(); ++at) {
    const Moment& known = (*at)->moment();
    if (known.position != moment.position || known.plans_position != moment.plans_position) {
      continue;
    }
    moments_.splice(moments_.begin(), moments_, at);
    return moments_.front();
  }
  return nullptr;
}

void PastViews::Keep(std::shared_ptr<PastMoment> past) {
  const std::lock_guard<std::mutex> lock(mutex_);
  moments_.push_front(std::move(past));
  size_t kept = 0;
  uint64_t events = 0;
  for (auto at = moments_.begin(); at != moments_.end();) {
    events += (*at)->weight();
    if (kept == 0 || (kept < kKeptMoments && events <= kKeptEvents)) {
      ++at;
      ++kept;
    } else {
      at = moments_.erase(at);
    }
  }
}

}  // namespace payfold
