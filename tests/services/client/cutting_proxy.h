// A way from clients to a server that is cut again and again: what was on it is
// lost.

#ifndef TESTS_SERVICES_CLIENT_CUTTING_PROXY_H_
#define TESTS_SERVICES_CLIENT_CUTTING_PROXY_H_

#include <sys/types.h>

#include <atomic>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace payfold_testing {

class CuttingProxy {
 public:
  // Leads to 127.0.0.1:`server_port`. Every connection is cut when it has passed 1
  // to `most_bytes` bytes, both ways together: the same trouble on machines of any
  // speed.
  CuttingProxy(int server_port, unsigned seed, int most_bytes);
  ~CuttingProxy();

  // Where clients connect to.
  const std::string& address() const { return address_; }
  // How many connections were cut.
  int cuts() const { return cuts_; }

 private:
  void Accept();
  void Serve(int client, ssize_t bytes);

  const int server_port_;
  std::mt19937 random_;  // Of acceptor_, as bytes_ and threads_.
  std::uniform_int_distribution<ssize_t> bytes_;
  std::vector<std::thread> threads_;
  int listening_ = -1;
  std::string address_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> cuts_ = 0;
  std::mutex mutex_;  // Guards open_.
  std::set<int> open_;
  std::thread acceptor_;
};

}  // namespace payfold_testing

#endif  // TESTS_SERVICES_CLIENT_CUTTING_PROXY_H_
