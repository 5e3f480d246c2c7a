#include "projections/runtime/fold_prefix.h"

#include <algorithm>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/fold.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/prefix_deals.h"
#include "projections/runtime/prefix_scan.h"
#include "projections/runtime/run_parallel.h"

namespace payfold {
namespace {

constexpr uint64_t kPieceEvents = 16'384;

// One fold of a prefix, pass by pass.
class PrefixFold {
 public:
  PrefixFold(const EventLog& log, const PrefixOptions& options)
      : log_(log),
        options_(options),
        last_(std::max(options.position, options.plans_position)),
        find_position_(FindPositionIn(&log)),
        tables_(std::make_shared<MemoryTables>()) {}

  absl::StatusOr<FoldedPrefix> Run() {
    RETURN_IF_ERROR(Scan());
    RETURN_IF_ERROR(FoldOthers());
    RETURN_IF_ERROR(FoldDeals());
    RETURN_IF_ERROR(Gather());
    return FoldedPrefix{std::move(tables_), reference_.Publish()};
  }

 private:
  absl::Status Scan();
  absl::Status FoldOthers();
  absl::Status AddVoid(const EventView& view, Fold* fold);
  absl::Status AddWaitingVoids();
  absl::Status FoldDeals();
  absl::Status Gather();

  const EventLog& log_;
  const PrefixOptions& options_;
  const uint64_t last_;
  FindPosition find_position_;
  std::shared_ptr<MemoryTables> tables_;
  Reference reference_;
  std::vector<ScannedPiece> pieces_;
  std::vector<DealVoid> voids_;
  std::vector<FoldedShard> shards_;
};

absl::Status PrefixFold::Scan() {
  pieces_.resize((last_ + kPieceEvents - 1) / kPieceEvents);
  std::mutex mutex;  // Guards `events`.
  uint64_t events = 0;
  return RunParallel(options_.workers, pieces_.size(), [&](size_t i) -> absl::Status {
    const uint64_t first = i * kPieceEvents + 1;
    const uint64_t last = std::min(last_, first + kPieceEvents - 1);
    ASSIGN_OR_RETURN(pieces_[i],
                     ScanPiece(log_, first, last, options_.position, options_.plans_position));
    const std::lock_guard<std::mutex> lock(mutex);
    events += last - first + 1;
    if (options_.progress == nullptr || options_.progress(events, last_)) return absl::OkStatus();
    return absl::CancelledError("the fold was cancelled");
  });
}

// What is not about one deal, one event after the other.
absl::Status PrefixFold::FoldOthers() {
  for (const ScannedPiece& piece : pieces_) {
    for (const auto& [number, id] : piece.mentions) {
      if (!reference_.org->Id(number).empty()) continue;
      reference_.org.Mutable().AddParticipant(number, id);
      RETURN_IF_ERROR(tables_->PutParticipant(number, id));
    }
  }
  Fold fold(tables_.get(), std::move(reference_), find_position_);
  for (ScannedPiece& piece : pieces_) {
    for (const KeptEvent& event : piece.others) {
      const EventView view = event.View();
      RETURN_IF_ERROR(view.kind == v1::Event::kFactVoided ? AddVoid(view, &fold) : fold.Add(view));
    }
    std::vector<KeptEvent>().swap(piece.others);
  }
  reference_ = std::move(fold.reference());
  RETURN_IF_ERROR(AddWaitingVoids());
  std::sort(voids_.begin(), voids_.end(), [](const DealVoid& a, const DealVoid& b) {
    return std::tie(a.stream, a.after, a.fact.position) <
           std::tie(b.stream, b.after, b.fact.position);
  });
  return absl::OkStatus();
}

absl::Status PrefixFold::AddVoid(const EventView& view, Fold* fold) {
  v1::Event event;
  if (!event.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) {
    return fold->Add(view);  // Says what is wrong.
  }
  ASSIGN_OR_RETURN(const std::optional<uint64_t> target,
                   find_position_(event.fact_voided().event_id()));
  if (!absl::StartsWith(event.stream(), "deals/") || !target.has_value() ||
      *target > view.position) {
    return fold->Add(view);
  }
  voids_.push_back({view.stream, view.position, VoidOf(*target, view.position)});
  return absl::OkStatus();
}

// Facts about deals that were voided before they arrived.
absl::Status PrefixFold::AddWaitingVoids() {
  for (const auto& [id, position] : *reference_.waiting_voids) {
    ASSIGN_OR_RETURN(const std::optional<uint64_t> target, find_position_(id));
    if (!target.has_value() || *target < position || *target > options_.position) continue;
    EventStorage storage;
    ASSIGN_OR_RETURN(const EventView fact, log_.Get(*target, &storage));
    if (!IsDealKind(fact.kind)) continue;
    voids_.push_back({fact.stream, *target, VoidOf(*target, position)});
  }
  return absl::OkStatus();
}

absl::Status PrefixFold::FoldDeals() {
  size_t count = 0;
  for (const ScannedPiece& piece : pieces_) count = std::max(count, piece.deals.size());
  shards_.resize(count);
  RETURN_IF_ERROR(RunParallel(options_.workers, count, [&](size_t i) -> absl::Status {
    ASSIGN_OR_RETURN(shards_[i],
                     FoldShard(static_cast<uint32_t>(i), &pieces_, voids_, *reference_.policies));
    return absl::OkStatus();
  }));
  std::map<Date, int64_t>& last_days = reference_.last_days.Mutable();
  for (FoldedShard& shard : shards_) {
    for (auto& [stream, encoded] : shard.deals) {
      RETURN_IF_ERROR(tables_->PutDeal(stream, std::move(encoded)));
    }
    for (uint32_t stream : shard.issues) {
      RETURN_IF_ERROR(tables_->SetMark(FactReader::Mark::kIssues, stream, true));
    }
    for (uint32_t stream : shard.by_policy) {
      RETURN_IF_ERROR(tables_->SetMark(FactReader::Mark::kByPolicy, stream, true));
    }
    for (const auto& [day, deals] : shard.last_days) last_days[day] += deals;
  }
  for (const auto& [day, deals] : last_days) RETURN_IF_ERROR(tables_->PutLastDay(day, deals));
  return absl::OkStatus();
}

absl::Status PrefixFold::Gather() {
  std::vector<GatheredCredits> groups(kParticipantGroups);
  RETURN_IF_ERROR(RunParallel(options_.workers, groups.size(), [&](size_t i) {
    groups[i] = GatherCredits(static_cast<uint32_t>(i), &shards_);
    return absl::OkStatus();
  }));
  for (GatheredCredits& group : groups) {
    for (auto& [key, credits] : group) {
      RETURN_IF_ERROR(tables_->PutCredits(key.first, key.second, std::move(credits)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FoldedPrefix> FoldPrefix(const EventLog& log, const PrefixOptions& options) {
  return PrefixFold(log, options).Run();
}

}  // namespace payfold
