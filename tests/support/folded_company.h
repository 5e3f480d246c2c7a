// A company folded in memory, without a log: events in, questions out.

#ifndef TESTS_SUPPORT_FOLDED_COMPANY_H_
#define TESTS_SUPPORT_FOLDED_COMPANY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/facts_view.h"
#include "projections/facts/fold.h"
#include "projections/facts/memory_tables.h"

namespace payfold_testing {

// Gives streams and participants the dense numbers that a log would, and folds.
class FoldedCompany {
 public:
  FoldedCompany();

  // Adds an event and, with `derive`, brings the credits up to date. The event
  // has its position, stream and stream version.
  absl::Status Add(const payfold::v1::Event& event, bool derive);
  // All of them, as one batch.
  absl::Status AddAll(const std::vector<payfold::v1::Event>& events);

  // What is folded so far. Later Add()s change the tables under it.
  payfold::FactsView View();
  const payfold::MemoryTables& tables() const { return *tables_; }

 private:
  std::shared_ptr<payfold::MemoryTables> tables_;
  std::unique_ptr<payfold::Fold> fold_;
  std::map<std::string, uint32_t> streams_, participants_;
  std::map<std::string, uint64_t> positions_;
  std::map<uint64_t, payfold::v1::Event> events_;
  uint64_t position_ = 0;
};

// All lines dated up to a day, one a line of text, sorted: as ToText(NaiveLine).
// Errors are returned as text.
std::string EngineLines(const payfold::FactsView& view, payfold::Date horizon);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_FOLDED_COMPANY_H_
