#include "tests/services/client/remote_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {

using payfold::Client;
using payfold::Server;
namespace v1 = payfold::v1;

RemoteServer::RemoteServer() : harness_({.listen = "127.0.0.1:0"}), port_(harness_.server->port()) {
  harness_.MakeLedger();
}

std::string RemoteServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::unique_ptr<Client> RemoteServer::Connect(absl::Duration timeout) const {
  return ConnectTo(address(), timeout);
}

std::unique_ptr<Client> RemoteServer::ConnectTo(const std::string& address,
                                                absl::Duration timeout) {
  absl::StatusOr<std::unique_ptr<Client>> client =
      Client::Connect(address, {.actor = "petra", .timeout = timeout});
  CHECK(client.ok());
  return *std::move(client);
}

void RemoteServer::Stop() {
  harness_.server.reset();
  CHECK(harness_.workspace.Close("main", [] { return absl::OkStatus(); }).ok());
}

void RemoteServer::Start() {
  auto started = Server::Start(&harness_.workspace, {.listen = address()});
  CHECK(started.ok());
  harness_.server = *std::move(started);
}

std::vector<std::string> RemoteServer::EventIds() const {
  const std::unique_ptr<Client> client = Connect();
  v1::ReadEventsRequest request;
  request.set_from_position(2);
  grpc::ClientContext context;
  const auto reader = client->stub<v1::LedgerService::Stub>()->ReadEvents(&context, request);
  std::vector<std::string> ids;
  v1::ReadEventsResponse page;
  while (reader->Read(&page)) {
    for (const v1::StoredEvent& event : page.events()) ids.push_back(event.event().event_id());
  }
  CHECK(reader->Finish().ok());
  return ids;
}

}  // namespace payfold_testing
