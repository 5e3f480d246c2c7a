// The fold: takes events in order of position into the tables and the reference.
//
//   Fold fold(&tables, reference, find_position);
//   RETURN_IF_ERROR(fold.Add(event_view));   // each event
//   RETURN_IF_ERROR(fold.Derive());          // at the end of a batch
//
// Add() notes facts; Derive() writes what they changed, each entry once: deals with
// their credits, metrics, days. The content after Derive() depends on the events
// alone, not on how they were cut into batches.
//
// Source: specification, architecture (the ways through it, 2).

#ifndef PROJECTIONS_FACTS_FOLD_H_
#define PROJECTIONS_FACTS_FOLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/log/event.h"
#include "payfold/v1/event.pb.h"
#include "projections/facts/credits.h"
#include "projections/facts/deal.h"
#include "projections/facts/derive_deal.h"
#include "projections/facts/fact_tables.h"
#include "projections/facts/metric_changes.h"
#include "projections/facts/reference.h"
#include "projections/facts/wire_fact.h"

namespace payfold {

// The position of an event by its id, if it is at or below the fold's position.
using FindPosition =
    std::function<absl::StatusOr<std::optional<uint64_t>>(absl::string_view event_id)>;

// Whether events of that kind change a deal's facts.
bool IsDealKind(uint32_t kind);
// Whether the fold takes anything from events of that kind.
bool IsFolded(uint32_t kind);

// The dense number that the log gave each id the event names; kNobody for others.
// Both must outlive it.
Numbering NumbersOf(const std::vector<std::string>& ids, absl::Span<const uint32_t> numbers);

// That the fact at `target` never happened, said at `position`.
DealFact VoidOf(uint64_t target, uint64_t position);

class Fold {
 public:
  // `*tables` must outlive the fold; `reference` is what LoadReference() gave.
  Fold(FactTables* tables, Reference reference, FindPosition find_position);

  // Errors: kDataLoss if the event is not what admission lets in.
  absl::Status Add(const EventView& event);
  absl::Status Derive();

  Reference& reference() { return reference_; }

 private:
  struct CreditChange {
    std::vector<uint32_t> removed;  // deals
    std::vector<Credit> added;
  };
  // Encoded facts of a deal.
  struct DealChange {
    std::string before, after;
  };
  struct DayChange {
    Date day;
    int64_t change = 0;  // of the number of facts
  };
  using CreditChanges = std::map<std::pair<uint32_t, int32_t>, CreditChange>;

  template <typename Ids>
  absl::Status NameParticipants(const Ids& ids, absl::Span<const uint32_t> numbers);
  // What ordinary_ has read.
  absl::Status AddOrdinary(const EventView& view);
  absl::Status AddDealEvent(const EventView& view, const v1::Event& event,
                            const Numbering& numbers);
  absl::Status AddVoid(const EventView& view, const v1::Event& event);
  absl::Status AddReference(const EventView& view, const v1::Event& event);
  absl::Status AddStatement(const EventView& view, const v1::Event& event,
                            const Numbering& numbers);
  absl::Status AddMetric(const EventView& view, const v1::Event& event, const Numbering& numbers);
  void VoidMetric(absl::string_view stream, uint64_t target, uint64_t position);
  // The change of a deal, begun if there is none; good until the next. Of a new deal
  // the tables are not asked.
  absl::StatusOr<DealChange*> Touch(uint32_t stream, bool is_new = false);
  template <typename Fact>
  absl::Status AppendFact(uint32_t stream, absl::string_view deal_id, const Fact& fact,
                          bool is_first = false);
  absl::Status MarkPolicyDeals();
  absl::Status DeriveAgain(uint32_t stream, const DealChange& deal, CreditChanges* changes);
  absl::Status DeriveEncoded(uint32_t stream, absl::string_view encoded,
                             const SplitPolicies& policies, DerivedDeal* derived);
  absl::Status SetMarks(uint32_t stream, const DerivedDeal& before, const DerivedDeal& after);
  absl::Status SetTaken(uint32_t stream, const DerivedDeal& before, const DerivedDeal& after);
  void SetLastDays(const std::vector<DayStep>& before, const std::vector<DayStep>& after);
  // Adds to the number of facts on a day.
  void CountDay(uint64_t position, Date day, int64_t change);
  absl::Status WriteDays();
  absl::Status WriteCredits(CreditChanges* changes);

  FactTables* tables_;
  Reference reference_;
  FindPosition find_position_;
  // Changed since the last Derive(), which writes each once.
  absl::flat_hash_map<uint32_t, DealChange> deals_;
  std::multimap<uint64_t, DayChange> days_;  // by position
  MetricChanges metrics_;
  bool policies_changed_ = false;
  SplitPolicies policies_before_;
  // Hold nothing but memory between calls.
  WireFactReader ordinary_;
  PlainDealDeriver plain_;
  DerivedDeal derived_before_, derived_after_;
};

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_FOLD_H_
