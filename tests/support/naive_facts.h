// The facts of a log, as the naive evaluator looks them up: what is stated and
// not voided, parsed once, found by walking over all of it.
//
// Source: specification, calculation 2 to 6; events.

#ifndef TESTS_SUPPORT_NAIVE_FACTS_H_
#define TESTS_SUPPORT_NAIVE_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "ledger/money/currency.h"
#include "ledger/money/rational.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

// REQUIRES: it is a date, as events that were admitted state it.
payfold::Date NaiveDate(const std::string& text);

// A number of the plan language or of a fact: decimal or percentage, "" is 0.
payfold::Rational NaiveNumber(const std::string& text);

struct NaiveVersion {
  size_t place;     // in the log, to order it against retirements
  uint32_t number;  // of the plan, from 1
  payfold::Date start;
  payfold::Date end;
  payfold::v1::Plan plan;
};

// A recorded metric.
struct NaiveMetric {
  std::string name;
  std::string subject;  // a participant, or "*"
  payfold::Date date;
  payfold::Rational value;
  std::map<std::string, std::string> attributes;  // dimensions and source
};

// Whether a deal or metric with these attributes matches all conditions.
bool NaiveMatches(const google::protobuf::RepeatedPtrField<payfold::v1::Condition>& where,
                  const std::map<std::string, std::string>& attributes);

class NaiveFacts {
 public:
  // Keeps references into `events`.
  explicit NaiveFacts(const std::vector<payfold::v1::Event>& events);

  // Without a ledger configuration nothing can be evaluated.
  bool is_configured() const { return configured_; }
  const payfold::Calendar& calendar() const { return calendar_; }
  payfold::Period PayoutContaining(payfold::Date d) const;

  // The stated, unvoided events, in order of position.
  const std::vector<const payfold::v1::Event*>& live() const { return live_; }
  std::vector<std::string> participants() const;
  std::vector<std::string> plans() const;
  const std::vector<NaiveVersion>& VersionsOf(const std::string& plan_id) const;
  // The first day on which anybody has a state; nobody is in a plan before.
  std::optional<payfold::Date> FirstDay() const;

  // Whether there is a day on which the version is in force.
  bool IsEverInForce(const NaiveVersion& version) const;

  // What holds on a date, or null.
  const payfold::v1::ParticipantChanged* StateOn(const std::string& participant,
                                                 payfold::Date d) const;
  const NaiveVersion* VersionOn(const std::string& plan_id, payfold::Date d) const;
  const payfold::v1::PlanAssigned* AssignmentOn(const std::string& plan_id,
                                                const std::string& participant,
                                                payfold::Date d) const;
  const payfold::v1::SplitPolicySet* PolicyOn(payfold::Date d) const;

  // Whether the participant is ACTIVE on the date and matches the lists of the
  // version's eligibility (none given: false). Whoever is ranked matches them too.
  bool MatchesLists(const payfold::v1::Eligibility& eligibility, const std::string& participant,
                    payfold::Date d) const;
  // Whether `other` is in the scope of `participant` on `d`.
  bool InScope(const std::string& participant, payfold::v1::Scope scope, const std::string& other,
               payfold::Date d) const;

  // How many units of `quote` one unit of `base` is on `d`, direct, inverse or
  // crossed; none if no rate is known.
  std::optional<payfold::Rational> RateOn(const std::string& base, const std::string& quote,
                                          payfold::Date d) const;
  const std::vector<NaiveMetric>& metrics() const { return metrics_; }
  // The goal last chosen for exactly this period, or "".
  std::string GoalChosen(const std::string& participant, const std::string& plan_id,
                         const std::string& component_id, const payfold::Period& period) const;
  // The quota for a participant of `team`, as stated (minor units for money). An
  // empty participant or team has none of its own.
  std::optional<payfold::Rational> Quota(const std::string& metric, const std::string& participant,
                                         const std::string& team,
                                         const payfold::Period& period) const;

 private:
  template <typename Fact>
  struct Dated {
    payfold::Date from;
    Fact fact;
  };
  struct Assignment {
    payfold::Date from;
    payfold::Date to;
    payfold::v1::PlanAssigned fact;
  };
  struct Retirement {
    size_t place;
    payfold::Date to;
  };
  struct QuotaFact {
    payfold::Period period;
    payfold::v1::QuotaSet fact;
  };

  void Configure();
  void Take(size_t place, const payfold::v1::Event& event);
  void TakePlan(size_t place, const payfold::v1::Plan& plan);
  std::optional<payfold::Rational> DirectOrInverse(const std::string& base,
                                                   const std::string& quote, payfold::Date d) const;
  std::optional<payfold::Rational> Direct(const std::string& base, const std::string& quote,
                                          payfold::Date d) const;
  std::optional<payfold::Rational> QuotaFor(const std::string& metric, const std::string& subject,
                                            const payfold::Period& period) const;
  std::optional<payfold::Rational> QuotaBySubject(const std::string& metric,
                                                  const std::string& participant,
                                                  const std::string& team,
                                                  const payfold::Period& period) const;

  bool configured_ = false;
  payfold::Calendar calendar_;
  payfold::PayoutPeriod payout_ = payfold::PayoutPeriod::kMonth;
  payfold::Date anchor_;
  std::string base_currency_;

  std::vector<const payfold::v1::Event*> live_;
  std::map<std::string, std::vector<Dated<payfold::v1::ParticipantChanged>>> states_;
  std::map<std::string, std::vector<NaiveVersion>> versions_;
  std::map<std::string, std::vector<Retirement>> retirements_;
  std::map<std::pair<std::string, std::string>, std::vector<Assignment>> assignments_;
  std::vector<Dated<payfold::v1::SplitPolicySet>> policies_;
  std::vector<Dated<payfold::v1::FxRateSet>> rates_;
  std::vector<QuotaFact> quotas_;
  std::vector<NaiveMetric> metrics_;
  // By participant, plan, component and period.
  std::map<std::tuple<std::string, std::string, std::string, payfold::Period>, std::string> goals_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_FACTS_H_
