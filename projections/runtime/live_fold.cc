#include "projections/runtime/live_fold.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Bounds the memory that uncommitted changes take, and the time to the next view.
constexpr uint64_t kBatchEvents = 10'000;

// In order of key: neighbours are found, and written, faster.
template <typename Map>
std::vector<typename Map::key_type> SortedKeys(const Map& map) {
  std::vector<typename Map::key_type> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

absl::StatusOr<std::string> BatchTables::GetDeal(uint32_t stream) const {
  if (auto found = deals_.find(stream); found != deals_.end()) return found->second;
  if (stream >= first_new_) return std::string();
  return committed_.GetDeal(stream);
}

absl::StatusOr<std::vector<Credit>> BatchTables::GetCredits(uint32_t participant,
                                                            int32_t month) const {
  if (auto found = credits_.find({participant, month}); found != credits_.end()) {
    return found->second;
  }
  return committed_.GetCredits(participant, month);
}

absl::Status BatchTables::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                      std::vector<Credit>* credits) const {
  for (int32_t month = first; month <= last; ++month) {
    ASSIGN_OR_RETURN(const std::vector<Credit> of_month, GetCredits(participant, month));
    credits->insert(credits->end(), of_month.begin(), of_month.end());
  }
  return absl::OkStatus();
}

absl::Status BatchTables::ForEachLastDay(const VisitLastDay& visit) const {
  std::map<Date, int64_t> days = days_;
  RETURN_IF_ERROR(
      stored_->ForEachLastDay([&days](Date day, int64_t deals) { days.try_emplace(day, deals); }));
  for (const auto& [day, deals] : days) {
    if (deals != 0) visit(day, deals);
  }
  return absl::OkStatus();
}

absl::Status BatchTables::PutDeal(uint32_t stream, absl::string_view encoded) {
  deals_[stream] = std::string(encoded);
  first_new_ = std::max(first_new_, stream + 1);
  return absl::OkStatus();
}

absl::Status BatchTables::PutCredits(uint32_t participant, int32_t month,
                                     absl::Span<const Credit> credits) {
  credits_[{participant, month}].assign(credits.begin(), credits.end());
  return absl::OkStatus();
}

absl::Status BatchTables::PutLastDay(Date day, int64_t deals) {
  days_[day] = deals;
  return absl::OkStatus();
}

absl::Status BatchTables::Commit(uint64_t position) {
  for (uint32_t stream : SortedKeys(deals_)) {
    RETURN_IF_ERROR(stored_->PutDeal(stream, deals_[stream]));
  }
  for (const Month& key : SortedKeys(credits_)) {
    RETURN_IF_ERROR(stored_->PutCredits(key.first, key.second, credits_[key]));
  }
  for (const auto& [day, deals] : days_) RETURN_IF_ERROR(stored_->PutLastDay(day, deals));
  RETURN_IF_ERROR(stored_->Commit(position));
  deals_.clear();
  credits_.clear();
  days_.clear();
  return absl::OkStatus();
}

FindPosition FindPositionIn(const EventLog* log) {
  return [log](absl::string_view event_id) -> absl::StatusOr<std::optional<uint64_t>> {
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, log->FindEventId(event_id));
    if (!known.has_value()) return std::nullopt;
    return known->position;
  };
}

absl::StatusOr<std::optional<uint32_t>> FindDealStreamIn(const EventLog& log,
                                                         absl::string_view deal_id) {
  return log.FindStream(absl::StrCat("deals/", deal_id));
}

std::shared_ptr<const FactsView> MakeFactsView(const EventLog* log, uint64_t position,
                                               uint64_t plans_position,
                                               std::shared_ptr<const Reference> reference,
                                               std::shared_ptr<const FactReader> facts) {
  FindDealStream find =
      [log, facts](absl::string_view deal_id) -> absl::StatusOr<std::optional<uint32_t>> {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> stream, FindDealStreamIn(*log, deal_id));
    if (!stream.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(const std::string known, facts->GetDeal(*stream));
    if (known.empty()) return std::nullopt;
    return stream;
  };
  return std::make_shared<const FactsView>(position, plans_position, std::move(reference), facts,
                                           std::move(find));
}

// What cannot be counted may all be stored.
LiveFold::LiveFold(EventLog* log, std::shared_ptr<Generation> generation)
    : log_(log),
      generation_(std::move(generation)),
      stored_(log, generation_->family()),
      tables_(&stored_, {log->database(), generation_->family(), nullptr, nullptr},
              log->stream_count().value_or(std::numeric_limits<uint32_t>::max())) {}

absl::StatusOr<std::unique_ptr<LiveFold>> LiveFold::Load(EventLog* log,
                                                         std::shared_ptr<Generation> generation) {
  auto live = std::unique_ptr<LiveFold>(new LiveFold(log, std::move(generation)));
  ASSIGN_OR_RETURN(const uint64_t position, live->stored_.ReadCheckpoint());
  ASSIGN_OR_RETURN(Reference reference, LoadReference(live->tables_));
  live->Start(position, std::move(reference));
  return live;
}

std::unique_ptr<LiveFold> LiveFold::At(uint64_t position, Reference reference, EventLog* log,
                                       std::shared_ptr<Generation> generation) {
  auto live = std::unique_ptr<LiveFold>(new LiveFold(log, std::move(generation)));
  live->Start(position, std::move(reference));
  return live;
}

void LiveFold::Start(uint64_t position, Reference reference) {
  position_ = position;
  fold_ = std::make_unique<Fold>(&tables_, std::move(reference), FindPositionIn(log_));
}

absl::Status LiveFold::FoldBatch(uint64_t last) {
  const uint64_t end = std::min({last, log_->head(), position_ + kBatchEvents});
  if (end <= position_) return absl::OkStatus();
  const std::unique_ptr<EventCursor> events = log_->Read({.first = position_ + 1, .last = end});
  while (events->Next()) RETURN_IF_ERROR(fold_->Add(events->event()));
  RETURN_IF_ERROR(events->status());
  RETURN_IF_ERROR(fold_->Derive());
  RETURN_IF_ERROR(tables_.Commit(end));
  position_ = end;
  return absl::OkStatus();
}

std::shared_ptr<const FactsView> LiveFold::Publish() {
  return MakeFactsView(log_, position_, position_, fold_->reference().Publish(),
                       generation_->TakeSnapshot());
}

}  // namespace payfold
