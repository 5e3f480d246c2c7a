#include "projections/daily_totals/totals_fold.h"

#include "absl/strings/match.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "projections/daily_totals/daily_totals_view.h"
#include "projections/daily_totals/deal_history.h"

namespace payfold {

absl::StatusOr<std::unique_ptr<TotalsFold>> TotalsFold::Load(EventLog* log,
                                                             rocksdb::ColumnFamilyHandle* family) {
  const StoredEntries entries{log->database(), family, nullptr, nullptr};
  WaitingVoids waiting;
  const auto add = [&waiting](absl::string_view key, absl::string_view value) -> absl::Status {
    uint64_t position = 0;
    if (!GetVarint64(&value, &position)) {
      return absl::DataLossError("a waiting void is damaged; rebuild the projection daily-totals");
    }
    waiting.emplace(std::string(key.substr(1)), position);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(entries.ForEach(FirstWaitingVoidKey(), EndOfWaitingVoidKeys(), add));
  return std::make_unique<TotalsFold>(log, family, std::move(waiting));
}

absl::Status TotalsFold::Add(const EventView& view) {
  if (!in_batch_) before_ = view.position - 1;
  in_batch_ = true;
  if ((TotalsKinds() & KindBit(view.kind)) == 0) return absl::OkStatus();
  if (waiting_.empty() && ordinary_.Read(view)) {
    Touch(view).facts.push_back(WithoutDetails<std::string>(ordinary_.fact()));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const v1::Event event, ParseEvent(view));
  if (view.kind == v1::Event::kFactVoided && !absl::StartsWith(event.stream(), "deals/")) {
    ASSIGN_OR_RETURN(const std::optional<uint64_t> voided, FindVoided(*log_, event, view.position));
    if (voided.has_value()) return absl::OkStatus();
    const std::string& id = event.fact_voided().event_id();
    if (!waiting_.emplace(id, view.position).second) return absl::OkStatus();
    return changes_.Put(WaitingVoidKey(id), EncodeWaitingVoid(view.position));
  }
  return AppendFacts(*log_, view, event, waiting_, &Touch(view).facts);
}

TotalsFold::Touched& TotalsFold::Touch(const EventView& view) {
  Touched& deal = deals_[view.stream];
  deal.is_new |= view.stream_version == 1;
  return deal;
}

absl::Status TotalsFold::Derive() {
  TotalsByDay changed;
  for (auto& [stream, touched] : deals_) {
    DealFacts deal;
    if (!touched.is_new) {
      ASSIGN_OR_RETURN(deal, ReadDeal(*log_, stream, before_, waiting_));
      AddDeal(deal, -1, &changed);
    }
    deal.facts.insert(deal.facts.end(), touched.facts.begin(), touched.facts.end());
    AddDeal(deal, 1, &changed);
  }
  deals_.clear();
  in_batch_ = false;
  for (auto& [key, totals] : changed) {
    const std::string entry = DayKey(key.first, key.second);
    ASSIGN_OR_RETURN(const std::string stored, changes_.entries().Get(entry));
    if (!stored.empty()) {
      ASSIGN_OR_RETURN(const DayTotals before, DecodeDayTotals(stored));
      totals.Add(before);
    }
    const std::string value = EncodeDayTotals(totals);
    RETURN_IF_ERROR(value.empty() ? changes_.Delete(entry) : changes_.Put(entry, value));
  }
  return absl::OkStatus();
}

std::shared_ptr<const ProjectionView> TotalsFold::MakeView(uint64_t position,
                                                           StoredSnapshot content) {
  return std::make_shared<const DailyTotalsView>(position, std::move(content));
}

}  // namespace payfold
