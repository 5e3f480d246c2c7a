// What a replay changes: what each component pays each participant in each payout
// period, with and without the hypothetical events, and what that makes payable now.
//
// Source: specification, ledger "Replay and backfill".

#ifndef PROJECTIONS_REPLAY_DIFFERENCE_H_
#define PROJECTIONS_REPLAY_DIFFERENCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ledger/plan/program.h"
#include "payfold/v1/replay_service.pb.h"
#include "projections/replay/fork.h"
#include "projections/replay/kept_measures.h"
#include "projections/replay/scope.h"

namespace payfold {

// What pays: a component, in money or in one reward.
struct PaidBy {
  std::string plan_id;
  std::string component_id;  // empty: a budget
  std::string currency;      // empty for rewards
  Reward::Kind kind = Reward::Kind::kMoney;
  std::string reward;  // the reward's name

  friend auto operator<=>(const PaidBy& a, const PaidBy& b) = default;
};

struct DifferenceRow {
  uint32_t participant = kNobody;
  Period period = Period::Window(Date(), Date());  // payout period
  uint32_t paid_by = 0;                            // index into Differences::paid_by
  // Minor units, or units of the reward.
  int64_t before = 0, after = 0;
};

// In order: rows by (participant's id, payout period, what pays).
struct Differences {
  std::vector<PaidBy> paid_by;
  std::vector<DifferenceRow> rows;
  // By (participant, currency, origin, plan).
  std::vector<v1::TrueUp> true_ups;
  // By currency.
  std::vector<v1::ReplayTotal> totals;
  uint64_t evaluated = 0;     // participants that were evaluated again
  uint64_t participants = 0;  // in the scope
  // SHA-256 over all that differs: the amounts by which, not the amounts.
  std::string digest;
};

struct CompareOptions {
  ComparedScope scope;
  int workers = 1;
  // Told how many participants were evaluated of how many, from any thread, after
  // each; an error ends the comparison, and is its error. May be null.
  std::function<absl::Status(uint64_t evaluated, uint64_t total)> progress;
  // Where measures are kept from one replay to the next. May be null: nowhere.
  KeptMeasures* kept = nullptr;
};

// Evaluates those whom the events can touch, on the fork and on its base.
// Errors: kFailedPrecondition if the ledger is not configured; kOutOfRange if a total
// does not fit; kDataLoss; those of `progress`.
absl::StatusOr<Differences> ComputeDifferences(const Fork& fork, const CompareOptions& options);

// One row in the words of the API. `reference` is that of the fork's view.
v1::Difference ToProto(const DifferenceRow& row, const Differences& differences,
                       const Reference& reference);

}  // namespace payfold

#endif  // PROJECTIONS_REPLAY_DIFFERENCE_H_
