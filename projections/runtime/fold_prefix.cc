#include "projections/runtime/fold_prefix.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/fold.h"
#include "projections/facts/last_days.h"
#include "projections/facts/memory_tables.h"
#include "projections/facts/metric_changes.h"
#include "projections/facts/run_parallel.h"
#include "projections/facts/split_policies.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/prefix_deals.h"
#include "projections/runtime/prefix_scan.h"

namespace payfold {
namespace {

constexpr uint64_t kPieceEvents = 32'768;

// One fold of a prefix, pass by pass.
class PrefixFold {
 public:
  PrefixFold(const EventLog& log, const PrefixOptions& options)
      : log_(log),
        options_(options),
        last_(std::max(options.position, options.plans_position)),
        find_position_(FindPositionIn(&log)) {}

  absl::StatusOr<FoldedPrefix> Run() {
    RETURN_IF_ERROR(Scan());
    RETURN_IF_ERROR(FoldVoidsAndPolicies());
    RETURN_IF_ERROR(FoldDealsAndOthers());
    RETURN_IF_ERROR(JoinShards());
    std::vector<std::vector<Credit>> credits(reference_.org->size());
    RETURN_IF_ERROR(RunParallel(options_.workers, kParticipantGroups, [&](size_t group) {
      GatherCredits(static_cast<uint32_t>(group), &shards_, &credits);
      return absl::OkStatus();
    }));
    std::vector<PackedDeals> deals;
    for (FoldedShard& shard : shards_) deals.push_back(std::move(shard.deals));
    return FoldedPrefix{std::make_shared<const PrefixTables>(std::move(deals), std::move(credits),
                                                             std::move(others_)),
                        reference_.Publish()};
  }

 private:
  absl::Status Scan();
  absl::Status FoldVoidsAndPolicies();
  absl::StatusOr<bool> TakeVoid(const EventView& view);
  absl::Status AddWaitingVoids(const Reference& reference);
  absl::Status FoldDealsAndOthers();
  absl::Status FoldOthers();
  absl::Status FoldMetrics();
  absl::Status JoinShards();

  const EventLog& log_;
  const PrefixOptions& options_;
  const uint64_t last_;
  FindPosition find_position_;
  std::vector<ScannedPiece> pieces_;
  std::vector<DealVoid> voids_;
  // By position, that of the first void; their own if that came before them.
  std::map<uint64_t, uint64_t> voided_metrics_;
  SplitPolicies policies_;
  Reference reference_;
  LatestDays latest_days_;
  MemoryTables others_;  // All but deals and credits.
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

// What deals and metrics depend on: their voids (those of deals are taken out of the
// pieces), and the split policies, which a void may concern as well.
absl::Status PrefixFold::FoldVoidsAndPolicies() {
  MemoryTables tables;
  Fold fold(&tables, Reference(), find_position_);
  for (ScannedPiece& piece : pieces_) {
    std::vector<KeptEvent> left;
    for (KeptEvent& event : piece.others) {
      const EventView view = event.View();
      if (view.kind == v1::Event::kFactVoided) {
        ASSIGN_OR_RETURN(const bool taken, TakeVoid(view));
        if (taken) continue;
      }
      if (view.kind == v1::Event::kFactVoided || view.kind == v1::Event::kSplitPolicySet) {
        RETURN_IF_ERROR(fold.Add(view));
      }
      left.push_back(std::move(event));
    }
    piece.others = std::move(left);
  }
  policies_ = *fold.reference().policies;
  RETURN_IF_ERROR(AddWaitingVoids(fold.reference()));
  std::sort(voids_.begin(), voids_.end(), [](const DealVoid& a, const DealVoid& b) {
    return std::tie(a.stream, a.after, a.fact.position) <
           std::tie(b.stream, b.after, b.fact.position);
  });
  return absl::OkStatus();
}

// False if the void is of something else, or waits for its fact.
absl::StatusOr<bool> PrefixFold::TakeVoid(const EventView& view) {
  v1::Event event;
  if (!event.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) {
    return false;  // The fold says what is wrong.
  }
  ASSIGN_OR_RETURN(const std::optional<uint64_t> target,
                   find_position_(event.fact_voided().event_id()));
  if (!target.has_value() || *target > view.position) return false;
  if (absl::StartsWith(event.stream(), "metrics/")) {
    voided_metrics_.emplace(*target, view.position);
    return false;  // The void itself is kept.
  }
  if (!absl::StartsWith(event.stream(), "deals/")) return false;
  voids_.push_back({view.stream, view.position, VoidOf(*target, view.position)});
  return true;
}

// Facts about deals, and metrics, that were voided before they arrived.
absl::Status PrefixFold::AddWaitingVoids(const Reference& reference) {
  for (const auto& [id, position] : *reference.waiting_voids) {
    ASSIGN_OR_RETURN(const std::optional<uint64_t> target, find_position_(id));
    if (!target.has_value() || *target < position || *target > options_.position) continue;
    EventStorage storage;
    ASSIGN_OR_RETURN(const EventView fact, log_.Get(*target, &storage));
    if (fact.kind == v1::Event::kMetricRecorded) voided_metrics_[*target] = *target;
    if (!IsDealKind(fact.kind)) continue;
    voids_.push_back({fact.stream, *target, VoidOf(*target, position)});
  }
  return absl::OkStatus();
}

// The deals shard by shard, and meanwhile everything else.
absl::Status PrefixFold::FoldDealsAndOthers() {
  size_t count = 0;
  for (const ScannedPiece& piece : pieces_) count = std::max(count, piece.deals.size());
  shards_.resize(count);
  return RunParallel(options_.workers, count + 1, [&](size_t task) -> absl::Status {
    if (task == 0) return FoldOthers();
    ASSIGN_OR_RETURN(shards_[task - 1],
                     FoldShard(static_cast<uint32_t>(task - 1), &pieces_, voids_, policies_));
    return absl::OkStatus();
  });
}

// One event after the other.
absl::Status PrefixFold::FoldOthers() {
  for (const ScannedPiece& piece : pieces_) {
    for (const auto& [number, id] : piece.mentions) {
      if (!reference_.org->Id(number).empty()) continue;
      reference_.org.Mutable().AddParticipant(number, id);
      RETURN_IF_ERROR(others_.PutParticipant(number, id));
    }
  }
  Fold fold(&others_, std::move(reference_), find_position_);
  for (ScannedPiece& piece : pieces_) {
    Background::TakeTurns();
    for (const KeptEvent& event : piece.others) RETURN_IF_ERROR(fold.Add(event.View()));
    std::vector<KeptEvent>().swap(piece.others);
  }
  reference_ = std::move(fold.reference());
  return FoldMetrics();
}

absl::Status PrefixFold::FoldMetrics() {
  MetricChanges changes;
  for (ScannedPiece& piece : pieces_) {
    for (RecordedMetric& recorded : piece.metrics) {
      MetricFact& metric = recorded.metric;
      const auto voided = voided_metrics_.find(metric.position);
      if (voided == voided_metrics_.end()) {
        latest_days_.Add(metric.position, metric.date);
      } else if (voided->second == metric.position) {
        continue;  // Voided before it arrived.
      } else {
        metric.voided_at = voided->second;
        latest_days_.Add(metric.position, metric.voided_at, metric.date);
      }
      changes.Add(recorded.subject, std::move(metric));
    }
    std::vector<RecordedMetric>().swap(piece.metrics);
  }
  std::map<Date, int64_t>& days = reference_.last_days.Mutable();
  return changes.Write(&others_, [&days](uint64_t /*position*/, Date day, int64_t change) {
    if ((days[day] += change) == 0) days.erase(day);
  });
}

absl::Status PrefixFold::JoinShards() {
  std::map<Date, int64_t>& last_days = reference_.last_days.Mutable();
  for (const FoldedShard& shard : shards_) {
    for (uint32_t stream : shard.issues) {
      RETURN_IF_ERROR(others_.SetMark(FactReader::Mark::kIssues, stream, true));
    }
    for (uint32_t stream : shard.by_policy) {
      RETURN_IF_ERROR(others_.SetMark(FactReader::Mark::kByPolicy, stream, true));
    }
    for (uint32_t stream : shard.open) {
      RETURN_IF_ERROR(others_.SetMark(FactReader::Mark::kPipeline, stream, true));
    }
    for (const auto& [participant, stream] : shard.taken) {
      RETURN_IF_ERROR(others_.SetTaken(participant, stream, true));
    }
    for (const auto& [day, deals] : shard.last_days) last_days[day] += deals;
    latest_days_.AddAll(shard.latest_days);
  }
  for (const auto& [day, facts] : last_days) RETURN_IF_ERROR(others_.PutLastDay(day, facts));
  for (const DayStep& step : latest_days_.Steps()) RETURN_IF_ERROR(others_.PutLatestDay(step));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<FoldedPrefix> FoldPrefix(const EventLog& log, const PrefixOptions& options) {
  return PrefixFold(log, options).Run();
}

}  // namespace payfold
