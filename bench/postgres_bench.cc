// postgres_bench WORK --connection C [--deals N] [--method insert|copy] [--writers W]
//                [--clients K] [--events M] [--sql FILE --calls FILE]
//
// The peer's side of bench/compare; prints lines of JSON. WORK is
//   batches   the standard company, batch by batch, into the table events;
//   singles   M single events from K clients, each waiting for its commit;
//   calls     the query in a file, prepared, for each line of parameters (split
//             at tabs) in another: once to warm up, once measured.
// Rows are made ready before the clock runs.

#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/batch_run.h"
#include "bench/bench_calls.h"
#include "bench/company_feed.h"
#include "bench/measured.h"
#include "bench/postgres_connection.h"
#include "bench/postgres_wire.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr char kColumns[] = "events (event_id, stream, version, kind, recorded_at, payload)";

struct Settings {
  std::string work;
  std::string connection;
  std::string method = "insert";
  std::string sql;
  std::string calls;
  int64_t deals = 50'000;
  int64_t events = 100'000;
  int writers = 1;
  int clients = 64;
};

void Declare(CLI::App* app, Settings* settings) {
  app->add_option("work", settings->work)->required();
  app->add_option("--connection", settings->connection)->required();
  app->add_option("--method", settings->method)->check(CLI::IsMember({"insert", "copy"}));
  app->add_option("--sql", settings->sql);
  app->add_option("--calls", settings->calls);
  app->add_option("--deals", settings->deals);
  app->add_option("--writers", settings->writers);
  app->add_option("--clients", settings->clients);
  app->add_option("--events", settings->events);
}

absl::StatusOr<std::vector<PostgresConnection>> Connect(const Settings& settings, int count,
                                                        const std::string& sql) {
  std::vector<PostgresConnection> connections;
  for (int i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(PostgresConnection connection, PostgresConnection::Open(settings.connection));
    if (!sql.empty()) RETURN_IF_ERROR(connection.Prepare(sql));
    connections.push_back(std::move(connection));
  }
  return connections;
}

// All in one statement, so one transaction.
absl::Status Batches(const Settings& settings) {
  const CompanyFeed feed(settings.deals);
  const bool copy = settings.method == "copy";
  const std::string copy_sql = absl::StrCat("copy ", kColumns, " from stdin (format binary)");
  const std::string insert_sql = absl::StrCat(
      "insert into ", kColumns,
      " select * from unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::timestamptz[], "
      "$6::bytea[]) on conflict (event_id) do nothing");
  ASSIGN_OR_RETURN(std::vector<PostgresConnection> connections,
                   Connect(settings, settings.writers, copy ? "" : insert_sql));
  const auto make_ready = [&](int64_t batch) -> absl::StatusOr<std::vector<std::string>> {
    std::vector<EventRow> rows;
    int64_t position = batch * CompanyFeed::kBatchEvents;
    for (const v1::Event& event : feed.BatchAt(batch)) {
      ASSIGN_OR_RETURN(EventRow row, ToRow(event, ++position));
      rows.push_back(std::move(row));
    }
    return copy ? std::vector<std::string>{ToCopy(rows)} : ToArrays(rows);
  };
  const auto write = [&](int writer, const std::vector<std::string>& ready) {
    PostgresConnection& connection = connections[static_cast<size_t>(writer)];
    return copy ? connection.Copy(copy_sql, ready.front())
                : connection.Execute(ready, true).status();
  };
  ASSIGN_OR_RETURN(const double seconds,
                   RunBatches<std::vector<std::string>>(feed.batch_count(), settings.writers,
                                                        make_ready, write));
  PrintTime("batches", feed.event_count(), seconds);
  return absl::OkStatus();
}

// What one client sends, one after the other.
struct Client {
  std::vector<std::vector<std::string>> rows;
  size_t sent = 0;
};

// All connections from one thread, so that the client takes little of the machine.
absl::Status RunClients(std::vector<PostgresConnection>* connections,
                        std::vector<Client>* clients) {
  std::vector<pollfd> waiting;
  const auto send_next = [&](size_t i) {
    Client& client = (*clients)[i];
    if (client.sent < client.rows.size()) return (*connections)[i].Send(client.rows[client.sent++]);
    waiting[i].fd = -1;
    return absl::OkStatus();
  };
  for (size_t i = 0; i < clients->size(); ++i) {
    waiting.push_back({(*connections)[i].socket(), POLLIN, 0});
    RETURN_IF_ERROR(send_next(i));
  }
  const auto is_open = [](const pollfd& p) { return p.fd >= 0; };
  while (std::any_of(waiting.begin(), waiting.end(), is_open)) {
    if (poll(waiting.data(), waiting.size(), -1) < 0) return absl::InternalError("poll failed");
    for (size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].fd < 0 || waiting[i].revents == 0) continue;
      ASSIGN_OR_RETURN(const bool done, (*connections)[i].Receive());
      if (done) RETURN_IF_ERROR(send_next(i));
    }
  }
  return absl::OkStatus();
}

absl::Status Singles(const Settings& settings) {
  const CompanyFeed feed(settings.deals);
  const int64_t events = std::min(settings.events, feed.single_event_count());
  std::vector<Client> clients(static_cast<size_t>(settings.clients));
  for (int64_t i = 0; i < events; ++i) {
    // Both events of a deal to one client, in order.
    Client& client = clients[static_cast<size_t>(i / 2) % clients.size()];
    ASSIGN_OR_RETURN(const EventRow row, ToRow(feed.SingleEventAt(i), i + 1));
    client.rows.push_back(ToValues(row));
  }
  const std::string sql = absl::StrCat("insert into ", kColumns,
                                       " values ($1, $2, $3, $4, $5, $6) "
                                       "on conflict (event_id) do nothing");
  ASSIGN_OR_RETURN(std::vector<PostgresConnection> connections,
                   Connect(settings, settings.clients, sql));
  Stopwatch clock;
  clock.Start();
  RETURN_IF_ERROR(RunClients(&connections, &clients));
  clock.Stop();
  PrintTime("singles", events, clock.seconds());
  return absl::OkStatus();
}

// The first column of the answer are amounts.
absl::Status Calls(const Settings& settings) {
  std::ostringstream sql;
  if (!(sql << std::ifstream(settings.sql).rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read ", settings.sql));
  }
  ASSIGN_OR_RETURN(const std::vector<CallArguments> calls, ReadCalls(settings.calls));
  ASSIGN_OR_RETURN(std::vector<PostgresConnection> connections, Connect(settings, 1, sql.str()));
  return MeasureCalls("calls", calls, [&](const CallArguments& call) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(const PostgresResult result, connections.front().Execute(call, false));
    int64_t amount = 0;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      int64_t minor = 0;
      if (!absl::SimpleAtoi(PQgetvalue(result.get(), row, 0), &minor)) {
        return absl::InternalError("the answer is no amount");
      }
      amount += minor;
    }
    return amount;
  });
}

absl::Status Run(const Settings& settings) {
  if (settings.work == "batches") return Batches(settings);
  if (settings.work == "singles") return Singles(settings);
  if (settings.work == "calls") return Calls(settings);
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
