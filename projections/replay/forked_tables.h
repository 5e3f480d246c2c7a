// The fold's tables forked by reference: what a reader holds, with changes of their
// own on top. Nothing is copied but what is changed, and the reader notices nothing.

#ifndef PROJECTIONS_REPLAY_FORKED_TABLES_H_
#define PROJECTIONS_REPLAY_FORKED_TABLES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "projections/facts/fact_tables.h"

namespace payfold {

// One writer; any number of readers once it is not written any more.
class ForkedTables final : public FactTables {
 public:
  // `*under` must outlive it; what `under` points to never changes.
  explicit ForkedTables(const FactReader* under) : under_(under) {}

  absl::StatusOr<std::string> GetDeal(uint32_t stream) const override;
  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                 int32_t month) const override;
  absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                           std::vector<Credit>* credits) const override;
  absl::Status ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const override;
  absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                           std::vector<MetricFact>* metrics) const override;
  absl::Status ReadPosted(uint32_t participant, Date upto,
                          std::vector<PostedEntry>* posted) const override;
  absl::StatusOr<std::vector<uint32_t>> Marked(Mark mark) const override;
  absl::Status ForEachReference(const VisitReference& visit) const override;
  absl::Status ForEachParticipant(const VisitParticipant& visit) const override;
  absl::Status ForEachLastDay(const VisitLastDay& visit) const override;
  absl::StatusOr<Date> LatestDayAt(uint64_t position) const override;

  absl::Status PutDeal(uint32_t stream, absl::string_view encoded) override;
  absl::Status PutCredits(uint32_t participant, int32_t month,
                          absl::Span<const Credit> credits) override;
  absl::Status SetTaken(uint32_t participant, uint32_t stream, bool taken) override;
  absl::Status PutMetrics(const MetricSubject& subject, int32_t month,
                          absl::Span<const MetricFact> metrics) override;
  absl::Status PutPosted(uint32_t participant, const PostedEntry& posted) override;
  absl::Status SetMark(Mark mark, uint32_t stream, bool marked) override;
  absl::Status PutReference(uint64_t position, absl::string_view entry) override;
  absl::Status PutParticipant(uint32_t number, absl::string_view id) override;
  absl::Status PutLastDay(Date day, int64_t facts) override;
  absl::Status PutLatestDay(const DayStep& step) override;

  // Deals and metrics that were written, and the participants whose credits were.
  const std::map<uint32_t, std::string>& deals() const { return deals_; }
  const std::map<uint32_t, std::map<int32_t, std::vector<Credit>>>& credits() const {
    return credits_;
  }
  const std::map<MetricSubject, std::map<int32_t, std::vector<MetricFact>>>& metrics() const {
    return metrics_;
  }

 private:
  const FactReader* under_;
  // What was written, as the interface says; empty values hide what lies under them.
  std::map<uint32_t, std::string> deals_;                               // by stream
  std::map<uint32_t, std::map<int32_t, std::vector<Credit>>> credits_;  // by participant
  std::map<uint32_t, std::map<uint32_t, bool>> taken_;                  // by participant
  std::map<MetricSubject, std::map<int32_t, std::vector<MetricFact>>> metrics_;
  std::map<uint32_t, std::map<std::pair<Date, uint64_t>, PostedEntry>> posted_;
  std::map<Mark, std::map<uint32_t, bool>> marks_;
  std::map<uint64_t, std::string> reference_;
  std::map<uint32_t, std::string> participants_;
  std::map<Date, int64_t> last_days_;
  std::map<uint64_t, Date> latest_days_;
};

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_FORKED_TABLES_H_
