// The lines of components, before plan caps and budgets.
//
// Source: specification, calculation 4, 8 and 9.

#ifndef TESTS_SUPPORT_NAIVE_LINES_H_
#define TESTS_SUPPORT_NAIVE_LINES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_facts.h"
#include "tests/support/naive_group.h"
#include "tests/support/naive_measures.h"

namespace payfold_testing {

class NaiveLineMaker : public NaiveLineSource {
 public:
  // Components are computed from the first day on which anybody has a state to
  // the end of the fiscal year that holds `horizon` and the last dated fact.
  NaiveLineMaker(const NaiveFacts& facts, payfold::Date horizon);

  const NaiveMeasures& measures() const { return measures_; }
  const std::vector<NaiveLine>& LinesOf(const std::string& plan_id,
                                        const std::string& component_id) override;

 private:
  // A component of a version for a participant and a measurement period.
  struct Work {
    const NaiveVersion& version;
    const payfold::v1::Component& component;
    const std::string& participant;
    payfold::Period period;
    std::vector<NaiveRun> runs;
  };
  using Amounts = std::map<std::string, int64_t>;  // by element or by deal

  payfold::Date LongestPeriodEnd(payfold::Date d) const;
  void AddLines(const NaiveVersion& version, const payfold::v1::Component& component,
                const std::string& participant, std::vector<NaiveLine>* lines);
  void AddOrdinary(const Work& work, std::vector<NaiveLine>* lines);
  void AddRestated(const Work& work, std::vector<NaiveLine>* lines);
  void AddReversed(const Work& work, std::vector<NaiveLine>* lines);

  bool IsInPlan(const Work& work, const NaiveRun& run) const;
  NaiveGroup& GroupOf(const Work& work, const NaiveRun& run, int cancellations);
  // What each element changed from the eve of the run to the evening of a day,
  // with the credits of so many steps.
  Amounts Since(const Work& work, const NaiveRun& run, payfold::Date e, int cancellations,
                size_t steps = NaiveGroup::kAllSteps);
  // The part of that by deal, of one element or ("") of all.
  Amounts Attributed(const Work& work, const NaiveRun& run, payfold::Date e, int cancellations,
                     const std::string& element);
  int64_t TotalOf(const Work& work, int cancellations);
  NaiveLine NewLine(const Work& work, const NaiveRun& run, payfold::Date could_begin) const;

  const NaiveFacts& facts_;
  const NaiveMeasures measures_;
  NaiveGroups groups_;
  // In order (date, deal_id, place).
  std::vector<std::pair<const NaiveDeal*, const NaiveChange*>> cancellations_;
  payfold::Date first_, last_;
  payfold::Date horizon_;  // the end of the longest period in use with the last dated fact
  std::map<std::pair<std::string, std::string>, std::vector<NaiveLine>> lines_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_LINES_H_
