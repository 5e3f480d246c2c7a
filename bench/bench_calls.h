// Queries called one after the other, as bench/compare lists them in a file: the
// same for Payfold and for its peers.

#ifndef BENCH_BENCH_CALLS_H_
#define BENCH_BENCH_CALLS_H_

#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bench/measured.h"
#include "ledger/base/status_macros.h"

namespace payfold {

using CallArguments = std::vector<std::string>;

// One call a line, its arguments split at tabs.
inline absl::StatusOr<std::vector<CallArguments>> ReadCalls(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::vector<CallArguments> calls;
  for (std::string line; std::getline(file, line);) {
    calls.push_back(line.empty() ? CallArguments() : CallArguments(absl::StrSplit(line, '\t')));
  }
  if (calls.empty()) return absl::InvalidArgumentError(absl::StrCat(path, " holds no call"));
  return calls;
}

// Makes every call once to warm up, then once more against the clock. A call
// answers an amount in minor units.
inline absl::Status MeasureCalls(
    const std::string& work, const std::vector<CallArguments>& calls,
    const std::function<absl::StatusOr<int64_t>(const CallArguments&)>& call) {
  for (const CallArguments& arguments : calls) RETURN_IF_ERROR(call(arguments).status());
  std::vector<double> micros;
  int64_t sum = 0;
  for (const CallArguments& arguments : calls) {
    Stopwatch clock;
    clock.Start();
    ASSIGN_OR_RETURN(const int64_t amount, call(arguments));
    clock.Stop();
    micros.push_back(clock.seconds() * 1e6);
    sum += amount;
  }
  PrintCalls(work, std::move(micros), sum);
  return absl::OkStatus();
}

}  // namespace payfold

#endif  // BENCH_BENCH_CALLS_H_
