#include "ledger/money/allocate.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

using Unsigned = unsigned __int128;

constexpr int kMaxWeightBits = 100;
constexpr int kMaxSumBits = 126;  // So that MulDiv stays within 128 bits.

struct Quotient {
  uint64_t floor;
  Unsigned remainder;
};

// amount × weight / sum. REQUIRES: weight <= sum < 2^126, 0 < sum, weight < 2^100.
Quotient MulDiv(uint64_t amount, Unsigned weight, Unsigned sum) {
  if ((weight >> 64) == 0) {
    const Unsigned product = amount * weight;
    return {static_cast<uint64_t>(product / sum), product % sum};
  }
  // The product has more than 128 bits: long division, one bit of the amount at a time.
  Quotient q = {0, 0};
  for (int bit = 63; bit >= 0; --bit) {
    q.floor <<= 1;
    q.remainder <<= 1;
    if ((amount >> bit) & 1) q.remainder += weight;
    while (q.remainder >= sum) {
      q.remainder -= sum;
      ++q.floor;
    }
  }
  return q;
}

absl::StatusOr<Unsigned> Sum(absl::Span<const absl::int128> weights) {
  if (weights.empty()) return absl::InvalidArgumentError("cannot split among nobody");
  Unsigned sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] < 0) {
      return absl::InvalidArgumentError(absl::StrCat("weight ", i + 1, " of ", weights.size(),
                                                     " is negative; weights are 0 or more"));
    }
    const Unsigned weight = static_cast<Unsigned>(weights[i]);
    sum += weight;
    if ((weight >> kMaxWeightBits) != 0 || (sum >> kMaxSumBits) != 0) {
      return absl::InvalidArgumentError(absl::StrCat("weight ", i + 1, " of ", weights.size(),
                                                     " is too large; use weights below 2^100"));
    }
  }
  if (sum == 0) return absl::InvalidArgumentError("all weights are 0; one must be positive");
  return sum;
}

}  // namespace

absl::StatusOr<std::vector<int64_t>> Allocate(int64_t amount,
                                              absl::Span<const absl::int128> weights) {
  const absl::StatusOr<Unsigned> sum = Sum(weights);
  if (!sum.ok()) return sum.status();
  const uint64_t magnitude =
      amount < 0 ? 0 - static_cast<uint64_t>(amount) : static_cast<uint64_t>(amount);

  absl::InlinedVector<Quotient, 8> parts(weights.size());
  uint64_t left = magnitude;
  for (size_t i = 0; i < weights.size(); ++i) {
    parts[i] = MulDiv(magnitude, static_cast<Unsigned>(weights[i]), *sum);
    left -= parts[i].floor;
  }
  if (left > 0) {
    absl::InlinedVector<size_t, 8> order(weights.size());
    std::iota(order.begin(), order.end(), size_t{0});
    const auto nth = order.begin() + static_cast<std::ptrdiff_t>(left);
    std::nth_element(order.begin(), nth, order.end(), [&parts](size_t a, size_t b) {
      if (parts[a].remainder != parts[b].remainder) {
        return parts[a].remainder > parts[b].remainder;
      }
      return a < b;
    });
    for (auto i = order.begin(); i != nth; ++i) ++parts[*i].floor;
  }

  std::vector<int64_t> result(weights.size());
  for (size_t i = 0; i < weights.size(); ++i) {
    const uint64_t part = parts[i].floor;
    result[i] = static_cast<int64_t>(amount < 0 ? 0 - part : part);
  }
  return result;
}

absl::StatusOr<std::vector<int64_t>> AllocateByFractions(int64_t amount,
                                                         absl::Span<const Rational> weights) {
  if (weights.empty()) return absl::InvalidArgumentError("cannot split among nobody");
  Rational sum;
  for (const Rational& weight : weights) {
    if (weight.sign() < 0) {
      return absl::InvalidArgumentError("a weight is negative; weights are 0 or more");
    }
    sum += weight;
  }
  if (sum.is_zero()) {
    return absl::InvalidArgumentError("all weights are 0; one must be positive");
  }
  const int sign = amount < 0 ? -1 : 1;
  const Rational magnitude = Rational(amount) * Rational(sign);
  std::vector<int64_t> parts;
  std::vector<std::pair<Rational, size_t>> remainders;  // negated, so that the largest comes first
  Rational left = magnitude;
  for (size_t i = 0; i < weights.size(); ++i) {
    const Rational exact = magnitude * weights[i] / sum;
    ASSIGN_OR_RETURN(const int64_t floor, exact.Floor());
    parts.push_back(floor);
    left -= Rational(floor);
    remainders.emplace_back(Rational(floor) - exact, i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (size_t i = 0; left.sign() > 0; ++i, left -= 1) ++parts[remainders[i].second];
  for (int64_t& part : parts) part *= sign;
  return parts;
}

}  // namespace payfold
