#include "tests/services/client/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int Socket() {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(made >= 0);
  return made;
}

// Passes on what comes until either end is shut or nothing is `left` to pass, and
// then shuts both.
void Pump(int from, int to, std::atomic<ssize_t>* left) {
  char buffer[16 << 10];
  ssize_t got = 0;
  while ((got = recv(from, buffer, sizeof(buffer), 0)) > 0) {
    const ssize_t passed = std::clamp<ssize_t>(left->fetch_sub(got), 0, got);
    if (send(to, buffer, static_cast<size_t>(passed), MSG_NOSIGNAL) != got) break;
  }
  shutdown(from, SHUT_RDWR);
  shutdown(to, SHUT_RDWR);
}

}  // namespace

CuttingProxy::CuttingProxy(int server_port, unsigned seed, int most_bytes)
    : server_port_(server_port), random_(seed), bytes_(1, most_bytes), listening_(Socket()) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  CHECK(bind(listening_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  CHECK(listen(listening_, 64) == 0);
  CHECK(getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  address_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  acceptor_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  stopping_ = true;
  shutdown(listening_, SHUT_RDWR);
  acceptor_.join();
  close(listening_);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const int one : open_) shutdown(one, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void CuttingProxy::Accept() {
  while (true) {
    const int client = accept(listening_, nullptr, nullptr);
    if (stopping_) {
      if (client >= 0) close(client);
      return;
    }
    if (client < 0) continue;
    threads_.emplace_back([this, client, bytes = bytes_(random_)] { Serve(client, bytes); });
  }
}

void CuttingProxy::Serve(int client, ssize_t bytes) {
  const int server = Socket();
  const sockaddr_in address = Loopback(server_port_);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_.insert({client, server});
  }
  if (!stopping_ &&
      connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    std::atomic<ssize_t> left = bytes;
    std::thread back([&] { Pump(server, client, &left); });
    Pump(client, server, &left);
    back.join();
    if (left < 0) ++cuts_;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  open_.erase(client);
  open_.erase(server);
  close(client);
  close(server);
}

}  // namespace payfold_testing
