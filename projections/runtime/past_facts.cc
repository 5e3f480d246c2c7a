#include "projections/runtime/past_facts.h"

#include <algorithm>

#include "ledger/base/status_macros.h"
#include "projections/facts/load_reference.h"
#include "projections/runtime/prefix_tables.h"

namespace payfold {

absl::StatusOr<const FactReader*> PastFacts::FoldIfDue() const {
  if (const PrefixTables* folded = past_->folded()) return folded;
  if (past_->IsFoldDue()) return past_->Fold();
  return nullptr;
}

absl::StatusOr<std::string> PastFacts::GetDeal(uint32_t stream) const {
  if (!past_->HasStream(stream)) return std::string();
  ASSIGN_OR_RETURN(std::string encoded, live_->facts().GetDeal(stream));
  ASSIGN_OR_RETURN(const absl::string_view known, KnownFacts(encoded, position()));
  encoded.resize(known.size());
  return encoded;
}

absl::StatusOr<std::vector<Credit>> PastFacts::GetCredits(uint32_t participant,
                                                          int32_t month) const {
  std::vector<Credit> credits;
  RETURN_IF_ERROR(ReadCredits(participant, month, month, &credits));
  return credits;
}

absl::Status PastFacts::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                    std::vector<Credit>* credits) const {
  ASSIGN_OR_RETURN(const FactReader* folded, FoldIfDue());
  if (folded != nullptr) return folded->ReadCredits(participant, first, last, credits);
  ASSIGN_OR_RETURN(const std::shared_ptr<const PastMoment::Deals> deals,
                   past_->DealsOf(participant, *live_));
  const auto begin =
      std::partition_point(deals->credits.begin(), deals->credits.end(),
                           [first](const Credit& c) { return MonthOf(c.date) < first; });
  const auto end = std::partition_point(
      begin, deals->credits.end(), [last](const Credit& c) { return MonthOf(c.date) <= last; });
  credits->insert(credits->end(), begin, end);
  return absl::OkStatus();
}

absl::Status PastFacts::ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const {
  ASSIGN_OR_RETURN(const FactReader* folded, FoldIfDue());
  if (folded != nullptr) return folded->ReadTaken(participant, streams);
  ASSIGN_OR_RETURN(const std::shared_ptr<const PastMoment::Deals> deals,
                   past_->DealsOf(participant, *live_));
  streams->insert(streams->end(), deals->taken.begin(), deals->taken.end());
  return absl::OkStatus();
}

absl::Status PastFacts::ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                                    std::vector<MetricFact>* metrics) const {
  std::vector<MetricFact> all;
  RETURN_IF_ERROR(live_->facts().ReadMetrics(subject, first, last, &all));
  for (MetricFact& metric : all) {
    if (metric.position > position()) continue;
    if (metric.voided_at > position()) metric.voided_at = 0;
    metrics->push_back(std::move(metric));
  }
  return absl::OkStatus();
}

absl::Status PastFacts::ReadPosted(uint32_t participant, Date upto,
                                   std::vector<PostedEntry>* posted) const {
  std::vector<PostedEntry> all;
  RETURN_IF_ERROR(live_->facts().ReadPosted(participant, upto, &all));
  for (PostedEntry& entry : all) {
    if (entry.position <= position()) posted->push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> PastFacts::Marked(Mark mark) const {
  ASSIGN_OR_RETURN(const PrefixTables* folded, past_->Fold());
  return folded->Marked(mark);
}

absl::Status PastFacts::ForEachReference(const VisitReference& visit) const {
  const auto visit_known = [&](uint64_t at, absl::string_view entry) -> absl::Status {
    ASSIGN_OR_RETURN(const uint32_t kind, KindOfReference(entry));
    return past_->moment().Knows(at, kind) ? visit(at, entry) : absl::OkStatus();
  };
  return live_->facts().ForEachReference(visit_known);
}

absl::Status PastFacts::ForEachParticipant(const VisitParticipant& visit) const {
  return live_->facts().ForEachParticipant([&](uint32_t number, absl::string_view id) {
    if (past_->HasParticipant(number)) visit(number, id);
  });
}

absl::Status PastFacts::ForEachLastDay(const VisitLastDay& visit) const {
  ASSIGN_OR_RETURN(const PrefixTables* folded, past_->Fold());
  return folded->ForEachLastDay(visit);
}

absl::StatusOr<Date> PastFacts::LatestDayAt(uint64_t at) const {
  return live_->facts().LatestDayAt(std::min(at, position()));
}

}  // namespace payfold
