#include "projections/facts/memory_tables.h"

#include <iterator>

#include "ledger/base/status_macros.h"

namespace payfold {

absl::StatusOr<std::string> MemoryTables::GetDeal(uint32_t stream) const {
  return stream < deals_.size() ? deals_[stream] : std::string();
}

absl::StatusOr<std::vector<Credit>> MemoryTables::GetCredits(uint32_t participant,
                                                             int32_t month) const {
  std::vector<Credit> credits;
  RETURN_IF_ERROR(ReadCredits(participant, month, month, &credits));
  return credits;
}

absl::Status MemoryTables::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                       std::vector<Credit>* credits) const {
  if (participant >= credits_.size()) return absl::OkStatus();
  const std::map<int32_t, std::vector<Credit>>& months = credits_[participant];
  for (auto at = months.lower_bound(first); at != months.end() && at->first <= last; ++at) {
    credits->insert(credits->end(), at->second.begin(), at->second.end());
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const {
  const auto taken = taken_.find(participant);
  if (taken == taken_.end()) return absl::OkStatus();
  streams->insert(streams->end(), taken->second.begin(), taken->second.end());
  return absl::OkStatus();
}

absl::Status MemoryTables::ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                                       std::vector<MetricFact>* metrics) const {
  const auto months = metrics_.find(subject);
  if (months == metrics_.end()) return absl::OkStatus();
  for (auto at = months->second.lower_bound(first); at != months->second.end() && at->first <= last;
       ++at) {
    metrics->insert(metrics->end(), at->second.begin(), at->second.end());
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::ReadPosted(uint32_t participant, Date upto,
                                      std::vector<PostedEntry>* posted) const {
  const auto of_participant = posted_.find(participant);
  if (of_participant == posted_.end()) return absl::OkStatus();
  for (const auto& [key, entry] : of_participant->second) {
    if (upto < entry.first_day) break;
    posted->push_back(entry);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> MemoryTables::Marked(Mark mark) const {
  auto at = marks_.find(mark);
  if (at == marks_.end()) return std::vector<uint32_t>();
  return std::vector<uint32_t>(at->second.begin(), at->second.end());
}

absl::Status MemoryTables::ForEachReference(const VisitReference& visit) const {
  for (const auto& [position, entry] : reference_) RETURN_IF_ERROR(visit(position, entry));
  return absl::OkStatus();
}

absl::Status MemoryTables::ForEachParticipant(const VisitParticipant& visit) const {
  for (const auto& [number, id] : participants_) visit(number, id);
  return absl::OkStatus();
}

absl::Status MemoryTables::ForEachLastDay(const VisitLastDay& visit) const {
  for (const auto& [day, facts] : last_days_) visit(day, facts);
  return absl::OkStatus();
}

absl::StatusOr<Date> MemoryTables::LatestDayAt(uint64_t position) const {
  const auto after = latest_days_.upper_bound(position);
  return after == latest_days_.begin() ? Date::Min() : std::prev(after)->second;
}

absl::Status MemoryTables::PutDeal(uint32_t stream, absl::string_view encoded) {
  if (stream >= deals_.size()) deals_.resize(stream + 1);
  deals_[stream].assign(encoded.data(), encoded.size());
  return absl::OkStatus();
}

absl::Status MemoryTables::PutCredits(uint32_t participant, int32_t month,
                                      absl::Span<const Credit> credits) {
  if (participant >= credits_.size()) credits_.resize(participant + 1);
  if (credits.empty()) {
    credits_[participant].erase(month);
  } else {
    credits_[participant][month].assign(credits.begin(), credits.end());
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::SetTaken(uint32_t participant, uint32_t stream, bool taken) {
  if (taken) {
    taken_[participant].insert(stream);
  } else {
    taken_[participant].erase(stream);
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::PutMetrics(const MetricSubject& subject, int32_t month,
                                      absl::Span<const MetricFact> metrics) {
  if (metrics.empty()) {
    metrics_[subject].erase(month);
  } else {
    metrics_[subject][month].assign(metrics.begin(), metrics.end());
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::PutPosted(uint32_t participant, const PostedEntry& posted) {
  posted_[participant][{posted.first_day, posted.position}] = posted;
  return absl::OkStatus();
}

absl::Status MemoryTables::SetMark(Mark mark, uint32_t stream, bool marked) {
  if (marked) {
    marks_[mark].insert(stream);
  } else {
    marks_[mark].erase(stream);
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::PutReference(uint64_t position, absl::string_view entry) {
  if (entry.empty()) {
    reference_.erase(position);
  } else {
    reference_[position] = std::string(entry);
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::PutParticipant(uint32_t number, absl::string_view id) {
  participants_[number] = std::string(id);
  return absl::OkStatus();
}

absl::Status MemoryTables::PutLastDay(Date day, int64_t facts) {
  if (facts == 0) {
    last_days_.erase(day);
  } else {
    last_days_[day] = facts;
  }
  return absl::OkStatus();
}

absl::Status MemoryTables::PutLatestDay(const DayStep& step) {
  latest_days_[step.position] = step.day;
  return absl::OkStatus();
}

absl::Status MemoryTables::CopyTo(FactWriter* tables) const {
  for (uint32_t stream = 0; stream < deals_.size(); ++stream) {
    if (deals_[stream].empty()) continue;
    RETURN_IF_ERROR(tables->PutDeal(stream, deals_[stream]));
  }
  for (uint32_t participant = 0; participant < credits_.size(); ++participant) {
    for (const auto& [month, credits] : credits_[participant]) {
      RETURN_IF_ERROR(tables->PutCredits(participant, month, credits));
    }
  }
  for (const auto& [mark, streams] : marks_) {
    for (uint32_t stream : streams) RETURN_IF_ERROR(tables->SetMark(mark, stream, true));
  }
  for (const auto& [position, entry] : reference_) {
    RETURN_IF_ERROR(tables->PutReference(position, entry));
  }
  for (const auto& [number, id] : participants_) {
    RETURN_IF_ERROR(tables->PutParticipant(number, id));
  }
  for (const auto& [day, facts] : last_days_) RETURN_IF_ERROR(tables->PutLastDay(day, facts));
  for (const auto& [subject, months] : metrics_) {
    for (const auto& [month, metrics] : months) {
      RETURN_IF_ERROR(tables->PutMetrics(subject, month, metrics));
    }
  }
  for (const auto& [participant, entries] : posted_) {
    for (const auto& [key, entry] : entries) {
      RETURN_IF_ERROR(tables->PutPosted(participant, entry));
    }
  }
  for (const auto& [position, day] : latest_days_) {
    RETURN_IF_ERROR(tables->PutLatestDay({position, day}));
  }
  for (const auto& [participant, streams] : taken_) {
    for (uint32_t stream : streams) RETURN_IF_ERROR(tables->SetTaken(participant, stream, true));
  }
  return absl::OkStatus();
}

}  // namespace payfold
