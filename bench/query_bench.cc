// query_bench: how long a statement takes over gRPC, quiet and while other work runs.
//
//   query_bench --directory D [--deals 50000] [--seconds 10] [--rate 200] [--clients 4]
//               [--loads quiet,rebuild,rebuild-totals,replay] [--workers 2]
//
// Appends the standard company to a ledger in D (or takes the one that is there),
// serves it on a port of the loopback, and asks for statements
// of participants and months at random, `rate` a second whatever happens: once with
// each of the loads running beside it, which begins again as soon as it has ended.
// The first load is what the others are compared with.
//
// Another load is another entry of kLoads.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "bench/company_feed.h"
#include "bench/what_if.h"
#include "grpcpp/grpcpp.h"
#include "ledger/admission/ledgers.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "projections/replay/difference.h"
#include "projections/replay/fork.h"
#include "projections/runtime/live_fold.h"
#include "services/server.h"
#include "services/workspace.h"
#include "tools/load/statement_load.h"

namespace payfold {
namespace {

struct Settings {
  std::string directory;
  int64_t deals = 50'000;
  int seconds = 10;
  int64_t rate = 200;
  int clients = 4;
  int workers = 2;
  std::vector<std::string> loads = {"quiet", "rebuild", "rebuild-totals", "replay"};
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("--directory", settings->directory)->required();
  app->add_option("--deals", settings->deals);
  app->add_option("--seconds", settings->seconds);
  app->add_option("--rate", settings->rate);
  app->add_option("--clients", settings->clients);
  app->add_option("--workers", settings->workers);
  app->add_option("--loads", settings->loads)->delimiter(',');
}

// What runs beside the questions. It is run again and again; `go_on` turns false when
// it is to end, and then its error does not count.
struct Work {
  const OpenLedger& open;
  int workers;
  const std::function<bool()>& go_on;
};

absl::Status RebuildByName(const Work& work, absl::string_view projection) {
  return work.open.projections
      .Rebuild(projection, work.workers, [&work](uint64_t, uint64_t) { return work.go_on(); })
      .status();
}

// Of everybody, from the deals.
absl::Status Replay(const Work& work) {
  const EventLog& log = work.open.ledger->log();
  ASSIGN_OR_RETURN(const Fork fork,
                   Fork::Make(work.open.payouts->View(),
                              {OtherRates(StandardCompany({.deals = 1}))}, FindPositionIn(&log)));
  CompareOptions options;
  options.workers = work.workers;
  options.progress = [&work](uint64_t, uint64_t) {
    return work.go_on() ? absl::OkStatus() : absl::CancelledError("enough");
  };
  return ComputeDifferences(fork, options).status();
}

absl::Status ReplayAndRebuild(const Work& work) {
  RETURN_IF_ERROR(Replay(work));
  return RebuildByName(work, "payouts");
}

constexpr struct {
  const char* name;
  absl::Status (*run)(const Work& work);  // Null: nothing.
} kLoads[] = {
    {"quiet", nullptr},
    {"rebuild", [](const Work& work) { return RebuildByName(work, "payouts"); }},
    {"rebuild-totals", [](const Work& work) { return RebuildByName(work, "daily-totals"); }},
    {"replay", Replay},
    {"replay-rebuild", ReplayAndRebuild},
};

// Runs a load in a thread of its own until it goes.
class Background {
 public:
  Background(absl::Status (*run)(const Work&), const OpenLedger& open, int workers) {
    if (run == nullptr) return;
    thread_ = std::thread([this, run, &open, workers] {
      const std::function<bool()> go_on = [this] { return !stopping_.load(); };
      while (go_on()) {
        const absl::Status status = run({open, workers, go_on});
        if (!go_on()) return;
        if (!status.ok()) {
          error_ = status;
          return;
        }
        ++rounds_;
      }
    });
  }

  // How often it was carried through. Errors: its own.
  absl::StatusOr<int> Stop() {
    stopping_.store(true);
    if (thread_.joinable()) thread_.join();
    RETURN_IF_ERROR(error_);
    return rounds_;
  }
  ~Background() { Stop().status().IgnoreError(); }

 private:
  std::atomic<bool> stopping_ = false;
  absl::Status error_;
  int rounds_ = 0;
  std::thread thread_;
};

absl::Status MakeCompany(const std::string& directory, int64_t deals) {
  const CompanyFeed feed(deals);
  ASSIGN_OR_RETURN(const std::unique_ptr<Ledgers> ledgers, Ledgers::Create(directory, {}));
  std::vector<v1::Event> first = feed.BatchAt(0);
  ASSIGN_OR_RETURN(Ledger * ledger,
                   ledgers->CreateLedger(kMainLedger, first.front(), {.actor = "bench"}));
  first.erase(first.begin());
  RETURN_IF_ERROR(ledger->Append(first, {.actor = "bench"}).status());
  for (int64_t batch = 1; batch < feed.batch_count(); ++batch) {
    RETURN_IF_ERROR(ledger->Append(feed.BatchAt(batch), {.actor = "bench"}).status());
  }
  return absl::OkStatus();
}

void PrintLoad(const std::string& name, const LoadResult& result, int rounds,
               absl::Duration quiet_p99) {
  const auto micros = [&](int per_mille) {
    return absl::ToInt64Microseconds(result.latency.Quantile(per_mille));
  };
  std::printf("%-16s %8llu asked  p50 %7lld us  p99 %7lld us  p99.9 %7lld us  max %7lld us",
              name.c_str(), static_cast<unsigned long long>(result.latency.count()),
              static_cast<long long>(micros(500)), static_cast<long long>(micros(990)),
              static_cast<long long>(micros(999)),
              static_cast<long long>(absl::ToInt64Microseconds(result.latency.max())));
  std::printf("  p99 %.2f x the first, load run %d times\n",
              absl::FDivDuration(result.latency.Quantile(990), quiet_p99), rounds);
  std::fflush(stdout);
}

absl::Status Measure(const Settings& settings, const OpenLedger& open,
                     v1::PayoutService::Stub* stub) {
  absl::Duration first_p99;
  for (const std::string& name : settings.loads) {
    const auto load = std::find_if(std::begin(kLoads), std::end(kLoads),
                                   [&name](const auto& known) { return name == known.name; });
    if (load == std::end(kLoads)) return absl::InvalidArgumentError("no such load: " + name);
    Background background(load->run, open, settings.workers);
    ASSIGN_OR_RETURN(const LoadResult result,
                     RunStatementLoad(stub, {.ledger = open.name,
                                             .clients = settings.clients,
                                             .per_second = settings.rate,
                                             .duration = absl::Seconds(settings.seconds)}));
    ASSIGN_OR_RETURN(const int rounds, background.Stop());
    RETURN_IF_ERROR(result.first_error);
    if (first_p99 == absl::ZeroDuration()) first_p99 = result.latency.Quantile(990);
    PrintLoad(name, result, rounds, first_p99);
  }
  return absl::OkStatus();
}

absl::Status Run(const Settings& settings) {
  if (!std::filesystem::exists(settings.directory)) {
    RETURN_IF_ERROR(MakeCompany(settings.directory, settings.deals));
  }
  Workspace workspace({.directory = settings.directory, .ledger = {}});
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace.Get(kMainLedger));
  for (ProjectionWorker* worker : open->projections.all()) {
    RETURN_IF_ERROR(worker->CatchUp(absl::InfiniteFuture()));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(&workspace, {.listen = "127.0.0.1:0"}));
  const auto stub = v1::PayoutService::NewStub(
      grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server->port()),
                                grpc::InsecureChannelCredentials(), ChannelArguments()));
  std::printf("%llu events, %lld statements a second, %d clients, %d workers\n",
              static_cast<unsigned long long>(open->ledger->log().head()),
              static_cast<long long>(settings.rate), settings.clients, settings.workers);
  return Measure(settings, *open, stub.get());
}

}  // namespace
}  // namespace payfold

int main(int argc, char** argv) {
  CLI::App app;
  payfold::Settings settings;
  payfold::Declare(&app, &settings);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = payfold::Run(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
