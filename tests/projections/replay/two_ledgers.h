// What a replay is held against: the difference of two ledgers built from nothing,
// with and without its events.

#ifndef TESTS_PROJECTIONS_REPLAY_TWO_LEDGERS_H_
#define TESTS_PROJECTIONS_REPLAY_TWO_LEDGERS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/facts_view.h"
#include "projections/replay/difference.h"
#include "projections/replay/fork.h"
#include "tests/support/folded_company.h"

namespace payfold_testing {

// A log, and the events that somebody asks about.
struct Question {
  std::vector<payfold::v1::Event> known, hypothetical;

  std::vector<payfold::v1::Event> All() const;
};

// A ledger in memory, and what it holds.
struct Folded {
  explicit Folded(const std::vector<payfold::v1::Event>& events);

  FoldedCompany company;
  std::shared_ptr<const payfold::FactsView> view;
};

// `known` is the ledger of the events that are known.
absl::StatusOr<payfold::Fork> ForkOf(const Folded& known, const Question& question);

// Both give one row a line, "ana 2025-01 p/c USD 100 -> 200", sorted.
std::string ExpectedRows(const payfold::FactsView& before, const payfold::FactsView& after);
std::string RowsOf(const payfold::Differences& differences, const payfold::Fork& fork);

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_REPLAY_TWO_LEDGERS_H_
