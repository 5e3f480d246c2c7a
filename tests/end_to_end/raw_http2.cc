#include "tests/end_to_end/raw_http2.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold_testing {
namespace {

constexpr int kMinuteMillis = 60'000;
constexpr size_t kFrameHeaderBytes = 9;
constexpr uint8_t kReset = 3;
constexpr uint8_t kSettings = 4;
constexpr uint8_t kGoAway = 7;

std::string BigEndian(uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xffU);
  return out;
}

// HPACK: a literal without indexing, its name new; RFC 7541, 6.2.2.
std::string Header(const std::string& name, const std::string& value) {
  CHECK(name.size() < 127 && value.size() < 127);
  return absl::StrCat(std::string(1, '\0'), std::string(1, static_cast<char>(name.size())), name,
                      std::string(1, static_cast<char>(value.size())), value);
}

uint32_t NumberAt(const std::string& bytes, size_t at, size_t count) {
  uint32_t number = 0;
  for (size_t i = at; i < at + count; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

// A server of gRPC C++ writes the name in full where it stands first on a connection.
std::string GrpcStatusIn(const std::string& headers) {
  const std::string name = "grpc-status";
  const size_t found = headers.find(name);
  if (found == std::string::npos) return "";
  const size_t length = static_cast<unsigned char>(headers[found + name.size()]);
  return absl::StrCat(name, " ", headers.substr(found + name.size() + 1, length));
}

// Takes whole frames from the front until one ends the call; empty if none does.
std::string EndIn(std::string* received) {
  while (received->size() >= kFrameHeaderBytes) {
    const size_t size = kFrameHeaderBytes + NumberAt(*received, 0, 3);
    if (received->size() < size) return "";
    const auto type = static_cast<uint8_t>((*received)[3]);
    const std::string payload = received->substr(kFrameHeaderBytes, size - kFrameHeaderBytes);
    received->erase(0, size);
    if (type == kGoAway) return "goaway";
    if (type == kReset) return absl::StrCat("reset ", NumberAt(payload, 0, 4));
    std::string status = type == kHeaders ? GrpcStatusIn(payload) : "";
    if (!status.empty()) return status;
  }
  return "";
}

}  // namespace

RawConnection::RawConnection(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  CHECK(socket_ >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

RawConnection::~RawConnection() {
  const linger reset{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  close(socket_);
}

bool RawConnection::Send(const std::string& bytes) const {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t now = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += static_cast<size_t>(now);
  }
  return true;
}

std::string RawConnection::AwaitEnd() const {
  std::string received;
  char buffer[4096];
  pollfd waiting{socket_, POLLIN, 0};
  while (poll(&waiting, 1, kMinuteMillis) > 0) {
    const ssize_t now = recv(socket_, buffer, sizeof(buffer), 0);
    if (now <= 0) return "closed";
    received.append(buffer, static_cast<size_t>(now));
    std::string end = EndIn(&received);
    if (!end.empty()) return end;
  }
  return "silent";
}

std::string Greeting() {
  return absl::StrCat("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Frame(kSettings, 0, 0, ""));
}

std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload) {
  return absl::StrCat(BigEndian(static_cast<uint32_t>(payload.size()), 3),
                      std::string(1, static_cast<char>(type)),
                      std::string(1, static_cast<char>(flags)), BigEndian(stream, 4), payload);
}

std::string CallHeaders(const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& more) {
  std::string headers =
      absl::StrCat(Header(":method", "POST"), Header(":scheme", "http"), Header(":path", path),
                   Header(":authority", "localhost"), Header("te", "trailers"),
                   Header("content-type", "application/grpc"));
  for (const auto& [name, value] : more) headers += Header(name, value);
  return headers;
}

std::string Prefixed(const std::string& message, uint8_t flag, uint32_t length) {
  return absl::StrCat(std::string(1, static_cast<char>(flag)), BigEndian(length, 4), message);
}

}  // namespace payfold_testing
