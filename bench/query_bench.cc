// query_bench: how long a statement takes over gRPC, quiet and while other work runs.
//
//   query_bench --directory D [--deals 50000] [--seconds 10] [--rate 200] [--clients 4]
//               [--loads quiet,rebuild,rebuild-totals,replay,both]
//
// Appends the standard company to a ledger in D (or takes the one that is there),
// serves it on a port of the loopback, and asks for statements
// of participants and months at random, `rate` a second whatever happens: once with
// each of the loads running beside it, which begins again as soon as it has ended.
// The first load is what the others are compared with.
//
// Another load is another entry of AllLoads().

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
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
#include "ledger/base/processors.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "payfold/v1/replay_service.grpc.pb.h"
#include "projections/facts/run_parallel.h"
#include "services/server.h"
#include "services/status_mapping.h"
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
  std::vector<std::string> loads = {"quiet", "rebuild", "rebuild-totals", "replay", "both"};
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("--directory", settings->directory)->required();
  app->add_option("--deals", settings->deals);
  app->add_option("--seconds", settings->seconds);
  app->add_option("--rate", settings->rate);
  app->add_option("--clients", settings->clients);
  app->add_option("--loads", settings->loads)->delimiter(',');
}

// What runs beside the questions, again and again, as clients ask for it; `go_on` turns
// false when it is to end, and then its error does not count.
struct Work {
  v1::LedgerService::Stub* ledgers;
  v1::ReplayService::Stub* replays;
  std::function<bool()> go_on;
};

// Reads a stream to its end.
template <typename Response>
absl::Status ReadAll(const Work& work, grpc::ClientContext* context,
                     const std::unique_ptr<grpc::ClientReader<Response>>& stream, Response* last) {
  while (stream->Read(last)) {
    if (!work.go_on()) context->TryCancel();
  }
  return FromGrpc(stream->Finish());
}

// One that was cancelled may still be on its way to its end.
absl::Status RebuildByName(const Work& work, const std::string& projection) {
  v1::RebuildRequest request;
  request.set_projection(projection);
  absl::Status status = absl::UnavailableError("");
  while (absl::IsUnavailable(status) && work.go_on()) {
    grpc::ClientContext context;
    v1::RebuildResponse last;
    status = ReadAll(work, &context, work.ledgers->Rebuild(&context, request), &last);
  }
  return status;
}
absl::Status Rebuild(const Work& work) { return RebuildByName(work, "payouts"); }
absl::Status RebuildTotals(const Work& work) { return RebuildByName(work, "daily-totals"); }

// Of everybody, from the deals: a change of exchange rates is nothing that kept measures know.
absl::Status Replay(const Work& work) {
  v1::StartReplayRequest start;
  *start.add_events() = OtherRates(StandardCompany({.deals = 1}));
  start.mutable_events(0)->clear_stream();  // The ledger names it.
  v1::Event* rate = start.add_events();
  rate->set_event_id("a-rate");
  rate->set_source("bench");
  rate->mutable_fx_rate_set()->set_base("EUR");
  rate->mutable_fx_rate_set()->set_quote("USD");
  rate->mutable_fx_rate_set()->set_rate("1.1");
  rate->mutable_fx_rate_set()->set_effective_from("2025-01-01");
  grpc::ClientContext starting;
  v1::StartReplayResponse started;
  RETURN_IF_ERROR(FromGrpc(work.replays->StartReplay(&starting, start, &started)));
  v1::WatchReplayRequest request;
  request.set_replay_id(started.replay().replay_id());
  grpc::ClientContext context;
  v1::WatchReplayResponse last;
  RETURN_IF_ERROR(ReadAll(work, &context, work.replays->WatchReplay(&context, request), &last));
  if (last.replay().state() == v1::SUCCEEDED) return absl::OkStatus();
  return absl::InternalError(last.replay().error());
}

using Run = absl::Status (*)(const Work& work);
struct Load {
  const char* name;
  std::vector<Run> runs;  // Side by side.
};
const std::vector<Load>& AllLoads() {
  static const auto& loads = *new std::vector<Load>{
      {"quiet", {}},        {"rebuild", {Rebuild}},      {"rebuild-totals", {RebuildTotals}},
      {"replay", {Replay}}, {"both", {Replay, Rebuild}},
  };
  return loads;
}

// Runs one thing in a thread of its own until it goes.
class RunningLoad {
 public:
  RunningLoad(Run run, Work work) : work_(std::move(work)) {
    work_.go_on = [this] { return !stopping_.load(); };
    thread_ = std::thread([this, run] {
      while (work_.go_on()) {
        const absl::Status status = run(work_);
        if (!work_.go_on()) return;
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
  ~RunningLoad() { Stop().status().IgnoreError(); }

 private:
  Work work_;
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

absl::Status Measure(const Settings& settings, const std::shared_ptr<grpc::Channel>& channel) {
  const auto payouts = v1::PayoutService::NewStub(channel);
  const auto ledgers = v1::LedgerService::NewStub(channel);
  const auto replays = v1::ReplayService::NewStub(channel);
  absl::Duration first_p99;
  for (const std::string& name : settings.loads) {
    const auto load = std::find_if(AllLoads().begin(), AllLoads().end(),
                                   [&name](const Load& known) { return name == known.name; });
    if (load == AllLoads().end()) return absl::InvalidArgumentError("no such load: " + name);
    std::vector<std::unique_ptr<RunningLoad>> running;
    for (Run run : load->runs) {
      running.push_back(
          std::make_unique<RunningLoad>(run, Work{ledgers.get(), replays.get(), nullptr}));
    }
    ASSIGN_OR_RETURN(
        const LoadResult result,
        RunStatementLoad(payouts.get(), {.ledger = std::string(kMainLedger),
                                         .clients = settings.clients,
                                         .per_second = settings.rate,
                                         .duration = absl::Seconds(settings.seconds)}));
    int rounds = 0;
    for (const auto& one : running) {
      ASSIGN_OR_RETURN(const int more, one->Stop());
      rounds += more;
    }
    RETURN_IF_ERROR(result.first_error);
    if (first_p99 == absl::ZeroDuration()) first_p99 = result.latency.Quantile(990);
    PrintLoad(name, result, rounds, first_p99);
  }
  return absl::OkStatus();
}

absl::Status RunBench(const Settings& settings) {
  if (!std::filesystem::exists(settings.directory)) {
    RETURN_IF_ERROR(MakeCompany(settings.directory, settings.deals));
  }
  Workspace workspace({.directory = settings.directory, .ledger = {}});
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace.Get(kMainLedger));
  for (ProjectionWorker* worker : open->projections.all()) {
    RETURN_IF_ERROR(worker->CatchUp(absl::InfiniteFuture()));
  }
  LimitBackground(ProcessorCount() - 1);  // As `payfold serve` does.
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(&workspace, {.listen = "127.0.0.1:0"}));
  std::printf("%llu events, %lld statements a second, %d clients\n",
              static_cast<unsigned long long>(open->ledger->log().head()),
              static_cast<long long>(settings.rate), settings.clients);
  return Measure(settings,
                 grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server->port()),
                                           grpc::InsecureChannelCredentials(), ChannelArguments()));
}

}  // namespace
}  // namespace payfold

int main(int argc, char** argv) {
  CLI::App app;
  payfold::Settings settings;
  payfold::Declare(&app, &settings);
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = payfold::RunBench(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return 1;
}
