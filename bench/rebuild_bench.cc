// rebuild_bench [--events N] [--workers W] [--repeat R] [--directory D]
//
// Appends the standard company, as large as needed for N events, to a ledger in D,
// folds it live, and R times with W threads goes from the log to all balances and
// rebuilds the projection. Prints the time of all processors together as well:
// other work on the machine changes it least. A ledger that is in D already is
// taken as it is; without D there is a temporary one.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "projections/runtime/fold_prefix.h"
#include "projections/runtime/live_fold.h"
#include "projections/runtime/payout_projection.h"
#include "tools/workload/standard_company.h"

namespace payfold {
namespace {

struct Settings {
  int64_t events = 1'000'000;
  int workers = 2;
  int repeat = 3;
  std::string directory;
};

constexpr int64_t kBatchEvents = 1'000;

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("--events", settings->events);
  app->add_option("--workers", settings->workers);
  app->add_option("--repeat", settings->repeat);
  app->add_option("--directory", settings->directory);
}

// Runs a step and says how long it took.
absl::Status Timed(const std::string& name, int64_t events,
                   const std::function<absl::Status()>& step) {
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu_start = std::clock();
  RETURN_IF_ERROR(step());
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
  std::printf("%-28s %9lld ms %9lld ms of processors %12lld events/s\n", name.c_str(),
              static_cast<long long>(micros / 1000),
              static_cast<long long>((std::clock() - cpu_start) / (CLOCKS_PER_SEC / 1000)),
              static_cast<long long>(events * 1'000'000 / std::max<int64_t>(micros, 1)));
  return absl::OkStatus();
}

absl::Status AppendAll(const StandardCompany& company, Ledger* ledger) {
  std::vector<v1::Event> batch(1);
  batch[0].set_event_id("configured");
  batch[0].set_source("bench");
  batch[0].mutable_ledger_configured()->set_base_currency("USD");
  batch[0].mutable_ledger_configured()->set_payout_period(v1::LedgerConfigured::MONTH);
  for (int64_t i = 0; i < company.event_count(); ++i) {
    batch.push_back(company.EventAt(i));
    if (static_cast<int64_t>(batch.size()) < kBatchEvents && i + 1 < company.event_count()) {
      continue;
    }
    RETURN_IF_ERROR(ledger->Append(batch, {.actor = "bench"}).status());
    batch.clear();
  }
  return absl::OkStatus();
}

absl::Status AppendCompany(int64_t events, Ledger* ledger) {
  // A booking and a split for each deal; participants and quotas are few beside them.
  const StandardCompany company({.deals = std::max<int64_t>(1, events / 2)});
  return Timed("append", company.event_count() + 1, [&] { return AppendAll(company, ledger); });
}

// From nothing but the log to what everybody is owed; says how long the parts take.
absl::Status FoldAndList(const EventLog& log, int workers) {
  const auto events = static_cast<int64_t>(log.head());
  PrefixOptions all;
  all.position = all.plans_position = log.head();
  all.workers = workers;
  FoldedPrefix folded;
  RETURN_IF_ERROR(Timed("  fold from nothing", events, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(folded, FoldPrefix(log, all));
    return absl::OkStatus();
  }));
  const std::shared_ptr<const FactsView> view =
      MakeFactsView(&log, log.head(), log.head(), folded.reference, folded.tables);
  return Timed("  balances of everybody", events,
               [&] { return ListBalances(*view, "", workers).status(); });
}

absl::Status Run(const Settings& settings, const std::string& directory) {
  const bool there = std::filesystem::exists(directory);
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledger> ledger,
                   there ? Ledger::Open(directory, {}) : Ledger::Create(directory, {}));
  if (!there) RETURN_IF_ERROR(AppendCompany(settings.events, ledger.get()));
  const auto events = static_cast<int64_t>(ledger->log().head());
  std::printf("%lld events, %d workers\n", static_cast<long long>(events), settings.workers);
  ASSIGN_OR_RETURN(const std::unique_ptr<PayoutProjection> projection,
                   PayoutProjection::Open(&ledger->log(), {.follow = false}));
  RETURN_IF_ERROR(
      Timed("live fold", events, [&] { return projection->CatchUp(absl::InfiniteFuture()); }));
  for (int i = 0; i < settings.repeat; ++i) {
    RETURN_IF_ERROR(Timed("log to all balances", events, [&]() -> absl::Status {
      return FoldAndList(ledger->log(), settings.workers);
    }));
    RETURN_IF_ERROR(Timed("rebuild, all of it", events, [&]() -> absl::Status {
      ASSIGN_OR_RETURN(const RebuildOutcome outcome,
                       projection->Rebuild(settings.workers, nullptr));
      if (outcome.live_digest == outcome.rebuilt_digest) return absl::OkStatus();
      return absl::DataLossError("the rebuilt projection differs from the live one");
    }));
  }
  rusage used = {};
  getrusage(RUSAGE_SELF, &used);
  std::printf("most memory at a time %16lld MB\n", static_cast<long long>(used.ru_maxrss / 1024));
  return absl::OkStatus();
}

}  // namespace
}  // namespace payfold

int main(int argc, char** argv) {
  CLI::App app;
  payfold::Settings settings;
  payfold::Declare(&app, &settings);
  CLI11_PARSE(app, argc, argv);
  std::string directory = settings.directory;
  std::string temporary;
  if (directory.empty()) {
    temporary =
        absl::StrCat(std::filesystem::temp_directory_path().string(), "/rebuild_bench_XXXXXX");
    if (mkdtemp(temporary.data()) == nullptr) {
      std::perror("making a temporary folder");
      return 1;
    }
    directory = absl::StrCat(temporary, "/ledger");
  }
  const absl::Status status = payfold::Run(settings, directory);
  if (!temporary.empty()) std::filesystem::remove_all(temporary);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
