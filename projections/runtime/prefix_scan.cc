#include "projections/runtime/prefix_scan.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/fold.h"
#include "projections/facts/run_parallel.h"
#include "projections/facts/wire_fact.h"

namespace payfold {
namespace {

class PieceScanner {
 public:
  PieceScanner(uint64_t position, uint64_t plans_position)
      : position_(position), plans_position_(plans_position) {}

  absl::Status Add(const EventView& view) {
    if (!IsWanted(view)) return absl::OkStatus();
    if (ordinary_.Read(view)) {
      Mention(ordinary_.participants(), view.participants);
      AddFact(view, ordinary_.stream(), ordinary_.fact());
      return absl::OkStatus();
    }
    const bool is_deal = IsDealKind(view.kind);
    const bool is_metric = view.kind == v1::Event::kMetricRecorded;
    if (IsFolded(view.kind) && !is_deal && !is_metric) {
      piece_.others.emplace_back(view);
      return absl::OkStatus();
    }
    if (!is_deal && !is_metric && view.participants.empty()) return absl::OkStatus();
    if (!event_.ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) {
      return absl::DataLossError(absl::StrCat("the stored bytes of event ", view.position,
                                              " are no event; run a verification"));
    }
    const std::vector<std::string> ids = ParticipantsOf(event_);
    Mention(ids, view.participants);
    if (is_metric) return AddMetric(view, NumbersOf(ids, view.participants));
    if (!is_deal) return absl::OkStatus();
    ASSIGN_OR_RETURN(DealFact fact, DealFactOf(event_, NumbersOf(ids, view.participants)));
    fact.position = view.position;
    AddFact(view, event_.stream(), fact);
    return absl::OkStatus();
  }

  ScannedPiece Take() { return std::move(piece_); }

 private:
  bool IsWanted(const EventView& view) const {
    switch (view.kind) {
      case v1::Event::kPlanPublished:
      case v1::Event::kPlanRetired:
        return view.position <= plans_position_;
      default:
        return view.position <= position_;
    }
  }

  template <typename Ids>
  void Mention(const Ids& ids, absl::Span<const uint32_t> numbers) {
    for (size_t i = 0; i < ids.size() && i < numbers.size(); ++i) {
      if (numbers[i] >= mentioned_.size()) mentioned_.resize(numbers[i] + 1);
      if (mentioned_[numbers[i]]) continue;
      mentioned_[numbers[i]] = true;
      piece_.mentions.emplace_back(numbers[i], ids[i]);
    }
  }

  absl::Status AddMetric(const EventView& view, const Numbering& numbers) {
    ASSIGN_OR_RETURN(MetricFact metric, MetricFactOf(event_));
    metric.position = view.position;
    piece_.metrics.push_back({MetricSubjectOf(event_, numbers), std::move(metric)});
    return absl::OkStatus();
  }

  template <typename Fact>
  void AddFact(const EventView& view, absl::string_view stream, const Fact& fact) {
    const size_t shard = view.stream / kStreamsPerShard;
    if (shard >= piece_.deals.size()) piece_.deals.resize(shard + 1);
    DealRecords& deals = piece_.deals[shard];
    const size_t begin = deals.bytes.size();
    if (view.stream_version == 1) AppendDealId(absl::StripPrefix(stream, "deals/"), &deals.bytes);
    AppendDealFact(fact, &deals.bytes);
    deals.records.push_back({view.stream, static_cast<uint32_t>(deals.bytes.size() - begin)});
  }

  uint64_t position_;
  uint64_t plans_position_;
  ScannedPiece piece_;
  std::vector<bool> mentioned_;
  WireFactReader ordinary_;
  v1::Event event_;  // Of what is not ordinary; its memory is kept.
};

}  // namespace

KeptEvent::KeptEvent(const EventView& event)
    : view(event),
      bytes(event.bytes),
      participants(event.participants.begin(), event.participants.end()) {}

EventView KeptEvent::View() const {
  EventView kept = view;
  kept.bytes = bytes;
  kept.participants = participants;
  return kept;
}

absl::StatusOr<ScannedPiece> ScanPiece(const EventLog& log, uint64_t first, uint64_t last,
                                       uint64_t position, uint64_t plans_position) {
  PieceScanner scanner(position, plans_position);
  const std::unique_ptr<BlockCursor> blocks = log.ReadBlocks(first, last);
  while (blocks->Next()) {
    Background::TakeTurns();
    ASSIGN_OR_RETURN(BlockView block, BlockView::Parse(blocks->bytes()));
    EventView event;
    while (block.Next(&event)) {
      if (event.position < first) continue;
      if (event.position > last) break;
      RETURN_IF_ERROR(scanner.Add(event));
    }
    RETURN_IF_ERROR(block.status());
  }
  RETURN_IF_ERROR(blocks->status());
  return scanner.Take();
}

}  // namespace payfold
