// The evaluation: from a view of the facts to earning lines.
//
//   Evaluator evaluator(view);
//   ASSIGN_OR_RETURN(std::vector<EarnedLine> lines,
//                    evaluator.LinesOf(participant, payout_period));
//
// Each version of a plan pays its own segment of days: the difference of its
// amounts at the segment's end and on the eve of its first day. Lines are made
// when they are asked for; one path serves statements, lists and explanations.
//
//   lines of a group    evaluator_lines.cc, evaluator_clawback.cc
//   groups, measures    evaluator_{group,targets,people,rank_pool,measures}.cc
//   plan cap, budget    evaluator_limits.cc
//
// Source: specification, calculation 5 to 8.

#ifndef PROJECTIONS_EARNINGS_EVALUATOR_H_
#define PROJECTIONS_EARNINGS_EVALUATOR_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "projections/earnings/amounts.h"
#include "projections/earnings/earned_line.h"
#include "projections/earnings/group.h"

namespace payfold {

// Not thread-safe; keeps what it has read, so use one for a whole answer.
class Evaluator {
 public:
  explicit Evaluator(const FactsView& view) : view_(view) {}
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  const FactsView& view() const { return view_; }
  const Reference& reference() const { return view_.reference(); }

  // Lines paid in a payout period, by plan, date, component's place, measurement
  // period and element; after plan caps and budgets. None is zero but those that
  // explain what a cap cut off.
  // Errors: kFailedPrecondition if the ledger is not configured; kDataLoss.
  absl::StatusOr<std::vector<EarnedLine>> LinesOf(uint32_t participant, const Period& payout);

  // The first day with anything of the participant's: their first in a plan, or that
  // of an earlier line that takes back what was earned later; none for who is in no plan.
  // Errors: those of LinesOf().
  absl::StatusOr<std::optional<Date>> FirstDayOf(uint32_t participant);
  // Payout periods, in order, in which the participant can have lines: from that day
  // to the horizon. Errors: those of LinesOf().
  absl::StatusOr<std::vector<Period>> PayoutPeriodsOf(uint32_t participant);
  // The end of the longest period in use that holds the last dated fact.
  Date Horizon();

  absl::StatusOr<std::shared_ptr<Group>> GroupOf(const GroupQuery& query);
  // The measurement periods of a component that overlap some days.
  std::vector<Period> MeasurementPeriods(const Component& component, Days days) const;

  std::shared_ptr<const DaySet> InPlan(uint32_t participant, const PlanHistory& history);
  absl::StatusOr<std::shared_ptr<const Deal>> GetDeal(uint32_t stream);
  // Contributions of one deal, of whatever date, to a measure of deals that is the
  // component's or a part of it.
  absl::StatusOr<std::vector<Contribution>> ContributionsToMeasure(
      uint32_t participant, const PlanHistory& history, const PublishedVersion& version,
      const Component& component, const Measure& measure, std::shared_ptr<const Deal> deal);

  // What was found undefined, missing or too large on the way.
  std::vector<v1::Exception> exceptions() const;

 private:
  // For whom, over which days and in which terms measures are taken.
  struct Taking {
    explicit Taking(DealTerms with) : terms(std::move(with)) {}

    DealTerms terms;
    uint32_t participant = kNobody;
    const PlanHistory* history = nullptr;
    const PublishedVersion* version = nullptr;
    const Component* component = nullptr;
    Period period = Period::Window(Date(), Date());
    Days days;
    std::shared_ptr<const DaySet> counts;
    // Instead of those in the measure's scope around the participant.
    std::shared_ptr<const Members> members;
    bool with_deals = false;
    std::string text_of;
    std::set<CancellationKey>* cancellations = nullptr;  // RESTATE: collects them
  };
  using Values = std::vector<std::pair<uint32_t, std::optional<Rational>>>;
  using Lines = std::vector<EarnedLine>;
  using LinesKey = std::tuple<uint32_t, const PublishedVersion*, Date, const Component*, Period>;

  // Lines, by group.
  absl::Status AddComponentLines(const GroupQuery& query, Days dated, Lines* lines);
  absl::StatusOr<std::vector<Period>> PeriodsWithLines(const GroupQuery& query, Days dated);
  absl::StatusOr<std::shared_ptr<const Lines>> LinesOfGroup(const GroupQuery& query);
  absl::StatusOr<Lines> MakeLines(const GroupQuery& query);
  absl::Status AddOrdinaryLines(const GroupQuery& query, Lines* lines);
  absl::Status AddPaidLines(const GroupQuery& query, const std::shared_ptr<const Group>& group,
                            Days paid, Date date, Lines* lines);
  absl::StatusOr<bool> HasLateCancellation(const GroupQuery& query);
  EarnedLine StartLine(const GroupQuery& query, std::shared_ptr<const Group> group,
                       std::string element, Date date) const;

  // Clawbacks.
  absl::StatusOr<std::vector<Period>> PeriodsTakenBack(const GroupQuery& query, Days dated);
  enum class TakesBackFor { kNoOne, kOwner, kOthers };  // whose deals move the lines
  TakesBackFor WhoseDealsTakeBack(uint32_t participant);
  absl::Status AddDaysOfCancellations(uint32_t participant, Date last, std::set<Date>* days);
  // Nothing was earned there before a cancellation came: all of them are applied at once.
  bool IsAfterFacts(const GroupQuery& query);
  absl::Status AddTakenBackLines(const GroupQuery& query, Lines* lines);
  using Queries = std::vector<GroupQuery>;
  absl::Status AddReversedLines(const GroupQuery& query, const Queries& segments, Lines* lines);
  absl::Status AddRestatedLines(const GroupQuery& query, const Queries& segments, Lines* lines);
  absl::StatusOr<int64_t> TotalOf(const Queries& segments,
                                  const std::optional<CancellationKey>& restated_to,
                                  std::set<CancellationKey>* cancellations,
                                  std::shared_ptr<const Group>* last);

  // Limits over several groups.
  absl::StatusOr<Lines> LinesOfPlan(uint32_t participant, const PlanHistory& history,
                                    const Period& payout);
  struct Carried {
    int64_t amount = 0;
    std::set<CancellationKey> cancellations;  // that the amount depends on
  };
  absl::StatusOr<Carried> CarriedInto(const GroupQuery& query);
  bool CarriesOver(const Component& component, const Period& period) const;
  absl::Status ApplyPlanCap(const PlanHistory& history, const Period& payout, Lines* lines);
  // Of budgets whose periods end in the payout period, at latest on `upto`.
  absl::Status AddBudgetLines(uint32_t participant, const PlanHistory& history,
                              const Period& payout, Date upto, Lines* lines);
  absl::StatusOr<std::map<uint32_t, int64_t>> BudgetChanges(const PlanHistory& history,
                                                            const VersionRun& run,
                                                            const Period& period);

  // Groups.
  absl::StatusOr<std::shared_ptr<Group>> MakeGroup(const GroupQuery& query,
                                                   std::set<CancellationKey>* cancellations);
  Group StartGroup(const GroupQuery& query, const DealTerms& terms);
  absl::Status SetTargetIncentive(Group* group);
  absl::Status SetPayout(const Taking& taking, Group* group);
  std::optional<Date> LastDayInPlan(const Taking& taking);
  absl::Status SetBands(const Taking& taking, Group* group);
  absl::Status SetPerDeal(const Taking& taking, Group* group);
  absl::Status SetModifiers(const Taking& taking, Group* group);
  absl::Status SetGoal(const Taking& taking, Group* group);
  absl::Status SetRivals(const Taking& taking, Group* group);
  absl::Status SetPool(const Taking& taking, Group* group);
  struct PoolGroup {
    std::vector<uint32_t> people;  // in order of id
    std::shared_ptr<const Members> measured;
    std::string team;  // whose quota scales the pool
  };
  PoolGroup PoolGroupOf(const Taking& taking, Scope scope);
  Group MemberGroup(uint32_t member, const Group& group);
  absl::StatusOr<std::optional<Sourced>> PoolTarget(const Taking& whole, const PoolGroup& around,
                                                    const Group& group);
  absl::StatusOr<std::shared_ptr<const Group>> GatesOf(const Taking& taking, const Group& group);
  absl::Status SetWeights(const Taking& taking, const PoolGroup& around, Group* group,
                          PoolPart* part);
  absl::StatusOr<Gauge> GaugeOf(const Taking& taking, const Group& group, const Measure* measure,
                                const std::optional<Target>& target);
  void NoteForeignIncentives(const Group& group);
  DealTerms TermsOf(const Program& program, const Component& component) const;
  void NoteUndefinedMeasures(const Taking& taking, const Group& group);
  Scaling ScalingOf(const GroupQuery& query, bool prorated);
  Rational PartInPlan(const GroupQuery& query, bool restarted);

  // Targets.
  absl::StatusOr<std::optional<Sourced>> TargetOf(const Taking& taking, const Group& group,
                                                  const Target& target, const Measure& measure);
  absl::StatusOr<std::optional<Sourced>> UnscaledTarget(const Taking& taking, const Group& group,
                                                        const Target& target,
                                                        const Measure& measure);
  absl::StatusOr<std::optional<Rational>> PopulationTarget(const Taking& taking, const Group& group,
                                                           const Target& target,
                                                           const Measure& measure);
  std::optional<Rational> LookUpFor(uint32_t participant, const LookupTable& table, Date day) const;
  void NoteUndefined(absl::string_view kind, const Taking& taking, std::string message);
  void NoteNoGoal(const Taking& taking);
  // People.
  std::shared_ptr<const Members> MembersInScope(uint32_t participant, Scope scope);
  std::vector<uint32_t> PeopleInPlan(const Taking& taking, Scope around, Date day);
  absl::StatusOr<bool> IsInRankBand(const PublishedVersion& version, uint32_t participant, Date d);

  // Measures.
  absl::StatusOr<Taken> Take(const Taking& taking, const Measure& measure);
  absl::StatusOr<std::vector<Contribution>> EarningsFacts(const Taking& taking,
                                                          const Measure& measure);
  absl::StatusOr<Taken> TakePeriods(const Taking& taking, const Measure& measure);
  absl::StatusOr<Rational> InPlanCurrency(const Taking& taking, const EarnedLine& line);
  // A participant's numeric attribute, from the days on which it is so, in the plan.
  std::vector<std::pair<Date, std::optional<Rational>>> AttributeLevels(const Taking& taking,
                                                                        const std::string& name);
  MeasureContext ContextOf(const Taking& taking, const Measure& measure);
  // The same component and terms in another period, counting all facts or those of
  // the days in the plan.
  Taking TakingIn(const Taking& taking, uint32_t participant, const Period& period, bool all_facts);
  absl::StatusOr<std::shared_ptr<const Taken>> TakeShared(const Taking& taking,
                                                          const Measure& measure);

  void AddException(absl::string_view kind, uint64_t position, std::string subject,
                    std::string message);

  const FactsView& view_;
  std::map<std::pair<uint32_t, const PlanHistory*>, std::shared_ptr<const DaySet>> in_plan_;
  std::map<std::pair<uint32_t, Scope>, std::shared_ptr<const Members>> members_;
  absl::flat_hash_map<uint32_t, std::shared_ptr<const Deal>> deals_;
  std::map<LinesKey, std::shared_ptr<const Lines>> lines_;
  std::set<LinesKey> making_;  // lines that are being made: what they depend on must not be these
  std::map<std::pair<LinesKey, CancellationKey>, Carried> carried_;
  // Takings of others, and rankings, that many groups ask for.
  std::map<std::tuple<uint32_t, const PublishedVersion*, const Measure*, Period, Date, Date, bool>,
           std::shared_ptr<const Taken>>
      taken_;
  std::map<std::pair<const PublishedVersion*, Period>, std::map<uint32_t, int>> rankings_;
  std::map<std::pair<const PlanHistory*, Period>, std::map<uint32_t, int64_t>> budgets_;
  std::optional<Date> horizon_;
  std::optional<std::set<Date>> cancellation_days_;  // of anybody's deals
  std::map<std::tuple<std::string, std::string, std::string>, uint64_t> exceptions_;
};

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_EVALUATOR_H_
