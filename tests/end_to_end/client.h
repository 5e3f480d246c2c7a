// A client of a server that runs elsewhere: over TCP, with nothing of the server's code.

#ifndef TESTS_END_TO_END_CLIENT_H_
#define TESTS_END_TO_END_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "grpcpp/grpcpp.h"
#include "payfold/v1/ledger_service.grpc.pb.h"

namespace payfold_testing {

// A channel with a connection of its own; messages of any size.
std::shared_ptr<grpc::Channel> Dial(const std::string& address);

// A context that ends in a minute: long enough for any answer, short enough for a
// test that waits in vain.
std::unique_ptr<grpc::ClientContext> Soon();

// A deal of ana's; its event id is that of the deal. With `padding` its attributes
// have about that many bytes more, at most 10,000.
payfold::v1::Event Deal(absl::string_view id, size_t padding = 0);

// Makes a ledger in US dollars; stops the test if it cannot.
void MakeLedger(const std::string& address, const std::string& ledger = "main");

// Appends the events in one batch.
grpc::Status Append(payfold::v1::LedgerService::Stub& stub,
                    const std::vector<payfold::v1::Event>& events,
                    const std::string& ledger = "main");

// Appends the deals PREFIX-1, PREFIX-2, …; stops the test if it cannot.
void Fill(const std::string& address, absl::string_view prefix, size_t count, size_t padding = 0,
          const std::string& ledger = "main");

// The position of the last event; stops the test if the server does not say.
uint64_t LastPosition(payfold::v1::LedgerService::Stub& stub, const std::string& ledger = "main");

// The reason of the ErrorInfo in a status, if it is one of domain "payfold".
std::string ReasonOf(const grpc::Status& status);
// Seconds of the RetryInfo in a status; -1: none.
int64_t RetrySecondsOf(const grpc::Status& status);

// The ids of all events in a data directory that nobody serves, in order of
// position; stops the test if the positions have a gap.
std::vector<std::string> EventIdsIn(const std::string& data, const std::string& ledger = "main");

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_CLIENT_H_
