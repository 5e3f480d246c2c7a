// Payout functions, straight from the page: what a measure is worth.
//
// Everything here is in major units of the plan's currency (or plain numbers),
// exact and not rounded.
//
// Source: specification, calculation 6, 7 and 14.

#ifndef TESTS_SUPPORT_NAIVE_PAYOUT_H_
#define TESTS_SUPPORT_NAIVE_PAYOUT_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/money/rational.h"
#include "payfold/v1/plan.pb.h"
#include "tests/support/naive_facts.h"

namespace payfold_testing {

// What a payout is computed from.
struct NaivePay {
  payfold::Rational measure;
  std::optional<payfold::Rational> target;  // none: undefined
  payfold::Rational incentive;              // the target incentive of the period

  // The measure and target of `bands.by`, where it is given.
  std::optional<payfold::Rational> by_measure;
  std::optional<payfold::Rational> by_target;

  // What a fixed amount, an edge on a measure and a band's rate are, where they
  // are not as written (proration, rates by an attribute).
  std::function<payfold::Rational(const std::string&)> fixed = NaiveNumber;
  std::function<payfold::Rational(const std::string&)> edge = NaiveNumber;
  std::function<payfold::Rational(const payfold::v1::Band&)> rate = [](const auto& band) {
    return NaiveNumber(band.rate());
  };
};

// measure / target; 0 where the target is 0 or undefined.
payfold::Rational NaiveAttainment(const payfold::Rational& measure,
                                  const std::optional<payfold::Rational>& target);

// What each band pays.
std::vector<payfold::Rational> BandAmounts(const payfold::v1::Bands& bands, const NaivePay& pay);

// The multiple of the target incentive at an attainment.
payfold::Rational CurveMultiple(const payfold::v1::Curve& curve,
                                const payfold::Rational& attainment);

// The multiple of the band that x falls in; 1 in none.
payfold::Rational MultiplierAt(const payfold::v1::Multiplier& multiplier,
                               const payfold::Rational& x);

// f of per_deal on the credit of one deal, as `pay` has the numbers of the plan.
payfold::Rational PerDealAmount(const payfold::v1::PerDeal& per_deal,
                                const payfold::Rational& credit, NaivePay pay);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_PAYOUT_H_
