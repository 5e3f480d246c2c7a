#include "projections/replay/forked_tables.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Puts the months that were written in place of those of `*entries` from index `from`.
template <typename Entry>
void ReplaceMonths(const std::map<int32_t, std::vector<Entry>>& written, int32_t first,
                   int32_t last, size_t from, std::vector<Entry>* entries) {
  const auto begin = written.lower_bound(first);
  const auto end = written.upper_bound(last);
  if (begin == end) return;
  entries->erase(
      std::remove_if(
          entries->begin() + static_cast<std::ptrdiff_t>(from), entries->end(),
          [&written](const Entry& entry) { return written.count(MonthOf(entry.date)) != 0; }),
      entries->end());
  for (auto at = begin; at != end; ++at) {
    entries->insert(entries->end(), at->second.begin(), at->second.end());
  }
}

// Takes in what was written of each stream to those of `*streams` from index `from`,
// which are in order.
void ReplaceStreams(const std::map<uint32_t, bool>& written, size_t from,
                    std::vector<uint32_t>* streams) {
  const auto is_written = [&written](uint32_t stream) { return written.count(stream) != 0; };
  const auto begin = streams->begin() + static_cast<std::ptrdiff_t>(from);
  streams->erase(std::remove_if(begin, streams->end(), is_written), streams->end());
  for (const auto& [stream, is_there] : written) {
    if (is_there) streams->push_back(stream);
  }
  std::sort(streams->begin() + static_cast<std::ptrdiff_t>(from), streams->end());
}

}  // namespace

absl::StatusOr<std::string> ForkedTables::GetDeal(uint32_t stream) const {
  const auto at = deals_.find(stream);
  return at == deals_.end() ? under_->GetDeal(stream) : at->second;
}

absl::StatusOr<std::vector<Credit>> ForkedTables::GetCredits(uint32_t participant,
                                                             int32_t month) const {
  std::vector<Credit> credits;
  RETURN_IF_ERROR(ReadCredits(participant, month, month, &credits));
  return credits;
}

absl::Status ForkedTables::ReadCredits(uint32_t participant, int32_t first, int32_t last,
                                       std::vector<Credit>* credits) const {
  const size_t from = credits->size();
  RETURN_IF_ERROR(under_->ReadCredits(participant, first, last, credits));
  const auto at = credits_.find(participant);
  if (at != credits_.end()) ReplaceMonths(at->second, first, last, from, credits);
  return absl::OkStatus();
}

absl::Status ForkedTables::ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const {
  const size_t from = streams->size();
  RETURN_IF_ERROR(under_->ReadTaken(participant, streams));
  const auto at = taken_.find(participant);
  if (at != taken_.end()) ReplaceStreams(at->second, from, streams);
  return absl::OkStatus();
}

absl::Status ForkedTables::ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                                       std::vector<MetricFact>* metrics) const {
  const size_t from = metrics->size();
  RETURN_IF_ERROR(under_->ReadMetrics(subject, first, last, metrics));
  const auto at = metrics_.find(subject);
  if (at == metrics_.end()) return absl::OkStatus();
  ReplaceMonths(at->second, first, last, from, metrics);
  std::sort(metrics->begin() + static_cast<std::ptrdiff_t>(from), metrics->end(),
            [](const MetricFact& a, const MetricFact& b) {
              return std::tie(a.date, a.position) < std::tie(b.date, b.position);
            });
  return absl::OkStatus();
}

absl::Status ForkedTables::ReadPosted(uint32_t participant, Date upto,
                                      std::vector<PostedEntry>* posted) const {
  const size_t from = posted->size();
  RETURN_IF_ERROR(under_->ReadPosted(participant, upto, posted));
  const auto at = posted_.find(participant);
  if (at == posted_.end()) return absl::OkStatus();
  for (const auto& [key, entry] : at->second) {
    if (entry.first_day <= upto) posted->push_back(entry);
  }
  std::sort(posted->begin() + static_cast<std::ptrdiff_t>(from), posted->end(),
            [](const PostedEntry& a, const PostedEntry& b) {
              return std::tie(a.first_day, a.position) < std::tie(b.first_day, b.position);
            });
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> ForkedTables::Marked(Mark mark) const {
  ASSIGN_OR_RETURN(std::vector<uint32_t> marked, under_->Marked(mark));
  const auto at = marks_.find(mark);
  if (at != marks_.end()) ReplaceStreams(at->second, 0, &marked);
  return marked;
}

absl::Status ForkedTables::ForEachReference(const VisitReference& visit) const {
  auto written = reference_.begin();
  const auto visit_written_up_to = [&](uint64_t position) -> absl::Status {
    for (; written != reference_.end() && written->first <= position; ++written) {
      if (!written->second.empty()) RETURN_IF_ERROR(visit(written->first, written->second));
    }
    return absl::OkStatus();
  };
  const auto visit_under = [&](uint64_t position, absl::string_view entry) -> absl::Status {
    RETURN_IF_ERROR(visit_written_up_to(position));
    return reference_.count(position) != 0 ? absl::OkStatus() : visit(position, entry);
  };
  RETURN_IF_ERROR(under_->ForEachReference(visit_under));
  return visit_written_up_to(UINT64_MAX);
}

absl::Status ForkedTables::ForEachParticipant(const VisitParticipant& visit) const {
  RETURN_IF_ERROR(under_->ForEachParticipant(visit));
  for (const auto& [number, id] : participants_) visit(number, id);
  return absl::OkStatus();
}

absl::Status ForkedTables::ForEachLastDay(const VisitLastDay& visit) const {
  std::map<Date, int64_t> days;
  RETURN_IF_ERROR(under_->ForEachLastDay([&days](Date day, int64_t facts) { days[day] = facts; }));
  for (const auto& [day, facts] : last_days_) days[day] = facts;
  for (const auto& [day, facts] : days) {
    if (facts != 0) visit(day, facts);
  }
  return absl::OkStatus();
}

absl::StatusOr<Date> ForkedTables::LatestDayAt(uint64_t position) const {
  const auto after = latest_days_.upper_bound(position);
  return after == latest_days_.begin() ? under_->LatestDayAt(position) : std::prev(after)->second;
}

absl::Status ForkedTables::PutDeal(uint32_t stream, absl::string_view encoded) {
  deals_[stream] = std::string(encoded);
  return absl::OkStatus();
}

absl::Status ForkedTables::PutCredits(uint32_t participant, int32_t month,
                                      absl::Span<const Credit> credits) {
  credits_[participant][month].assign(credits.begin(), credits.end());
  return absl::OkStatus();
}

absl::Status ForkedTables::SetTaken(uint32_t participant, uint32_t stream, bool taken) {
  taken_[participant][stream] = taken;
  return absl::OkStatus();
}

absl::Status ForkedTables::PutMetrics(const MetricSubject& subject, int32_t month,
                                      absl::Span<const MetricFact> metrics) {
  metrics_[subject][month].assign(metrics.begin(), metrics.end());
  return absl::OkStatus();
}

absl::Status ForkedTables::PutPosted(uint32_t participant, const PostedEntry& posted) {
  posted_[participant][{posted.first_day, posted.position}] = posted;
  return absl::OkStatus();
}

absl::Status ForkedTables::SetMark(Mark mark, uint32_t stream, bool marked) {
  marks_[mark][stream] = marked;
  return absl::OkStatus();
}

absl::Status ForkedTables::PutReference(uint64_t position, absl::string_view entry) {
  reference_[position] = std::string(entry);
  return absl::OkStatus();
}

absl::Status ForkedTables::PutParticipant(uint32_t number, absl::string_view id) {
  participants_[number] = std::string(id);
  return absl::OkStatus();
}

absl::Status ForkedTables::PutLastDay(Date day, int64_t facts) {
  last_days_[day] = facts;
  return absl::OkStatus();
}

absl::Status ForkedTables::PutLatestDay(const DayStep& step) {
  latest_days_[step.position] = step.day;
  return absl::OkStatus();
}

}  // namespace payfold
