// Random choices that are the same on every machine (the distributions of the
// standard library are not).

#ifndef TESTS_SUPPORT_RANDOM_SOURCE_H_
#define TESTS_SUPPORT_RANDOM_SOURCE_H_

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ledger/calendar/date.h"

namespace payfold_testing {

class RandomSource {
 public:
  explicit RandomSource(uint64_t seed) : random_(seed) {}

  // From `low` to `high`, both included.
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low + 1));
  }
  int Int(int low, int high) { return static_cast<int>(Between(low, high)); }
  bool Chance(int percent) { return Int(1, 100) <= percent; }
  payfold::Date Day(payfold::Date first, int days) { return first + Int(0, days); }

  template <typename T>
  const T& Pick(const std::vector<T>& values) {
    return values[static_cast<size_t>(Between(0, static_cast<int64_t>(values.size()) - 1))];
  }
  template <typename T>
  void Shuffle(std::vector<T>* values) {
    for (size_t i = values->size(); i > 1; --i) {
      std::swap((*values)[i - 1], (*values)[static_cast<size_t>(random_() % i)]);
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_SOURCE_H_
