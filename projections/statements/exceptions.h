// What waits or lacks something, of all days or of some.
//
// Source: specification, calculation 12.

#ifndef PROJECTIONS_STATEMENTS_EXCEPTIONS_H_
#define PROJECTIONS_STATEMENTS_EXCEPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "payfold/v1/ledger_service.pb.h"
#include "projections/earnings/day_set.h"
#include "projections/earnings/evaluator.h"
#include "projections/facts/facts_view.h"

namespace payfold {

inline constexpr Days kAllDays{Date::Min(), Date::Max()};

// Of deals with a fact dated in the days; for kAllDays of all deals.
absl::Status AddDealIssues(const FactsView& view, Days days,
                           std::vector<v1::Exception>* exceptions);

// Assignments, with a day in the days, to plans that were never published.
void AddWaitingPlans(const Reference& reference, Days days, std::vector<v1::Exception>* exceptions);

// Credits of a participant dated in the days that no plan pays.
absl::Status AddUnpaidCredits(Evaluator* evaluator, uint32_t participant, Days days,
                              std::vector<v1::Exception>* exceptions);

// In one sentence, for lists without a column for the subject: which is named first
// where the message does not name it.
std::string TextOf(const v1::Exception& exception);

// By kind, position and subject.
void SortExceptions(std::vector<v1::Exception>* exceptions);

}  // namespace payfold

#endif  // PROJECTIONS_STATEMENTS_EXCEPTIONS_H_
