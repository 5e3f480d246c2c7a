// What grpc.health.v1 answers. Names: each service in full
// ("payfold.v1.PayoutService"), each ledger that is open ("ledgers/main"), and
// "" for the whole.
//
// A ledger serves from when its projection has first caught up with its log until
// its fold fails or it is closed. PayoutService and the whole serve while every
// open ledger does.

#ifndef SERVICES_HEALTH_H_
#define SERVICES_HEALTH_H_

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

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
  // Says of each ledger whether it serves; gives whether all do.
  bool LookAtLedgers();

  Workspace* const workspace_;
  grpc::HealthCheckServiceInterface* const service_;
  std::set<std::string> caught_up_;  // Of those that are open; the thread's alone.
  std::mutex mutex_;                 // Guards stopping_.
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace payfold

#endif  // SERVICES_HEALTH_H_
