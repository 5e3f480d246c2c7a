#include "ledger/plan/measure.h"

#include <algorithm>

namespace payfold {

bool Measure::is_money() const {
  switch (kind) {
    case Kind::kDeals:
      return value == DealValue::kAmount || value == DealValue::kDealAmount;
    case Kind::kMetric:
      return metric_is_money && aggregate != Aggregate::kCount && aggregate != Aggregate::kNps &&
             aggregate != Aggregate::kCountDistinct;
    case Kind::kEarnings:
      return true;
    case Kind::kSum:
      return std::all_of(parts.begin(), parts.end(),
                         [](const Measure& part) { return part.is_money(); });
    case Kind::kRatio:
    case Kind::kGrowth:
    case Kind::kPeriods:
    case Kind::kAttribute:
      return false;
  }
  return false;
}

bool Measure::is_additive() const {
  switch (kind) {
    case Kind::kDeals:
      return value != DealValue::kCountDistinct;
    case Kind::kMetric:
      return aggregate == Aggregate::kSum || aggregate == Aggregate::kCount;
    case Kind::kEarnings:
      return true;
    case Kind::kSum:
      return std::all_of(parts.begin(), parts.end(),
                         [](const Measure& part) { return part.is_additive(); });
    case Kind::kRatio:
    case Kind::kGrowth:
    case Kind::kPeriods:
    case Kind::kAttribute:
      return false;
  }
  return false;
}

bool Measure::may_be_undefined() const {
  switch (kind) {
    case Kind::kDeals:
    case Kind::kEarnings:
      return false;
    case Kind::kMetric:
      return !is_additive() && aggregate != Aggregate::kCountDistinct;
    case Kind::kSum:
      return std::any_of(parts.begin(), parts.end(),
                         [](const Measure& part) { return part.may_be_undefined(); });
    case Kind::kPeriods:
      return share;
    case Kind::kRatio:
    case Kind::kGrowth:
    case Kind::kAttribute:
      return true;
  }
  return true;
}

}  // namespace payfold
