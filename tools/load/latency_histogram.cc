#include "tools/load/latency_histogram.h"

#include <algorithm>
#include <bit>

namespace payfold {
namespace {

// Each doubling is divided into so many buckets of one width.
constexpr int kPartBits = 5;
constexpr uint64_t kParts = uint64_t{1} << kPartBits;
constexpr size_t kBuckets = kParts * (64 - kPartBits + 1);

}  // namespace

LatencyHistogram::LatencyHistogram() : counts_(kBuckets) {}

size_t LatencyHistogram::BucketOf(uint64_t nanos) {
  if (nanos < kParts) return nanos;
  const int shift = static_cast<int>(std::bit_width(nanos)) - 1 - kPartBits;
  return kParts * static_cast<size_t>(shift + 1) + ((nanos >> shift) - kParts);
}

uint64_t LatencyHistogram::EndOf(size_t bucket) {
  if (bucket < kParts) return bucket;
  const size_t shift = bucket / kParts - 1;
  return ((kParts + bucket % kParts + 1) << shift) - 1;
}

void LatencyHistogram::Add(absl::Duration latency) {
  const int64_t nanos = std::max(int64_t{0}, absl::ToInt64Nanoseconds(latency));
  ++counts_[BucketOf(static_cast<uint64_t>(nanos))];
  ++count_;
  max_nanos_ = std::max(max_nanos_, nanos);
}

void LatencyHistogram::Add(const LatencyHistogram& other) {
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_nanos_ = std::max(max_nanos_, other.max_nanos_);
}

absl::Duration LatencyHistogram::Quantile(int per_mille) const {
  if (count_ == 0) return absl::ZeroDuration();
  // The rank of the operation, from 1, rounded up.
  const uint64_t rank =
      std::max(uint64_t{1}, (count_ * static_cast<uint64_t>(per_mille) + 999) / 1'000);
  uint64_t passed = 0;
  size_t bucket = 0;
  while ((passed += counts_[bucket]) < rank) ++bucket;
  return std::min(max(), absl::Nanoseconds(static_cast<int64_t>(EndOf(bucket))));
}

}  // namespace payfold
