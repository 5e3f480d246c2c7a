// Measures that are kept in memory: what plain components measure for everybody, read
// from the facts once. A replay that changes nothing but what a plan pays for its
// measures (rates, bands) then evaluates sums, and reads no deal.
//
// A component is plain if it measures the participant's own deals over the payout
// period, against no target, a fixed one or a quota, and pays by rate, unit or bands;
// without gates, multipliers, limits, proration or anything that looks up a number.
// What is not plain is evaluated as always: the outcome is the same (tests).
//
// Source: specification, ledger "Replay and backfill"; architecture (cells).

#ifndef PROJECTIONS_REPLAY_KEPT_MEASURES_H_
#define PROJECTIONS_REPLAY_KEPT_MEASURES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "projections/earnings/amounts.h"
#include "projections/earnings/evaluator.h"
#include "projections/replay/fork.h"

namespace payfold {

// One component in one payout period.
struct KeptMeasure {
  uint32_t component = 0;  // index in the version
  uint32_t period = 0;     // index into KeptPlan::periods
  Rational value;          // up to the period's end, as Taken has it
  std::optional<Rational> target;
  Amounts paid;  // by the version in force
};

struct KeptParticipant {
  uint32_t participant = kNobody;
  // Not everything about them is plain; nothing is kept.
  bool is_other = false;
  std::vector<KeptMeasure> measures;  // in order of (period, component)
};

// One plan, as of one position.
struct KeptPlan {
  // Up to the horizon; each has one version, whose number is given.
  std::vector<Period> periods;
  std::vector<uint32_t> versions;
  std::vector<KeptParticipant> people;  // who are in the plan, in order of id
};

// Of one ledger, as of the last position that was asked for. Thread-safe.
class KeptMeasures {
 public:
  // Null if the plan is not plain on that view. `workers` threads read what is not kept
  // yet, and ask `go_on` (may be null) between participants.
  // Errors: those of the evaluation and of `go_on`.
  absl::StatusOr<std::shared_ptr<const KeptPlan>> Get(const FactsView& view,
                                                      const std::string& plan_id, int workers,
                                                      const std::function<absl::Status()>& go_on);

 private:
  std::mutex mutex_;  // Held while a plan is read: others would read the same.
  uint64_t position_ = 0;
  std::map<std::string, std::shared_ptr<const KeptPlan>> plans_;
};

// A fork that changes only what one plan pays for its measures.
class RateChange {
 public:
  // None if the fork changes more, or the plan is not plain. Errors: those of Get().
  static absl::StatusOr<std::optional<RateChange>> Find(
      const Fork& fork, KeptMeasures* kept, int workers,
      const std::function<absl::Status()>& go_on = nullptr);

  const KeptPlan& plan() const { return *plan_; }
  // The versions in force in a period; the same one if nothing changes there.
  const PublishedVersion* before(uint32_t period) const { return before_[period]; }
  const PublishedVersion* after(uint32_t period) const { return runs_[period].version; }

 private:
  friend class RatePayer;
  RateChange() = default;

  std::shared_ptr<const KeptPlan> plan_;
  const PlanHistory* history_ = nullptr;         // on the fork
  std::vector<const PublishedVersion*> before_;  // by period
  std::vector<VersionRun> runs_;                 // on the fork, by period
};

// Pays kept measures by the versions of a fork. Not thread-safe; the change must
// outlive it.
class RatePayer {
 public:
  RatePayer(const RateChange& change, Evaluator* after) : change_(change), after_(after) {}

  // What the fork's version pays. Errors: those of AmountsAt().
  absl::StatusOr<Amounts> Pay(uint32_t participant, const KeptMeasure& measure);

 private:
  // Groups of a component differ in what is kept of them and in nothing else: one is
  // made, and given each participant's in turn.
  struct Prototype {
    std::shared_ptr<Group> group;
    std::shared_ptr<Taken> taken;
  };
  absl::StatusOr<Prototype*> PrototypeOf(uint32_t participant, const KeptMeasure& measure);

  const RateChange& change_;
  Evaluator* after_;
  std::map<std::pair<const PublishedVersion*, uint32_t>, Prototype> prototypes_;
};

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_KEPT_MEASURES_H_
