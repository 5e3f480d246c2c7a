// A server on a port of the loopback that goes away and comes back, with the
// ledger "main" in it.

#ifndef TESTS_SERVICES_CLIENT_REMOTE_SERVER_H_
#define TESTS_SERVICES_CLIENT_REMOTE_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/client/client.h"
#include "tests/services/service_harness.h"

namespace payfold_testing {

class RemoteServer {
 public:
  RemoteServer();

  int port() const { return port_; }
  std::string address() const;
  // A client of it, or of what stands at `address`.
  std::unique_ptr<payfold::Client> Connect(absl::Duration timeout = absl::Seconds(30)) const;
  static std::unique_ptr<payfold::Client> ConnectTo(const std::string& address,
                                                    absl::Duration timeout = absl::Seconds(30));

  // Ends what runs and lets go of the port and the ledger. Once each.
  void Stop();
  void Start();

  // The ids of all events in the log but the ledger's configuration, in order.
  // REQUIRES: it is started.
  std::vector<std::string> EventIds() const;

 private:
  ServiceHarness harness_;
  const int port_;
};

}  // namespace payfold_testing

#endif  // TESTS_SERVICES_CLIENT_REMOTE_SERVER_H_
