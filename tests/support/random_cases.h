// How many random cases a test tries, and from which seed on: what is given, or what the
// environment asks for (PAYFOLD_RANDOM_CASES, PAYFOLD_RANDOM_SEED).

#ifndef TESTS_SUPPORT_RANDOM_CASES_H_
#define TESTS_SUPPORT_RANDOM_CASES_H_

#include <cstdint>
#include <cstdlib>

#include "tests/support/random_features.h"
#include "tests/support/random_source.h"

namespace payfold_testing {

inline uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

inline uint64_t RandomCases(uint64_t otherwise) {
  return FromEnvironment("PAYFOLD_RANDOM_CASES", otherwise);
}
inline uint64_t FirstSeed() { return FromEnvironment("PAYFOLD_RANDOM_SEED", 1); }

// All features for one seed in four, else a mixture.
inline RandomFeatures FeaturesFor(uint64_t seed, RandomSource* random) {
  return seed % 4 == 0 ? RandomFeatures::All()
                       : RandomFeatures::Some(static_cast<uint64_t>(random->Int(0, 1 << 17)));
}

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_RANDOM_CASES_H_
