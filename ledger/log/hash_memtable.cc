#include "ledger/log/hash_memtable.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "boost/sort/spreadsort/integer_sort.hpp"
#include "rocksdb/slice.h"

namespace payfold {
namespace {

constexpr size_t kFirstSlots = size_t{1} << 10;
constexpr size_t kMostFirstSlots = size_t{1} << 19;  // 8 MiB: a quarter of what is flushed.
constexpr size_t kTagBytes = 8;  // Sequence number and type, at the end of a key.

// Of an entry as RocksDB writes it: length and key with its tag, length and value.
rocksdb::Slice KeyOf(const char* entry) { return rocksdb::GetLengthPrefixedSlice(entry); }

absl::string_view Untagged(const rocksdb::Slice& key) {
  return {key.data(), key.size() - kTagBytes};
}

uint64_t HashOf(absl::string_view key) { return absl::Hash<absl::string_view>()(key); }

// Entries by the hash of their key. One thread adds, others look.
class Slots {
 public:
  explicit Slots(size_t count) : mask_(count - 1), slots_(std::make_unique<Slot[]>(count)) {}

  size_t count() const { return mask_ + 1; }
  size_t bytes() const { return count() * sizeof(Slot); }

  // REQUIRES: a slot is free.
  void Add(uint64_t hash, const char* entry) {
    size_t i = hash & mask_;
    while (slots_[i].entry.load(std::memory_order_relaxed) != nullptr) i = (i + 1) & mask_;
    slots_[i].hash.store(hash, std::memory_order_relaxed);
    slots_[i].entry.store(entry, std::memory_order_release);
  }

  // Calls `visit` for the entries with that hash.
  template <typename Visit>
  void VisitHash(uint64_t hash, Visit visit) const {
    for (size_t i = hash & mask_;; i = (i + 1) & mask_) {
      const char* const entry = slots_[i].entry.load(std::memory_order_acquire);
      if (entry == nullptr) return;
      if (slots_[i].hash.load(std::memory_order_relaxed) == hash) visit(entry);
    }
  }

  // Calls `visit` for each hash and entry.
  template <typename Visit>
  void VisitAll(Visit visit) const {
    for (size_t i = 0; i < count(); ++i) {
      const char* const entry = slots_[i].entry.load(std::memory_order_acquire);
      if (entry != nullptr) visit(slots_[i].hash.load(std::memory_order_relaxed), entry);
    }
  }

 private:
  struct Slot {
    std::atomic<uint64_t> hash = 0;
    std::atomic<const char*> entry = nullptr;
  };

  size_t mask_;
  std::unique_ptr<Slot[]> slots_;
};

// The entries of one key, the newest first. Holds nothing, so that it need not be
// destroyed: RocksDB's Get() forgets to.
class KeyIterator final : public rocksdb::MemTableRep::Iterator {
 public:
  KeyIterator(const std::atomic<const Slots*>* slots,
              const rocksdb::MemTableRep::KeyComparator* compare)
      : slots_(slots), compare_(compare) {}

  // One is in use at a time in a thread, for the length of a look-up.
  static void* operator new(size_t /*size*/) {
    alignas(KeyIterator) static thread_local char storage[sizeof(KeyIterator)];
    return storage;
  }
  static void operator delete(void* /*pointer*/) {}

  bool Valid() const override { return entry_ != nullptr; }
  const char* key() const override { return entry_; }

  void Seek(const rocksdb::Slice& key, const char* /*memtable_key*/) override {
    entry_ = FirstFrom(key, /*or_equal=*/true);
  }
  void Next() override { entry_ = FirstFrom(KeyOf(entry_), /*or_equal=*/false); }

  // What has no meaning without an order of all keys.
  void Prev() override { entry_ = nullptr; }
  void SeekForPrev(const rocksdb::Slice& /*key*/, const char* /*memtable_key*/) override {
    entry_ = nullptr;
  }
  void SeekToFirst() override { entry_ = nullptr; }
  void SeekToLast() override { entry_ = nullptr; }

 private:
  const char* FirstFrom(const rocksdb::Slice& key, bool or_equal) const {
    const char* first = nullptr;
    const absl::string_view wanted = Untagged(key);
    slots_->load(std::memory_order_acquire)->VisitHash(HashOf(wanted), [&](const char* entry) {
      if (Untagged(KeyOf(entry)) != wanted) return;
      const int order = (*compare_)(entry, key);
      if (order < 0 || (order == 0 && !or_equal)) return;
      if (first == nullptr || (*compare_)(entry, first) < 0) first = entry;
    });
    return first;
  }

  const std::atomic<const Slots*>* slots_;
  const rocksdb::MemTableRep::KeyComparator* compare_;
  const char* entry_ = nullptr;
};

// The entries as they were at one moment, in order.
class Walk final : public rocksdb::MemTableRep::Iterator {
 public:
  using Entries = std::vector<std::pair<uint64_t, const char*>>;  // How a key goes on; its entry.

  Walk(std::shared_ptr<const Entries> entries, const rocksdb::MemTableRep::KeyComparator* compare)
      : entries_(std::move(entries)), compare_(compare), at_(entries_->size()) {}

  // The memtable keeps its memory: RocksDB may only destroy it.
  static void* operator new(size_t /*size*/, void* memory) { return memory; }
  static void operator delete(void* /*pointer*/) {}

  bool Valid() const override { return at_ < entries_->size(); }
  const char* key() const override { return (*entries_)[at_].second; }
  void Next() override { ++at_; }
  void Prev() override { at_ = at_ == 0 ? entries_->size() : at_ - 1; }
  void SeekToFirst() override { at_ = 0; }
  void SeekToLast() override {
    at_ = entries_->size();
    Prev();
  }
  void Seek(const rocksdb::Slice& key, const char* /*memtable_key*/) override {
    at_ = CountBefore(key, /*or_equal=*/false);
  }
  void SeekForPrev(const rocksdb::Slice& key, const char* /*memtable_key*/) override {
    at_ = CountBefore(key, /*or_equal=*/true);
    Prev();
  }

 private:
  size_t CountBefore(const rocksdb::Slice& key, bool or_equal) const {
    const auto end = std::partition_point(entries_->begin(), entries_->end(), [&](const auto& e) {
      const int order = (*compare_)(e.second, key);
      return order < 0 || (order == 0 && or_equal);
    });
    return static_cast<size_t>(end - entries_->begin());
  }

  std::shared_ptr<const Entries> entries_;
  const rocksdb::MemTableRep::KeyComparator* compare_;
  size_t at_;
};

// As a number that sorts as the keys do, shorter ones padded.
uint64_t BeginningOf(absl::string_view key) {
  uint64_t beginning = 0;
  for (size_t i = 0; i < sizeof(beginning); ++i) {
    beginning = beginning << 8 | (i < key.size() ? static_cast<uint8_t>(key[i]) : 0);
  }
  return beginning;
}

// How many bytes all keys have in common at their beginning: names tend to.
size_t CommonPrefix(const Walk::Entries& entries) {
  if (entries.empty()) return 0;
  absl::string_view prefix = Untagged(KeyOf(entries.front().second));
  for (const auto& [beginning, entry] : entries) {
    const absl::string_view key = Untagged(KeyOf(entry));
    const auto differs = std::mismatch(prefix.begin(), prefix.end(), key.begin(), key.end());
    prefix = prefix.substr(0, static_cast<size_t>(differs.first - prefix.begin()));
    if (prefix.empty()) break;
  }
  return prefix.size();
}

// How many slots a family's memtables begin with: what the last one came to, so that
// they need not grow step by step.
using FirstSlots = std::atomic<size_t>;

class HashMemtable final : public rocksdb::MemTableRep {
 public:
  HashMemtable(const KeyComparator& compare, rocksdb::Allocator* allocator,
               std::shared_ptr<FirstSlots> first_slots)
      : MemTableRep(allocator), compare_(compare), first_slots_(std::move(first_slots)) {
    Grow(first_slots_->load(std::memory_order_relaxed));
  }

  void Insert(rocksdb::KeyHandle handle) override {
    if (2 * (entries_ + 1) > tables_.back()->count()) {
      Grow(2 * tables_.back()->count());
      first_slots_->store(std::min(tables_.back()->count(), kMostFirstSlots),
                          std::memory_order_relaxed);
    }
    const char* const entry = static_cast<const char*>(handle);
    tables_.back()->Add(HashOf(Untagged(KeyOf(entry))), entry);
    ++entries_;
  }

  // Nothing is inserted any more; the next one has been made already.
  void MarkReadOnly() override {
    const size_t half = tables_.back()->count() / 2;
    if (half >= kFirstSlots && 4 * entries_ < half) {
      first_slots_->store(half, std::memory_order_relaxed);
    }
  }

  bool Contains(const char* key) const override {
    KeyIterator found(&slots_, &compare_);
    found.Seek(KeyOf(key), key);
    return found.Valid() && compare_(found.key(), KeyOf(key)) == 0;
  }

  // Must not grow once nothing is inserted any more: what walks take is left out.
  size_t ApproximateMemoryUsage() override { return bytes_.load(std::memory_order_relaxed); }

  Iterator* GetIterator(rocksdb::Arena* /*arena*/) override {
    std::shared_ptr<const Walk::Entries> sorted = Sorted();
    const std::lock_guard<std::mutex> lock(walking_);
    return new (&walks_.emplace_back()) Walk(std::move(sorted), &compare_);
  }

  // For Get().
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    return arena == nullptr ? new KeyIterator(&slots_, &compare_) : GetIterator(arena);
  }

 private:
  struct alignas(Walk) WalkMemory {
    char bytes[sizeof(Walk)];
  };

  void Grow(size_t count) {
    auto grown = std::make_unique<Slots>(count);
    if (!tables_.empty()) {
      tables_.back()->VisitAll([&](uint64_t hash, const char* entry) { grown->Add(hash, entry); });
    }
    bytes_.fetch_add(grown->bytes(), std::memory_order_relaxed);
    slots_.store(grown.get(), std::memory_order_release);
    tables_.push_back(std::move(grown));
  }

  std::shared_ptr<const Walk::Entries> Sorted() const {
    const Slots& slots = *slots_.load(std::memory_order_acquire);
    auto entries = std::make_shared<Walk::Entries>();
    entries->reserve(slots.count() / 2);
    slots.VisitAll([&](uint64_t /*hash*/, const char* entry) { entries->emplace_back(0, entry); });
    const size_t alike = CommonPrefix(*entries);
    for (auto& [beginning, entry] : *entries) {
      beginning = BeginningOf(Untagged(KeyOf(entry)).substr(alike));
    }
    // Keys that are hashes are in order by then; those that begin alike are compared.
    boost::sort::spreadsort::integer_sort(
        entries->begin(), entries->end(),
        [](const auto& entry, unsigned shift) { return entry.first >> shift; },
        [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto begin = entries->begin(); begin != entries->end();) {
      const auto end = std::find_if(begin, entries->end(),
                                    [&](const auto& entry) { return entry.first != begin->first; });
      std::sort(begin, end,
                [&](const auto& a, const auto& b) { return compare_(a.second, b.second) < 0; });
      begin = end;
    }
    return entries;
  }

  const KeyComparator& compare_;
  const std::shared_ptr<FirstSlots> first_slots_;
  size_t entries_ = 0;                          // Of who inserts.
  std::vector<std::unique_ptr<Slots>> tables_;  // The smaller ones may be looked at still.
  std::atomic<const Slots*> slots_ = nullptr;   // The last one.
  std::atomic<size_t> bytes_ = 0;
  std::mutex walking_;
  std::deque<WalkMemory> walks_;  // Those that there were, too.
};

class HashMemtableFactory final : public rocksdb::MemTableRepFactory {
 public:
  const char* Name() const override { return "payfold.hash_memtable"; }
  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& compare,
                                          rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform* /*transform*/,
                                          rocksdb::Logger* /*logger*/) override {
    return new HashMemtable(compare, allocator, first_slots_);
  }

 private:
  const std::shared_ptr<FirstSlots> first_slots_ = std::make_shared<FirstSlots>(kFirstSlots);
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> NewHashMemtableFactory() {
  return std::make_shared<HashMemtableFactory>();
}

}  // namespace payfold
