#include "ledger/plan/modifiers.h"

#include <vector>

namespace payfold {

bool Holds(Compare compare, const Rational& x, const Rational& bound) {
  const int order = Rational::Compare(x, bound);
  switch (compare) {
    case Compare::kAtLeast:
      return order >= 0;
    case Compare::kAbove:
      return order > 0;
    case Compare::kAtMost:
      return order <= 0;
    case Compare::kBelow:
      return order < 0;
  }
  return false;
}

Rational MultipleAt(const std::vector<Multiplier::Band>& bands, const Rational& x) {
  for (const Multiplier::Band& band : bands) {
    if (!band.upto.has_value() || x < *band.upto || (x == *band.upto && band.includes_upto)) {
      return band.multiple;
    }
  }
  return 1;
}

}  // namespace payfold
