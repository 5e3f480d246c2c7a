// What changed a closed payout period: the facts that were recorded after the last
// fold that was posted, and that touch it.
//
// A difference is named by what is known now: the facts behind its lines, changes of
// the participant's deals (also of those that somebody else has now), of their state,
// plans, targets and rates. A fact is taken too many rather than one too few.

#ifndef PROJECTIONS_STATEMENTS_CAUSES_H_
#define PROJECTIONS_STATEMENTS_CAUSES_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/statement.pb.h"
#include "projections/earnings/evaluator.h"
#include "projections/facts/facts_view.h"

namespace payfold {

// What many participants' causes have in common. The view must outlive it.
class LateFacts {
 public:
  // Changes of the reference that concern somebody or everybody.
  struct Change {
    uint64_t position = 0;
    Date from;           // takes effect
    std::string plan;    // empty: not of one plan
    std::string person;  // id, team or "*"; empty: everybody
  };
  explicit LateFacts(const FactsView& view);

  // The last position that was posted; 0: nothing was ever closed.
  uint64_t since() const { return since_; }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void AddPlans();
  void AddQuotas();
  void AddVoids();

  const FactsView& view_;
  uint64_t since_;
  std::vector<Change> changes_;
};

// One participant's. Not thread-safe; its arguments must outlive it.
class CauseFinder {
 public:
  CauseFinder(Evaluator* evaluator, uint32_t participant, const LateFacts& late)
      : evaluator_(evaluator), participant_(participant), late_(late) {}

  // Sets the cause and the positions of a difference. Errors: those of the evaluation.
  absl::Status SetCause(v1::PriorPeriodAdjustment* difference);

 private:
  // A deal with facts after the last fold that was posted.
  struct LateDeal {
    std::vector<Date> dates;  // that its facts state
    std::vector<uint64_t> positions;
  };
  using Positions = std::set<uint64_t>;

  absl::Status AddFromLines(const Period& origin, absl::string_view plan_id, Positions* positions);
  void AddFromReference(const Period& origin, absl::string_view plan_id, Positions* positions);
  void AddOwnFacts(const Period& origin, absl::string_view plan_id, Positions* positions);
  // Of deals with a date from `first` to the end of the origin.
  absl::Status AddFromDeals(Date first, const Period& origin, Positions* positions);
  absl::Status ReadDeals();
  absl::StatusOr<std::string> Sentence(const Positions& positions) const;

  Evaluator* evaluator_;
  uint32_t participant_;
  const LateFacts& late_;
  std::optional<std::vector<LateDeal>> deals_;
};

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_CAUSES_H_
