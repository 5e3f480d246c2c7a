// wire_bench WORK --server HOST:PORT --ledger L [--deals N] [--writers W]
//            [--clients K] [--events M]
//
// Payfold's side of bench/compare over the wire, as postgres_bench is
// PostgreSQL's; prints lines of JSON. WORK is
//   batches   makes the ledger and appends the standard company, W writers each
//             with a connection, waiting for one batch after the other;
//   singles   M single events over K streams, each waiting for its
//             acknowledgement, from one thread.
// Requests are made ready before the clock runs.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "bench/batch_run.h"
#include "bench/company_feed.h"
#include "bench/measured.h"
#include "bench/wire_streams.h"
#include "ledger/base/status_macros.h"
#include "payfold/v1/ledger_service.grpc.pb.h"
#include "services/status_mapping.h"

namespace payfold {
namespace {

struct Settings {
  std::string work;
  std::string server;
  std::string ledger = "main";
  int64_t deals = 50'000;
  int64_t events = 100'000;
  int writers = 1;
  int clients = 64;
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("work", settings->work)->required();
  app->add_option("--server", settings->server)->required();
  app->add_option("--ledger", settings->ledger);
  app->add_option("--deals", settings->deals);
  app->add_option("--writers", settings->writers);
  app->add_option("--clients", settings->clients);
  app->add_option("--events", settings->events);
}

absl::Status MakeLedger(const Settings& settings, const v1::LedgerConfigured& configuration) {
  const auto stub = v1::LedgerService::NewStub(
      grpc::CreateChannel(settings.server, grpc::InsecureChannelCredentials()));
  v1::CreateLedgerRequest request;
  request.set_ledger(settings.ledger);
  *request.mutable_configuration() = configuration;
  grpc::ClientContext context;
  v1::CreateLedgerResponse response;
  return FromGrpc(stub->CreateLedger(&context, request, &response));
}

absl::Status Batches(const Settings& settings) {
  const CompanyFeed feed(settings.deals);
  RETURN_IF_ERROR(MakeLedger(settings, feed.BatchAt(0).front().ledger_configured()));
  std::vector<std::unique_ptr<WireStreams>> writers;
  for (int i = 0; i < settings.writers; ++i) {
    ASSIGN_OR_RETURN(std::unique_ptr<WireStreams> writer, WireStreams::Open(settings.server, 1));
    writers.push_back(std::move(writer));
  }
  const auto make_ready = [&](int64_t batch) -> absl::StatusOr<grpc::ByteBuffer> {
    const std::vector<v1::Event> events = feed.BatchAt(batch);
    // The ledger's configuration came first of all.
    return ToRequest(settings.ledger, absl::MakeConstSpan(events).subspan(batch == 0 ? 1 : 0));
  };
  const auto write = [&](int writer, const grpc::ByteBuffer& ready) {
    WireStreams& stream = *writers[static_cast<size_t>(writer)];
    stream.Send(0, ready);
    return stream.Receive().status();
  };
  ASSIGN_OR_RETURN(
      const double seconds,
      RunBatches<grpc::ByteBuffer>(feed.batch_count(), settings.writers, make_ready, write));
  for (const std::unique_ptr<WireStreams>& writer : writers) RETURN_IF_ERROR(writer->Close());
  PrintTime("batches", feed.event_count() - 1, seconds);
  return absl::OkStatus();
}

absl::Status Singles(const Settings& settings) {
  const CompanyFeed feed(settings.deals);
  const int64_t events = std::min(settings.events, feed.single_event_count());
  struct Client {
    std::vector<grpc::ByteBuffer> requests;
    size_t sent = 0;
  };
  std::vector<Client> clients(static_cast<size_t>(settings.clients));
  for (int64_t i = 0; i < events; ++i) {
    // Both events of a deal to one client, in order.
    const v1::Event event = feed.SingleEventAt(i);
    clients[static_cast<size_t>(i / 2) % clients.size()].requests.push_back(
        ToRequest(settings.ledger, {&event, 1}));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<WireStreams> streams,
                   WireStreams::Open(settings.server, settings.clients));
  const auto send_next = [&](size_t stream) {
    Client& client = clients[stream];
    if (client.sent < client.requests.size()) streams->Send(stream, client.requests[client.sent++]);
  };
  Stopwatch clock;
  clock.Start();
  for (size_t i = 0; i < clients.size(); ++i) send_next(i);
  for (int64_t i = 0; i < events; ++i) {
    ASSIGN_OR_RETURN(const size_t stream, streams->Receive());
    send_next(stream);
  }
  clock.Stop();
  RETURN_IF_ERROR(streams->Close());
  PrintTime("singles", events, clock.seconds());
  return absl::OkStatus();
}

absl::Status Run(const Settings& settings) {
  if (settings.work == "batches") return Batches(settings);
  if (settings.work == "singles") return Singles(settings);
  return absl::InvalidArgumentError(absl::StrCat("no such work: ", settings.work));
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
