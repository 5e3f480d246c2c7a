// append_bench [--events N] [--in-flight B] [--threads T] [--clients C] [--directory D]
//
// Appends the standard company durably, to a new ledger each time: in batches of
// 1,000 events from one thread that waits for each; in the same batches from T
// threads with B batches in flight together; and event by event from C threads.
// Prints events a second, the processor time of an event and, once the ledger is
// closed, the bytes an event takes on disk. The ledgers lie in a temporary folder
// inside D (or the system's), so D chooses the disk. Events are made before the
// clock starts. With B = 0 no batches are measured, with C = 0 no single events.

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/status_macros.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

struct Settings {
  int64_t events = 500'000;
  int64_t in_flight = 8;
  int64_t threads = 2;
  int64_t clients = 64;
  std::string directory = std::filesystem::temp_directory_path().string();
};

constexpr int64_t kBatchEvents = 1'000;

using Batches = std::vector<std::vector<v1::Event>>;

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("--events", settings->events)->check(CLI::NonNegativeNumber);
  app->add_option("--in-flight", settings->in_flight)->check(CLI::NonNegativeNumber);
  app->add_option("--threads", settings->threads)->check(CLI::NonNegativeNumber);
  app->add_option("--clients", settings->clients)->check(CLI::NonNegativeNumber);
  app->add_option("--directory", settings->directory);
}

// The first error of any thread.
class FirstError {
 public:
  void Add(const absl::Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    status_.Update(status);
  }
  absl::Status Get() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return status_;
  }

 private:
  std::mutex mutex_;
  absl::Status status_;
};

// Bounds how many batches are in flight.
class Window {
 public:
  explicit Window(int64_t size) : free_(size) {}
  void Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    freed_.wait(lock, [this] { return free_ > 0; });
    --free_;
  }
  void Give() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++free_;
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int64_t free_;
};

// Runs `work` in that many threads, each told its number.
void InThreads(int64_t count, const std::function<void(int64_t)>& work) {
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// The bookings and splits of the company, without what is rare beside them.
Batches MakeBatches(int64_t events) {
  const StandardCompany company({.deals = std::max<int64_t>(1, events / 2)});
  Batches batches;
  for (int64_t i = company.reference_event_count(); i < company.event_count(); ++i) {
    if (batches.empty() || static_cast<int64_t>(batches.back().size()) == kBatchEvents) {
      batches.emplace_back();
    }
    batches.back().push_back(company.EventAt(i));
  }
  return batches;
}

absl::Status AppendWaiting(Ledger* ledger, const Batches& batches) {
  for (const std::vector<v1::Event>& batch : batches) {
    RETURN_IF_ERROR(ledger->Append(batch, {.actor = "bench"}).status());
  }
  return absl::OkStatus();
}

absl::Status AppendInFlight(Ledger* ledger, Batches batches, const Settings& settings) {
  FirstError error;
  Window window(settings.in_flight);
  std::atomic<size_t> next = 0;
  InThreads(settings.threads, [&](int64_t) {
    for (size_t i = next++; i < batches.size(); i = next++) {
      window.Take();
      ledger->AppendAsync(
          std::move(batches[i]), {.actor = "bench"},
          [&](const absl::StatusOr<AppendResult>& result, const std::vector<Violation>&) {
            error.Add(result.status());
            window.Give();
          });
    }
  });
  for (int64_t i = 0; i < settings.in_flight; ++i) window.Take();
  return error.Get();
}

absl::Status AppendSingly(Ledger* ledger, const Batches& batches, int64_t clients) {
  FirstError error;
  std::atomic<int64_t> next = 0;
  InThreads(clients, [&](int64_t) {
    for (;;) {
      const int64_t i = next++;
      const auto batch = static_cast<size_t>(i / kBatchEvents);
      if (batch >= batches.size()) return;
      const size_t offset = static_cast<size_t>(i % kBatchEvents);
      if (offset >= batches[batch].size()) return;
      error.Add(ledger->Append({&batches[batch][offset], 1}, {.actor = "bench"}).status());
    }
  });
  return error.Get();
}

int64_t BytesIn(const std::string& directory) {
  int64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += static_cast<int64_t>(entry.file_size());
  }
  return bytes;
}

// Of all threads of this program, in user and system mode.
int64_t ProcessorMicros() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

// Runs an append on a new ledger and says how long it took.
absl::Status Measure(const std::string& name, const std::string& directory,
                     const std::function<absl::Status(Ledger*)>& append) {
  ASSIGN_OR_RETURN(std::unique_ptr<Ledger> ledger, Ledger::Create(directory, {}));
  const int64_t processor_start = ProcessorMicros();
  const auto start = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(append(ledger.get()));
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
  const int64_t processor_nanos = (ProcessorMicros() - processor_start) * 1'000;
  const auto events = std::max<int64_t>(static_cast<int64_t>(ledger->log().head()), 1);
  ledger.reset();
  std::printf("%-42s %7lld ms %8lld events/s %6lld ns of processor and %4lld bytes an event\n",
              name.c_str(), static_cast<long long>(micros / 1000),
              static_cast<long long>(events * 1'000'000 / std::max<int64_t>(micros, 1)),
              static_cast<long long>(processor_nanos / events),
              static_cast<long long>(BytesIn(directory) / events));
  std::filesystem::remove_all(directory);
  return absl::OkStatus();
}

absl::Status Run(const Settings& settings, const std::string& directory) {
  const Batches batches = MakeBatches(settings.events);
  if (settings.in_flight > 0) {
    RETURN_IF_ERROR(Measure("batches of 1,000, one thread that waits", directory + "/waiting",
                            [&](Ledger* ledger) { return AppendWaiting(ledger, batches); }));
    Batches copy = batches;
    RETURN_IF_ERROR(Measure(absl::StrCat("batches of 1,000, ", settings.threads, " threads, ",
                                         settings.in_flight, " in flight"),
                            directory + "/in_flight", [&](Ledger* ledger) {
                              return AppendInFlight(ledger, std::move(copy), settings);
                            }));
  }
  if (settings.clients == 0) return absl::OkStatus();
  return Measure(absl::StrCat("single events, ", settings.clients, " threads that wait"),
                 directory + "/singly",
                 [&](Ledger* ledger) { return AppendSingly(ledger, batches, settings.clients); });
}

}  // namespace
}  // namespace payfold

int main(int argc, char** argv) {
  CLI::App app;
  payfold::Settings settings;
  payfold::Declare(&app, &settings);
  CLI11_PARSE(app, argc, argv);
  std::string directory = settings.directory + "/append_bench_XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) {
    std::perror("making a temporary folder");
    return 1;
  }
  const absl::Status status = payfold::Run(settings, directory);
  std::filesystem::remove_all(directory);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
