#include "ledger/plan/lookup.h"

#include <string>

#include "absl/strings/numbers.h"

namespace payfold {
namespace {

const Rational* Find(const LookupTable& table, absl::string_view key) {
  const auto it = table.values.find(std::string(key));
  return it == table.values.end() ? nullptr : &it->second;
}

}  // namespace

const Rational* LookUp(const LookupTable& table, absl::string_view key) {
  const Rational* exact = Find(table, key);
  return exact != nullptr ? exact : Find(table, kAnyKey);
}

const Rational* LookUpTenure(const LookupTable& table, int whole_months) {
  const Rational* best = nullptr;
  int best_bound = 0;
  // The keys are in the order of texts, not of numbers.
  for (const auto& [key, value] : table.values) {
    int bound = 0;
    if (!absl::SimpleAtoi(key, &bound) || bound > whole_months) continue;
    if (best != nullptr && bound <= best_bound) continue;
    best = &value;
    best_bound = bound;
  }
  return best != nullptr ? best : Find(table, kAnyKey);
}

}  // namespace payfold
