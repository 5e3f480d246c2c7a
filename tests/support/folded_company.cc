#include "tests/support/folded_company.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/statements/lookup.h"

namespace payfold_testing {

using payfold::EarnedLine;
using payfold::EventView;
using payfold::Period;

namespace {

uint32_t NumberOf(const std::string& name, std::map<std::string, uint32_t>* numbers) {
  return numbers->try_emplace(name, static_cast<uint32_t>(numbers->size())).first->second;
}

}  // namespace

FoldedCompany::FoldedCompany() : tables_(std::make_shared<payfold::MemoryTables>()) {
  const payfold::FindPosition find_position =
      [this](absl::string_view event_id) -> absl::StatusOr<std::optional<uint64_t>> {
    auto at = positions_.find(std::string(event_id));
    if (at == positions_.end()) return std::nullopt;
    return at->second;
  };
  fold_ = std::make_unique<payfold::Fold>(tables_.get(), payfold::Reference(), find_position);
}

absl::Status FoldedCompany::Add(const payfold::v1::Event& event, bool derive) {
  std::vector<uint32_t> participants;
  for (const std::string& id : payfold::ParticipantsOf(event)) {
    participants.push_back(NumberOf(id, &participants_));
  }
  const std::string bytes = event.SerializeAsString();
  EventView view;
  view.position = event.position();
  view.kind = payfold::KindOf(event);
  view.stream = NumberOf(event.stream(), &streams_);
  view.stream_version = event.stream_version();
  view.participants = participants;
  view.bytes = bytes;
  RETURN_IF_ERROR(fold_->Add(view));
  positions_[event.event_id()] = event.position();
  events_[event.position()] = event;
  position_ = event.position();
  return derive ? fold_->Derive() : absl::OkStatus();
}

absl::Status FoldedCompany::AddAll(const std::vector<payfold::v1::Event>& events) {
  for (const payfold::v1::Event& event : events) RETURN_IF_ERROR(Add(event, false));
  return fold_->Derive();
}

payfold::FactsView FoldedCompany::View() {
  const payfold::FindDealStream find_deal =
      [this](absl::string_view deal_id) -> absl::StatusOr<std::optional<uint32_t>> {
    auto at = streams_.find(absl::StrCat("deals/", deal_id));
    if (at == streams_.end()) return std::nullopt;
    return at->second;
  };
  const payfold::ReadEvent read_event =
      [this](uint64_t position) -> absl::StatusOr<payfold::v1::Event> {
    const auto at = events_.find(position);
    if (at == events_.end()) return absl::DataLossError("there is no such event");
    return at->second;
  };
  return payfold::FactsView(position_, position_, fold_->reference().Publish(), tables_, find_deal,
                            read_event);
}

// What is paid where it is no money.
std::string RewardOf(const EarnedLine& line) {
  if (line.is_money()) return "";
  const payfold::Reward& reward = line.group->component->reward;
  return reward.kind == payfold::Reward::Kind::kPoints ? " points" : absl::StrCat(" ", reward.name);
}

std::string EngineLines(const payfold::FactsView& view, payfold::Date horizon) {
  payfold::Evaluator evaluator(view);
  std::vector<std::string> texts;
  const payfold::Org& org = *view.reference().org;
  std::vector<Period> periods;
  for (uint32_t participant = 0; participant < org.size(); ++participant) {
    std::optional<payfold::Date> first;
    for (const auto& [plan_id, history] : *view.reference().plans) {
      const auto start = evaluator.InPlan(participant, history)->first();
      if (start.has_value()) first = std::min(first.value_or(*start), *start);
    }
    if (!first.has_value() || !view.reference().configuration.has_value()) continue;
    // A deal may be cancelled before its participant comes, and credited later.
    for (const Period& payout : payfold::PayoutPeriodsIn(view.reference(), *first - 120, horizon)) {
      absl::StatusOr<std::vector<EarnedLine>> lines = evaluator.LinesOf(participant, payout);
      if (!lines.ok()) return lines.status().ToString();
      for (const EarnedLine& line : *lines) {
        if (horizon < line.date || line.amount == 0) continue;
        texts.push_back(absl::StrCat(line.line_id, " ", line.date.ToString(), " ", line.amount,
                                     RewardOf(line), " v", line.version->version, "\n"));
      }
    }
  }
  std::sort(texts.begin(), texts.end());
  return absl::StrJoin(texts, "");
}

}  // namespace payfold_testing
