// What grpc.health.v1 answers. Names: each service in full
// ("payfold.v1.PayoutService"), each ledger that is open ("ledgers/main"), and
// "" for the whole.
//
// A projection serves from when it has first caught up with its log until its fold
// fails or the ledger is closed. A ledger serves while its projections do, a service
// that answers from one while that of every open ledger does, the whole while all do.

#ifndef SERVICES_HEALTH_H_
#define SERVICES_HEALTH_H_

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "grpcpp/health_check_service_interface.h"
#include "services/workspace.h"

namespace payfold {

class Health {
 public:
  // Watches the open ledgers in a thread of its own. Both must outlive it.
  Health(Workspace* workspace, grpc::HealthCheckServiceInterface* service);
  ~Health();
  Health(const Health&) = delete;
  Health& operator=(const Health&) = delete;

  // From now on nothing serves.
  void Stop();

 private:
  void Watch();
  // Says of each ledger whether it serves; gives the projections that do not, by name.
  std::set<std::string> LookAtLedgers();

  Workspace* const workspace_;
  grpc::HealthCheckServiceInterface* const service_;
  // Of those that are open: ledger and projection. The next two are the thread's alone.
  std::set<std::pair<std::string, std::string>> caught_up_;
  std::set<std::string> seen_;  // Ledgers.
  std::mutex mutex_;            // Guards stopping_.
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace payfold

#endif  // SERVICES_HEALTH_H_
