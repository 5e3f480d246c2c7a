#include "projections/facts/last_days.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "absl/types/span.h"

namespace payfold {
namespace {

using Kind = DealFact::Kind;

bool IsDated(const DealFact& fact) {
  return fact.kind != Kind::kVoid && fact.kind != Kind::kSplit && fact.kind != Kind::kPipeline;
}

// Of the first facts of a deal, from all of them.
Date LastDayOf(absl::Span<const DealFact> facts) {
  std::set<uint64_t> voided;
  for (const DealFact& fact : facts) {
    if (fact.kind == Kind::kVoid) voided.insert(fact.target);
  }
  const DealFact* booked = nullptr;
  const DealFact* restated = nullptr;  // the last that says when the deal was booked
  Date last = Date::Min();
  for (const DealFact& fact : facts) {
    if (!IsDated(fact) || voided.count(fact.position) != 0) continue;
    if (fact.kind == Kind::kBooked) {
      booked = &fact;
      continue;
    }
    last = std::max(last, fact.date);
    if (fact.kind != Kind::kRestated || !fact.booked_on.has_value()) continue;
    if (restated == nullptr ||
        std::tie(restated->date, restated->position) < std::tie(fact.date, fact.position)) {
      restated = &fact;
    }
  }
  if (booked == nullptr) return last;
  return std::max(last, restated != nullptr ? *restated->booked_on : booked->date);
}

// Whether a fact does more than to add its date.
bool MovesOthers(const DealFact& fact) {
  return fact.kind == Kind::kVoid || fact.kind == Kind::kBooked || fact.booked_on.has_value();
}

void AddStep(uint64_t position, Date day, std::vector<DayStep>* steps) {
  if (!steps->empty() && steps->back().position == position) steps->pop_back();
  if (day != (steps->empty() ? Date::Min() : steps->back().day)) steps->push_back({position, day});
}

}  // namespace

std::vector<DayStep> LastDaysOf(const DealFacts& deal) {
  std::vector<DayStep> steps;
  const absl::Span<const DealFact> facts = deal.facts;
  Date last = Date::Min();
  for (size_t i = 0; i < facts.size(); ++i) {
    const DealFact& fact = facts[i];
    if (fact.kind == Kind::kSplit || fact.kind == Kind::kPipeline) continue;
    const Date day = MovesOthers(fact) ? LastDayOf(facts.first(i + 1)) : std::max(last, fact.date);
    if (day != last) AddStep(KnownSince(fact), day, &steps);
    last = day;
  }
  return steps;
}

bool LatestDays::IsOutdone(uint64_t from, Date day) const {
  const auto after = staying_.upper_bound(from);
  return after != staying_.begin() && std::prev(after)->second >= day;
}

void LatestDays::Add(uint64_t from, Date day) {
  if (IsOutdone(from, day)) return;
  const auto at = staying_.insert_or_assign(from, day).first;
  auto after = std::next(at);
  while (after != staying_.end() && after->second <= day) after = staying_.erase(after);
}

void LatestDays::Add(uint64_t from, uint64_t until, Date day) {
  if (from < until && !IsOutdone(from, day)) passing_.push_back({from, until, day});
}

void LatestDays::AddAll(const std::vector<DayStep>& steps) {
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].day == Date::Min()) continue;
    if (i + 1 == steps.size()) {
      Add(steps[i].position, steps[i].day);
    } else {
      Add(steps[i].position, steps[i + 1].position, steps[i].day);
    }
  }
}

void LatestDays::AddAll(const LatestDays& other) {
  for (const auto& [from, day] : other.staying_) Add(from, day);
  for (const Passing& passing : other.passing_) Add(passing.from, passing.until, passing.day);
}

std::vector<DayStep> LatestDays::Steps() const {
  std::multimap<uint64_t, std::pair<Date, bool>> changes;  // the day, and whether it comes
  for (const auto& [from, day] : staying_) changes.emplace(from, std::make_pair(day, true));
  for (const Passing& passing : passing_) {
    if (IsOutdone(passing.from, passing.day)) continue;
    changes.emplace(passing.from, std::make_pair(passing.day, true));
    changes.emplace(passing.until, std::make_pair(passing.day, false));
  }
  std::vector<DayStep> steps;
  std::multiset<Date> days;
  for (auto at = changes.begin(); at != changes.end();) {
    const uint64_t position = at->first;
    for (; at != changes.end() && at->first == position; ++at) {
      const auto& [day, comes] = at->second;
      if (comes) {
        days.insert(day);
      } else {
        days.erase(days.find(day));
      }
    }
    AddStep(position, days.empty() ? Date::Min() : *days.rbegin(), &steps);
  }
  return steps;
}

}  // namespace payfold
