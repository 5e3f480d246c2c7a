// A client that is killed: vanishing_client ADDRESS PHASE ID gets a call as far as
// the phase says, prints "ready", and stays there. What was acknowledged before
// begins with ID.

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "payfold/v1/payout_service.grpc.pb.h"
#include "tests/end_to_end/client.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;

struct Client {
  explicit Client(const std::string& address)
      : channel(Dial(address)), ledgers(v1::LedgerService::NewStub(channel)) {}

  // The server has what was sent before on the same connection: it has answered
  // something that was sent after it.
  void Settle() {
    v1::ListLedgersResponse response;
    CHECK(ledgers->ListLedgers(Soon().get(), {}, &response).ok());
  }

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::LedgerService::Stub> ledgers;
};

[[noreturn]] void Stay() {
  std::puts("ready");
  std::fflush(stdout);
  while (true) pause();
}

void ReadEvents(Client& client, bool read) {
  grpc::ClientContext context;
  const auto reader = client.ledgers->ReadEvents(&context, {});
  v1::ReadEventsResponse response;
  if (read) CHECK(reader->Read(&response));
  client.Settle();
  Stay();
}

void Subscribe(Client& client, int reads, bool until_live) {
  grpc::ClientContext context;
  const auto reader = client.ledgers->Subscribe(&context, {});
  v1::SubscribeResponse response;
  for (int i = 0; i < reads; ++i) CHECK(reader->Read(&response));
  while (until_live && response.mark() != v1::SubscribeResponse::CAUGHT_UP) {
    CHECK(reader->Read(&response));
  }
  client.Settle();
  Stay();
}

// A stream on which that many batches were written and that many acknowledgements read.
void AppendStream(Client& client, const std::string& id, int writes, int reads, bool half_close) {
  grpc::ClientContext context;
  const auto stream = client.ledgers->AppendStream(&context);
  v1::AppendStreamRequest request;
  request.set_ledger("main");
  for (int i = 1; i <= writes; ++i) {
    request.clear_events();
    *request.add_events() = Deal(absl::StrCat(id, "-", i));
    CHECK(stream->Write(request));
  }
  v1::AppendStreamResponse response;
  for (int i = 0; i < reads; ++i) CHECK(stream->Read(&response) && response.has_appended());
  if (half_close) CHECK(stream->WritesDone());
  client.Settle();
  Stay();
}

// Is killed while it sends a batch, if the time is right. Always the same batch, so
// that the ledger does not grow.
void AppendTorn(Client& client) {
  grpc::ClientContext context;
  const auto stream = client.ledgers->AppendStream(&context);
  v1::AppendStreamRequest request;
  request.set_ledger("main");
  for (int i = 1; i <= 300; ++i) *request.add_events() = Deal(absl::StrCat("torn-", i), 9'000);
  client.Settle();
  std::puts("ready");
  std::fflush(stdout);
  while (stream->Write(request)) continue;
}

// Another rebuild may run: there is one at a time.
void Rebuild(Client& client, bool read) {
  while (true) {
    grpc::ClientContext context;
    const auto reader = client.ledgers->Rebuild(&context, {});
    v1::RebuildResponse response;
    if (!read || reader->Read(&response)) {
      client.Settle();
      Stay();
    }
    CHECK(reader->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
    usleep(10'000);
  }
}

// Asks for a position that never comes.
void WaitForPosition(Client& client) {
  const auto payouts = v1::PayoutService::NewStub(client.channel);
  v1::ListBalancesRequest request;
  request.mutable_context()->set_min_position(1'000'000'000);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = payouts->AsyncListBalances(&context, request, &queue);
  client.Settle();
  Stay();
}

void Run(const std::string& address, const std::string& phase, const std::string& id) {
  Client client(address);
  if (phase == "connected") {
    client.Settle();
    Stay();
  }
  if (phase == "read_begun") ReadEvents(client, false);
  if (phase == "read_in_the_middle") ReadEvents(client, true);
  if (phase == "subscribe_begun") Subscribe(client, 0, false);
  if (phase == "subscribe_history") Subscribe(client, 1, false);
  if (phase == "subscribe_live") Subscribe(client, 1, true);
  if (phase == "append_begun") AppendStream(client, id, 0, 0, false);
  if (phase == "append_between") AppendStream(client, id, 3, 3, false);
  if (phase == "append_in_flight") AppendStream(client, id, 60, 0, false);
  if (phase == "append_half_closed") AppendStream(client, id, 60, 0, true);
  if (phase == "append_torn") AppendTorn(client);
  if (phase == "rebuild_begun") Rebuild(client, false);
  if (phase == "rebuild_in_the_middle") Rebuild(client, true);
  if (phase == "waiting") WaitForPosition(client);
}

}  // namespace
}  // namespace payfold_testing

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  payfold_testing::Run(argv[1], argv[2], argv[3]);
  return 1;
}
