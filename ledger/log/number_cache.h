// A map of bounded size for what can be read again from the database: entries
// that are not used for long are forgotten. Internal to ledger/log.

#ifndef LEDGER_LOG_NUMBER_CACHE_H_
#define LEDGER_LOG_NUMBER_CACHE_H_

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "ledger/log/clear_for_as_many.h"

namespace payfold {

// Two generations: what is used moves to the young one; when that is full, the
// old one is forgotten. Forgets only in Age(). Not thread-safe.
template <typename Value>
class NumberCache {
 public:
  explicit NumberCache(size_t generation) : generation_(generation) {}

  // The value, or null. Valid until the next call that is not const.
  Value* Find(absl::string_view name) {
    if (auto found = young_.find(name); found != young_.end()) return &found->second;
    auto found = old_.find(name);
    if (found == old_.end()) return nullptr;
    const Value value = found->second;
    old_.erase(found);
    return &young_.emplace(std::string(name), value).first->second;
  }

  // REQUIRES: the name is not there.
  Value* Insert(absl::string_view name, const Value& value) {
    return &young_.emplace(std::string(name), value).first->second;
  }

  void Erase(absl::string_view name) {
    if (young_.erase(name) == 0) old_.erase(name);
  }

  void Age() {
    if (young_.size() < generation_) return;
    old_.swap(young_);
    ClearForAsMany(&young_);
  }

  void Clear() {
    young_.clear();
    old_.clear();
  }

 private:
  size_t generation_;
  absl::flat_hash_map<std::string, Value> young_;
  absl::flat_hash_map<std::string, Value> old_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_NUMBER_CACHE_H_
