// Payout functions, straight from the page: what a measure is worth.
//
// Everything here is in major units of the plan's currency (or plain numbers),
// exact and not rounded.
//
// Source: specification, calculation 6, 7 and 14.

#ifndef TESTS_SUPPORT_NAIVE_PAYOUT_H_
#define TESTS_SUPPORT_NAIVE_PAYOUT_H_

#include <optional>
#include <vector>

#include "ledger/money/rational.h"
#include "payfold/v1/plan.pb.h"

namespace payfold_testing {

// What a payout is computed from.
struct NaivePay {
  payfold::Rational measure;
  std::optional<payfold::Rational> target;  // none: undefined
  payfold::Rational incentive;              // the target incentive of the period

  // The measure and target of `bands.by`, where it is given.
  std::optional<payfold::Rational> by_measure;
  std::optional<payfold::Rational> by_target;
};

// What each band pays.
std::vector<payfold::Rational> BandAmounts(const payfold::v1::Bands& bands, const NaivePay& pay);

// f of per_deal on the credit of one deal.
payfold::Rational PerDealAmount(const payfold::v1::PerDeal& per_deal,
                                const payfold::Rational& credit);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_PAYOUT_H_
