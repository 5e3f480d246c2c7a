#include "projections/runtime/prefix_scan.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/arena.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/fold.h"

namespace payfold {
namespace {

class PieceScanner {
 public:
  PieceScanner(uint64_t position, uint64_t plans_position)
      : position_(position),
        plans_position_(plans_position),
        arena_memory_(kArenaBytes),
        arena_(arena_memory_.data(), arena_memory_.size()) {}

  absl::Status Add(const EventView& view) {
    if (!IsWanted(view)) return absl::OkStatus();
    const bool is_deal = IsDealKind(view.kind);
    if (IsFolded(view.kind) && !is_deal) {
      piece_.others.emplace_back(view);
      return absl::OkStatus();
    }
    if (!is_deal && view.participants.empty()) return absl::OkStatus();
    auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
    if (!event->ParseFromArray(view.bytes.data(), static_cast<int>(view.bytes.size()))) {
      return absl::DataLossError(absl::StrCat("the stored bytes of event ", view.position,
                                              " are no event; run a verification"));
    }
    const std::vector<std::string> ids = ParticipantsOf(*event);
    Mention(ids, view.participants);
    if (is_deal) RETURN_IF_ERROR(AddDealEvent(view, *event, ids));
    if (++parsed_ % kEventsPerArena == 0) arena_.Reset();
    return absl::OkStatus();
  }

  ScannedPiece Take() { return std::move(piece_); }

 private:
  static constexpr int kEventsPerArena = 16;
  static constexpr size_t kArenaBytes = size_t{32} << 10;

  bool IsWanted(const EventView& view) const {
    switch (view.kind) {
      case v1::Event::kPlanPublished:
      case v1::Event::kPlanRetired:
        return view.position <= plans_position_;
      default:
        return view.position <= position_;
    }
  }

  void Mention(const std::vector<std::string>& ids, absl::Span<const uint32_t> numbers) {
    for (size_t i = 0; i < ids.size() && i < numbers.size(); ++i) {
      if (numbers[i] >= mentioned_.size()) mentioned_.resize(numbers[i] + 1);
      if (mentioned_[numbers[i]]) continue;
      mentioned_[numbers[i]] = true;
      piece_.mentions.emplace_back(numbers[i], ids[i]);
    }
  }

  absl::Status AddDealEvent(const EventView& view, const v1::Event& event,
                            const std::vector<std::string>& ids) {
    ASSIGN_OR_RETURN(DealFact fact, DealFactOf(event, NumbersOf(ids, view.participants)));
    fact.position = view.position;
    encoded_.clear();
    if (view.stream_version == 1) {
      AppendDealId(absl::StripPrefix(event.stream(), "deals/"), &encoded_);
    }
    AppendDealFact(fact, &encoded_);
    const size_t shard = view.stream / kStreamsPerShard;
    if (shard >= piece_.deals.size()) piece_.deals.resize(shard + 1);
    piece_.deals[shard].Add(view.stream, encoded_);
    return absl::OkStatus();
  }

  uint64_t position_;
  uint64_t plans_position_;
  ScannedPiece piece_;
  std::vector<bool> mentioned_;
  std::vector<char> arena_memory_;  // Kept when the arena is reset.
  google::protobuf::Arena arena_;
  int parsed_ = 0;
  std::string encoded_;
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

void DealRecords::Add(uint32_t stream, absl::string_view encoded) {
  PutVarint64(&bytes_, stream);
  PutLengthPrefixed(&bytes_, encoded);
}

bool DealRecords::Next(absl::string_view* records, uint32_t* stream, absl::string_view* encoded) {
  uint64_t number = 0;
  if (!GetVarint64(records, &number) || !GetLengthPrefixed(records, encoded)) return false;
  *stream = static_cast<uint32_t>(number);
  return true;
}

absl::StatusOr<ScannedPiece> ScanPiece(const EventLog& log, uint64_t first, uint64_t last,
                                       uint64_t position, uint64_t plans_position) {
  PieceScanner scanner(position, plans_position);
  const std::unique_ptr<BlockCursor> blocks = log.ReadBlocks(first, last);
  while (blocks->Next()) {
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
