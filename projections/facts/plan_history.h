// A plan's versions, retirements and assignments, and what is in force when.
//
// Source: specification, calculation 3.

#ifndef PROJECTIONS_FACTS_PLAN_HISTORY_H_
#define PROJECTIONS_FACTS_PLAN_HISTORY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "ledger/plan/program.h"
#include "payfold/v1/plan.pb.h"

namespace payfold {

struct PublishedVersion {
  uint64_t position = 0;
  uint32_t version = 0;  // from 1
  v1::Plan plan;
  Program program;
};

struct Retirement {
  uint64_t position = 0;
  Date effective_to;
};

// A participant's place on (or off) the plan from a date on.
struct Assignment {
  uint64_t position = 0;
  Date from;
  Date to;                                  // Date::Max() without end
  std::optional<int64_t> target_incentive;  // annual, minor units
  std::string currency;                     // of the target incentive
  bool excluded = false;
};

// Days over which one version is in force without interruption.
struct VersionRun {
  Date first, last;
  const PublishedVersion* version = nullptr;
};

class PlanHistory {
 public:
  void AddVersion(std::shared_ptr<const PublishedVersion> version);
  void AddRetirement(Retirement retirement);
  void AddAssignment(uint32_t participant, Assignment assignment);

  // In order of position.
  const std::vector<std::shared_ptr<const PublishedVersion>>& versions() const { return versions_; }
  const std::vector<Retirement>& retirements() const { return retirements_; }
  // The date after which a version is retired; none if it is not.
  std::optional<Date> RetiredAfter(const PublishedVersion& version) const;

  // In order, without overlap; days without a version are in none.
  const std::vector<VersionRun>& runs() const { return runs_; }
  const PublishedVersion* InForce(Date d) const;

  // In order of (from, position).
  const std::vector<Assignment>& Assignments(uint32_t participant) const;
  // The assignment in effect: the latest by date, then position, if it has not ended.
  const Assignment* AssignmentOn(uint32_t participant, Date d) const;

 private:
  void SetRuns();

  std::vector<std::shared_ptr<const PublishedVersion>> versions_;
  std::vector<Retirement> retirements_;
  std::map<uint32_t, std::vector<Assignment>> assignments_;
  std::vector<VersionRun> runs_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_PLAN_HISTORY_H_
