#include "ledger/plan/curve.h"

#include <algorithm>
#include <vector>

#include "ledger/base/check.h"

namespace payfold {
namespace {

using Point = Curve::Point;

Rational OnLine(const Point& a, const Point& b, const Rational& x) {
  return a.multiple +
         (b.multiple - a.multiple) * (x - a.attainment) / (b.attainment - a.attainment);
}

// The multiple beyond `end`, whose neighbours follow from `other` on.
template <typename Iterator>
Rational Beyond(const Curve& curve, const Point& end, Iterator other, Iterator last,
                const Rational& x) {
  if (!curve.extend) return end.multiple;
  other = std::find_if(other, last,
                       [&](const Point& point) { return point.attainment != end.attainment; });
  return other == last ? end.multiple : OnLine(end, *other, x);
}

}  // namespace

Rational CurveMultiple(const Curve& curve, const Rational& attainment) {
  const std::vector<Point>& points = curve.points;
  CHECK(!points.empty());
  const auto above =
      std::upper_bound(points.begin(), points.end(), attainment,
                       [](const Rational& x, const Point& point) { return x < point.attainment; });
  if (above == points.begin()) {
    return Beyond(curve, points.front(), points.begin(), points.end(), attainment);
  }
  if (above == points.end()) {
    return Beyond(curve, points.back(), points.rbegin(), points.rend(), attainment);
  }
  return OnLine(*(above - 1), *above, attainment);
}

}  // namespace payfold
