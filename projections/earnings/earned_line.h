// A line as the evaluation makes it, with where it came from.

#ifndef PROJECTIONS_EARNINGS_EARNED_LINE_H_
#define PROJECTIONS_EARNINGS_EARNED_LINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "projections/earnings/group.h"

namespace payfold {

struct EarnedLine {
  enum class Kind {
    kElement,    // an element's amount
    kForfeited,  // zero: what a cap cut off (to_date, before)
    kRestated,   // the difference a cancellation makes (RESTATE)
    kReversed,   // what a cancellation takes back (REVERSE)
    kBudget,     // what a budget takes off; has no group
  };

  Kind kind = Kind::kElement;
  uint32_t participant = kNobody;
  const PublishedVersion* version = nullptr;
  std::shared_ptr<const Group> group;
  // Empty for kBudget.
  std::string component_id;
  Period period = Period::Window(Date(), Date());  // measurement period; a budget's period
  std::string line_id;
  std::string element;
  Period payout_period = Period::Window(Date(), Date());
  Date date;
  // The days it pays for: the amount at the end of `last` less that on the eve
  // of `first`.
  Days days;
  // Minor units of money, or units of the reward.
  int64_t to_date = 0, before = 0, amount = 0;
  // What a plan cap took off the amount.
  int64_t over_plan_cap = 0;
  // kRestated, kReversed: the cancellation.
  std::string deal_id;
  uint64_t position = 0;
  // kReversed: what the deal had earned, and the part of it that is taken back.
  int64_t attributed = 0;
  Rational part;

  const Program& program() const { return version->program; }
  bool is_money() const { return group == nullptr || group->pays_money(); }
};

}  // namespace payfold

#endif  // PROJECTIONS_EARNINGS_EARNED_LINE_H_
