// Measures, straight from the page: what is measured of a participant on some
// days, and who is in a plan on a day.
//
// Money is in major units of the plan's currency.
//
// Source: specification, calculation 3 and 5.

#ifndef TESTS_SUPPORT_NAIVE_MEASURES_H_
#define TESTS_SUPPORT_NAIVE_MEASURES_H_

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "ledger/money/rational.h"
#include "payfold/v1/plan.pb.h"
#include "tests/support/naive_deals.h"
#include "tests/support/naive_entries.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

// Where measures over earnings find the lines of other components.
class NaiveLineSource {
 public:
  virtual ~NaiveLineSource() = default;
  // All lines of the component, of all participants and versions of the plan.
  virtual const std::vector<NaiveLine>& LinesOf(const std::string& plan_id,
                                                const std::string& component_id) = 0;
};

// The credits of a deal on a date: the step in which attribution goes on.
using NaiveStep = std::pair<payfold::Date, std::string>;

// By whose rules, of whom and of which days something is measured.
struct NaiveQuestion {
  const NaiveVersion* version = nullptr;
  const payfold::v1::Component* component = nullptr;         // null in a rank_band
  NaiveAround around;                                        // `scope` is that of the measure
  payfold::Period period = payfold::Period::Window({}, {});  // the measurement period
  payfold::Date from, to;                                    // the days measured
  bool counts_all = false;                                   // else only facts on days in the plan
  int cancellations = 0;                                     // applied where they RESTATE
  // If limited, of credits of deals on days from `steps_from` on only those up to
  // `up_to` are there.
  bool is_limited = false;
  NaiveStep up_to;
  payfold::Date steps_from;
};

// The kind of a message as that of the calendar. REQUIRES: kind is given.
payfold::PeriodKind NaiveKind(payfold::v1::PeriodKind kind);

bool IsMoney(const payfold::v1::Measure& measure);

// `inner`, or `outer` if it is left out, at last OWN.
payfold::v1::Scope NaiveScope(payfold::v1::Scope inner, payfold::v1::Scope outer);

// Not safe for use by several threads: remembers what it has found.
class NaiveMeasures {
 public:
  NaiveMeasures(const NaiveFacts& facts, NaiveLineSource* lines);

  const NaiveFacts& facts() const { return facts_; }
  const std::vector<NaiveDeal>& deals() const { return deals_; }
  // All cancellations of the ledger.
  int cancellations() const { return cancellations_; }

  bool InPlan(const std::string& participant, const std::string& plan_id, payfold::Date d) const;
  // The days of the period in the plan, and the last of them or, if there is none,
  // the last one before.
  const std::vector<payfold::Date>& DaysInPlan(const std::string& participant,
                                               const std::string& plan_id,
                                               const payfold::Period& period) const;
  std::optional<payfold::Date> LastDayInPlan(const std::string& participant,
                                             const std::string& plan_id,
                                             const payfold::Period& period) const;

  // The measurement period of a component that contains a date; of a window the
  // window, whatever the date.
  payfold::Period MeasurementPeriod(const payfold::v1::Component& component, payfold::Date d) const;

  // The measure, or none where it is undefined. Its own scope goes before that
  // of the question.
  std::optional<payfold::Rational> Value(const payfold::v1::Measure& measure,
                                         const NaiveQuestion& question) const;
  // The credits of deals anywhere in the measure that are there, on any day (not
  // those that only a comparison with another period takes).
  std::vector<NaiveEntry> Credits(const payfold::v1::Measure& measure,
                                  const NaiveQuestion& question) const;
  // A numeric attribute of the participant on a day.
  std::optional<payfold::Rational> Attribute(const std::string& participant,
                                             const std::string& name, payfold::Date d) const;

 private:
  const std::vector<NaiveEntry>& Entries(const payfold::v1::DealMeasure& measure,
                                         const NaiveQuestion& question) const;
  bool Counts(const NaiveQuestion& question, payfold::Date d) const;
  bool IsInBand(const std::string& participant, const NaiveVersion& version, payfold::Date d) const;

  payfold::Rational Deals(const payfold::v1::DealMeasure& measure,
                          const NaiveQuestion& question) const;
  payfold::Rational Distinct(const payfold::v1::DealMeasure& measure,
                             const NaiveQuestion& question) const;
  std::optional<payfold::Rational> Metric(const payfold::v1::MetricMeasure& measure,
                                          const NaiveQuestion& question) const;
  std::optional<payfold::Rational> Growth(const payfold::v1::GrowthMeasure& measure,
                                          const NaiveQuestion& question) const;
  std::optional<payfold::Rational> Sum(const payfold::v1::SumMeasure& measure,
                                       const NaiveQuestion& question) const;
  payfold::Rational Earnings(const payfold::v1::EarningsMeasure& measure,
                             const NaiveQuestion& question) const;
  std::optional<payfold::Rational> Periods(const payfold::v1::PeriodsMeasure& measure,
                                           const NaiveQuestion& question) const;

  const NaiveFacts& facts_;
  NaiveLineSource* const lines_;
  const std::vector<NaiveDeal> deals_;
  int cancellations_ = 0;

  // Found before: who is in a plan, days in a plan, entries, those in a band.
  using Who = std::pair<std::string, std::string>;
  mutable std::map<Who, std::map<payfold::Date, bool>> in_plan_;
  mutable std::map<std::pair<Who, payfold::Period>, std::vector<payfold::Date>> days_;
  using Read =
      std::tuple<std::string, const void*, const void*, std::string, std::string, int, bool, int>;
  mutable std::map<Read, std::vector<NaiveEntry>> entries_;
  mutable std::map<std::pair<const void*, payfold::Period>, std::vector<std::string>> bands_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_MEASURES_H_
