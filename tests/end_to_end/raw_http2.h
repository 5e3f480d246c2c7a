// A connection to a server, and the frames of HTTP/2 on it, written by hand: what
// no library sends.

#ifndef TESTS_END_TO_END_RAW_HTTP2_H_
#define TESTS_END_TO_END_RAW_HTTP2_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace payfold_testing {

class RawConnection {
 public:
  // To a port of 127.0.0.1; stops the test if there is nobody.
  explicit RawConnection(uint16_t port);
  // Goes without a word: the peer finds the connection reset.
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False if the peer is gone.
  bool Send(const std::string& bytes) const;
  // Reads until the first call on the connection is over, and says how:
  // "grpc-status 12", "reset 8" (an HTTP/2 error code), "goaway", "closed", or
  // "silent" if nothing comes for a minute.
  std::string AwaitEnd() const;

 private:
  int socket_;
};

// What a client of HTTP/2 says first: the preface and its settings, all defaults.
std::string Greeting();

// Flags and types of frames; RFC 9113, 6.
inline constexpr uint8_t kData = 0;
inline constexpr uint8_t kHeaders = 1;
inline constexpr uint8_t kEndStream = 1;
inline constexpr uint8_t kEndHeaders = 4;

std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload);

// The headers of a gRPC call, and `more` of them.
std::string CallHeaders(const std::string& path,
                        const std::vector<std::pair<std::string, std::string>>& more = {});

// A gRPC message as it stands in DATA: flag, length, bytes. `length` may lie.
std::string Prefixed(const std::string& message, uint8_t flag, uint32_t length);

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_RAW_HTTP2_H_
