#include "projections/daily_totals/totals_from_nothing.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/daily_totals/deal_history.h"
#include "projections/facts/run_parallel.h"
#include "projections/facts/wire_fact.h"

namespace payfold {
namespace {

constexpr uint64_t kPieceEvents = 32'768;
constexpr uint32_t kStreamsPerShard = 8192;

// Encoded facts of a shard's deals, in order of position.
struct ShardFacts {
  std::vector<std::pair<uint32_t, uint32_t>> records;  // stream, size in `bytes`
  std::string bytes;
};

// What one piece of the log says, by shard.
using Piece = std::vector<ShardFacts>;

class TotalsFolding {
 public:
  TotalsFolding(const EventLog& log, uint64_t position, int workers, const FoldProgress& progress)
      : log_(log), position_(position), workers_(workers), progress_(progress) {}

  absl::StatusOr<FoldedTotals> Run() {
    RETURN_IF_ERROR(ReadVoids());
    pieces_.resize((position_ + kPieceEvents - 1) / kPieceEvents);
    RETURN_IF_ERROR(
        RunParallel(workers_, pieces_.size(), [this](size_t piece) { return Scan(piece); }));
    size_t shards = 0;
    for (const Piece& piece : pieces_) shards = std::max(shards, piece.size());
    RETURN_IF_ERROR(RunParallel(workers_, shards, [this](size_t shard) { return Sum(shard); }));
    for (auto at = folded_.totals.begin(); at != folded_.totals.end();) {
      at = at->second == DayTotals() ? folded_.totals.erase(at) : std::next(at);
    }
    return std::move(folded_);
  }

 private:
  // First of all: what is voided, also by a void that was there before it, is left
  // out from the start.
  absl::Status ReadVoids() {
    const std::unique_ptr<EventCursor> events =
        log_.Read({.last = position_, .kinds = KindBit(v1::Event::kFactVoided)});
    while (events->Next()) {
      const EventView& view = events->event();
      ASSIGN_OR_RETURN(const v1::Event event, ParseEvent(view));
      ASSIGN_OR_RETURN(const std::optional<uint64_t> voided, FindVoided(log_, event, position_));
      if (voided.has_value() && *voided < view.position) {
        if (absl::StartsWith(event.stream(), "deals/")) voided_.insert(*voided);
        continue;
      }
      if (voided.has_value()) voided_.insert(*voided);
      folded_.waiting.emplace(event.fact_voided().event_id(), view.position);
    }
    return events->status();
  }

  absl::Status Scan(size_t number) {
    const uint64_t first = number * kPieceEvents + 1;
    const uint64_t last = std::min(position_, first + kPieceEvents - 1);
    const std::unique_ptr<EventCursor> events = log_.Read(
        {.first = first, .last = last, .kinds = TotalsKinds() & ~KindBit(v1::Event::kFactVoided)});
    WireFactReader ordinary;
    while (events->Next()) {
      const EventView& view = events->event();
      if (voided_.contains(view.position)) continue;
      if (ordinary.Read(view)) {
        Keep(view.stream, WithoutDetails<absl::string_view>(ordinary.fact()), &pieces_[number]);
        continue;
      }
      ASSIGN_OR_RETURN(const v1::Event event, ParseEvent(view));
      std::vector<DealFact> facts;
      RETURN_IF_ERROR(AppendFacts(log_, view, event, WaitingVoids(), &facts));
      for (const DealFact& fact : facts) {
        Keep(view.stream, WithoutDetails<absl::string_view>(fact), &pieces_[number]);
      }
    }
    RETURN_IF_ERROR(events->status());
    return Tell(last - first + 1);
  }

  template <typename Fact>
  static void Keep(uint32_t stream, const Fact& fact, Piece* piece) {
    const size_t shard = stream / kStreamsPerShard;
    if (shard >= piece->size()) piece->resize(shard + 1);
    ShardFacts& facts = (*piece)[shard];
    const size_t begin = facts.bytes.size();
    AppendDealFact(fact, &facts.bytes);
    facts.records.emplace_back(stream, static_cast<uint32_t>(facts.bytes.size() - begin));
  }

  absl::Status Tell(uint64_t events) {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_ += events;
    if (!progress_ || progress_(events_, position_)) return absl::OkStatus();
    return absl::CancelledError("the fold was cancelled");
  }

  // Sums commute, so shards may end in any order.
  absl::Status Sum(size_t shard) {
    std::vector<std::string> deals(kStreamsPerShard);
    for (Piece& piece : pieces_) {
      if (shard >= piece.size()) continue;
      const ShardFacts facts = std::move(piece[shard]);
      absl::string_view bytes = facts.bytes;
      for (const auto& [stream, size] : facts.records) {
        std::string& deal = deals[stream % kStreamsPerShard];
        if (deal.empty()) AppendDealId("", &deal);
        absl::StrAppend(&deal, bytes.substr(0, size));
        bytes.remove_prefix(size);
      }
    }
    TotalsByDay sums;
    for (const std::string& encoded : deals) {
      ASSIGN_OR_RETURN(const DealFacts deal, DecodeDealFacts(encoded));
      AddDeal(deal, 1, &sums);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    AddTotals(sums, &folded_.totals);
    return absl::OkStatus();
  }

  const EventLog& log_;
  const uint64_t position_;
  const int workers_;
  const FoldProgress& progress_;
  absl::flat_hash_set<uint64_t> voided_;  // Positions.
  std::vector<Piece> pieces_;
  std::mutex mutex_;  // Guards the next two while threads run.
  uint64_t events_ = 0;
  FoldedTotals folded_;
};

}  // namespace

absl::StatusOr<FoldedTotals> FoldTotals(const EventLog& log, uint64_t position, int workers,
                                        const FoldProgress& progress) {
  return TotalsFolding(log, position, workers, progress).Run();
}

}  // namespace payfold
