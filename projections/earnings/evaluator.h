// The evaluation: from a view of the facts to earning lines.
//
//   Evaluator evaluator(view);
//   ASSIGN_OR_RETURN(std::vector<EarnedLine> lines,
//                    evaluator.LinesOf(participant, payout_period));
//
// Each version of a plan pays its own segment of days: the difference of its
// elements at the segment's end and on the eve of its first day. Lines are made
// when they are asked for; one path serves statements, lists and explanations.
//
// Source: specification, calculation 8.

#ifndef PROJECTIONS_EARNINGS_EVALUATOR_H_
#define PROJECTIONS_EARNINGS_EVALUATOR_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "projections/earnings/group.h"

namespace payfold {

// A line with where it came from.
struct EarnedLine {
  std::shared_ptr<const Group> group;
  std::string line_id;
  std::string element;
  Period payout_period;
  Date date;
  // The days it pays for: the element at the end of `last` less that on the eve
  // of `first`.
  Days days;
  int64_t to_date = 0, before = 0, amount = 0;  // minor units
};

// Not thread-safe; keeps what it has read, so use one for a whole answer.
class Evaluator {
 public:
  explicit Evaluator(const FactsView& view) : view_(view) {}

  const FactsView& view() const { return view_; }

  // Non-zero lines paid in a payout period, by plan, date, component's place,
  // measurement period and element.
  // Errors: kFailedPrecondition if the ledger is not configured; kDataLoss.
  absl::StatusOr<std::vector<EarnedLine>> LinesOf(uint32_t participant, const Period& payout);

  // Payout periods, in order, in which the participant can have lines: from the
  // first day in a plan to the horizon.
  std::vector<Period> PayoutPeriodsOf(uint32_t participant);
  // The end of the longest period in use that holds the last dated fact.
  Date Horizon();

  // The group of a component in a measurement period, made with the deals behind
  // its contributions if `with_deals`.
  absl::StatusOr<std::shared_ptr<Group>> GroupOf(uint32_t participant, const PlanHistory& history,
                                                 const PublishedVersion& version,
                                                 const Component& component, const Period& period,
                                                 bool with_deals);
  // The measurement periods of a component that overlap some days.
  std::vector<Period> MeasurementPeriods(const Component& component, Days days) const;

  std::shared_ptr<const DaySet> InPlan(uint32_t participant, const PlanHistory& history);
  absl::StatusOr<std::shared_ptr<const Deal>> GetDeal(uint32_t stream);
  // Contributions of one deal to a group's measure.
  absl::StatusOr<std::vector<Contribution>> ContributionsToGroup(const Group& group,
                                                                 std::shared_ptr<const Deal> deal);

  // What was found undefined, missing or too large on the way.
  std::vector<v1::Exception> exceptions() const;

 private:
  using Members = std::vector<std::pair<uint32_t, DaySet>>;

  struct Segment {
    Days days;          // of the version, within the measurement period
    Days paid;          // what the payout period pays of it
    Date date;          // of the lines
    bool late = false;  // begins after its (payout and measurement) period
  };

  absl::Status AddLines(uint32_t participant, const PlanHistory& history, const Period& payout,
                        std::vector<EarnedLine>* lines);
  absl::Status AddComponentLines(uint32_t participant, const PlanHistory& history,
                                 const VersionRun& run, const Component& component,
                                 const Period& payout, std::vector<EarnedLine>* lines);
  absl::Status AddSegmentLines(uint32_t participant, const PlanHistory& history,
                               const VersionRun& run, const Component& component,
                               const Period& period, const Segment& segment, const Period& payout,
                               std::vector<EarnedLine>* lines);
  struct ElementAmount {
    int64_t to_date = 0, before = 0;  // rounded minor units
  };
  using ElementAmounts = std::map<std::string, ElementAmount>;

  absl::StatusOr<ElementAmounts> AmountsOf(const Group& group, const Segment& segment) const;
  absl::StatusOr<bool> HasLateCancellation(uint32_t participant, const DaySet& in_plan,
                                           const Component& component, Days days);
  std::shared_ptr<const Members> MembersInScope(uint32_t participant, Scope scope);
  MeasureContext ContextOf(const Group& group, const Measure& measure);
  absl::StatusOr<std::vector<Contribution>> MeasureOf(const Group& group, const Measure& measure,
                                                      bool with_deals);
  std::optional<Sourced> TargetOf(const Group& group, const Target& target, const Measure& measure);
  void NoteForeignIncentives(const Group& group);
  void AddException(absl::string_view kind, uint64_t position, std::string subject,
                    std::string message);

  const FactsView& view_;
  std::map<std::pair<uint32_t, const PlanHistory*>, std::shared_ptr<const DaySet>> in_plan_;
  std::map<std::pair<uint32_t, Scope>, std::shared_ptr<const Members>> members_;
  absl::flat_hash_map<uint32_t, std::shared_ptr<const Deal>> deals_;
  std::map<std::tuple<std::string, std::string, std::string>, uint64_t> exceptions_;
};

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_EVALUATOR_H_
