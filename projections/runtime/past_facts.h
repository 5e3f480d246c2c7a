// The facts of a past moment, read on demand: what is asked for is derived from the
// tables as they are now, which forget nothing. The evaluation reads of a past moment
// what it would read of the present, of others too where a component depends on them.

#ifndef PROJECTIONS_RUNTIME_PAST_FACTS_H_
#define PROJECTIONS_RUNTIME_PAST_FACTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "projections/facts/fact_tables.h"
#include "projections/facts/facts_view.h"
#include "projections/runtime/past_moment.h"

namespace payfold {

// Everything it gives is what the fold of the prefix holds. What is about all deals
// (marks, days), and the credits of very many, is read from that fold.
class PastFacts final : public FactReader {
 public:
  // `live` is folded at least as far as the moment.
  PastFacts(std::shared_ptr<PastMoment> past, std::shared_ptr<const FactsView> live)
      : past_(std::move(past)), live_(std::move(live)) {}

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

 private:
  uint64_t position() const { return past_->moment().position; }
  // The fold, if there is one or it is due; else null.
  absl::StatusOr<const FactReader*> FoldIfDue() const;

  std::shared_ptr<PastMoment> past_;
  std::shared_ptr<const FactsView> live_;
};

}  // namespace payfold

#endif  // PROJECTIONS_RUNTIME_PAST_FACTS_H_
