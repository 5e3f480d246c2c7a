// What bench programs share: a clock, and their figures as lines of JSON.

#ifndef BENCH_MEASURED_H_
#define BENCH_MEASURED_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace payfold {

// Runs only while it is told to.
class Stopwatch {
 public:
  void Start() { start_ = std::chrono::steady_clock::now(); }
  void Stop() { total_ += std::chrono::steady_clock::now() - start_; }
  double seconds() const { return std::chrono::duration<double>(total_).count(); }

 private:
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::duration total_{};
};

inline void PrintTime(const std::string& work, int64_t items, double seconds) {
  std::printf("{\"work\":\"%s\",\"items\":%lld,\"seconds\":%.6f}\n", work.c_str(),
              static_cast<long long>(items), seconds);
  std::fflush(stdout);
}

// With the sum of what was answered, in minor units.
inline void PrintAnswer(const std::string& work, int64_t items, double seconds, int64_t sum) {
  std::printf("{\"work\":\"%s\",\"items\":%lld,\"seconds\":%.6f,\"sum\":%lld}\n", work.c_str(),
              static_cast<long long>(items), seconds, static_cast<long long>(sum));
  std::fflush(stdout);
}

inline void PrintBytes(const std::string& work, int64_t bytes) {
  std::printf("{\"work\":\"%s\",\"bytes\":%lld}\n", work.c_str(), static_cast<long long>(bytes));
  std::fflush(stdout);
}

// Of calls one after the other: their times in microseconds, and the sum of what
// they answered, by which implementations are compared. REQUIRES: !micros.empty().
inline void PrintCalls(const std::string& work, std::vector<double> micros, int64_t sum) {
  std::sort(micros.begin(), micros.end());
  const auto at = [&](size_t percent) { return micros[(micros.size() - 1) * percent / 100]; };
  std::printf(
      "{\"work\":\"%s\",\"items\":%zu,\"p50_micros\":%.1f,\"p99_micros\":%.1f,\"sum\":%lld}\n",
      work.c_str(), micros.size(), at(50), at(99), static_cast<long long>(sum));
  std::fflush(stdout);
}

}  // namespace payfold

#endif  // BENCH_MEASURED_H_
